"""wsgi.file_wrapper with real files, and files that change while they are sent."""

import os

import pytest
from support.raw_client import BadAnswer, request_bytes

pytestmark = pytest.mark.front

CONTENTS = bytes(range(256)) * 4
LARGE = 32 << 20  # more than the sockets between take

SITE = """
[app.main]
wsgi = "wraps_files:app"
directory = "{apps}"
workers = 1
env = { TEST_DIRECTORY = "{directory}" }
[[site]]
app = "main"
[[site.route]]
path = "/static/"
directory = "."
"""


@pytest.fixture(scope="module")
def wraps(serve_for_module):
    return serve_for_module(SITE, prepare=lambda home: (home / "file").write_bytes(CONTENTS))


@pytest.mark.parametrize("read", [0, 1, 1000, 1023])
def test_what_was_read_before_is_not_sent(wraps, read):
    answer = wraps.get(f"/?name=file&read={read}")

    assert answer.body == CONTENTS[read:]
    assert answer.field("content-length") == str(len(CONTENTS) - read)


def test_a_file_that_was_read_to_its_end_is_an_empty_body(wraps):
    answer = wraps.get("/?name=file&read=9999")

    assert (answer.body, answer.field("content-length")) == (b"", "0")


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize("read", [0, 100])
def test_a_shorter_content_length_sends_a_part(wraps, read, version):
    with wraps.connect() as client:
        client.send(request_bytes("GET", f"/?name=file&read={read}&length=10", [("Connection", "keep-alive")],
                                  version=version))
        assert client.read_answer().body == CONTENTS[read:read + 10]
        assert client.request("GET", "/?name=file").body == CONTENTS


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_longer_content_length_is_an_aborted_answer(wraps, version):
    begin = len(wraps.log.lines())
    with wraps.connect() as client:
        client.send(request_bytes("GET", "/?name=file&length=2000", version=version))
        with pytest.raises((BadAnswer, ConnectionResetError)):
            client.read_answer()

    wraps.wait_for_log("a body of 1024 bytes where Content-Length says 2000", begin=begin)
    wraps.expect_log("a body of 1024 bytes")


@pytest.mark.parametrize(("more", "length"), [("", 1024), ("&read=1000", 24), ("&length=10", 10), ("&length=2000", 2000)])
def test_head_tells_the_length_and_sends_no_file(wraps, more, length):
    with wraps.connect() as client:
        answer = client.request("HEAD", f"/?name=file{more}")
        assert client.request("GET", "/?name=file").body == CONTENTS

    assert answer.field("content-length") == str(length)


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_that_can_have_no_body_sends_no_file(wraps, status):
    with wraps.connect() as client:
        assert client.request("GET", f"/?name=file&status={status.replace(' ', '+')}").status == int(status[:3])
        assert client.request("GET", "/?name=file").body == CONTENTS


def test_a_range_is_the_applications_to_serve(wraps):
    with wraps.connect() as client:
        whole = client.request("GET", "/?name=file", [("Range", "bytes=0-9")])
        part = client.request(
            "GET", "/?name=file&read=10&length=5&status=206+Partial+Content&range=bytes+10-14/1024", [("Range", "bytes=10-14")])

    assert (whole.status, whole.body) == (200, CONTENTS)
    assert (part.status, part.body, part.field("content-range")) == (206, CONTENTS[10:15], "bytes 10-14/1024")


# A file that was cut short may not leave its client waiting, or with what looks like the whole.
@pytest.mark.parametrize("target", ["/?name={name}", "/static/{name}"], ids=["file_wrapper", "static"])
@pytest.mark.parametrize("left", [0, LARGE // 2 + 1], ids=["emptied", "halved"])
def test_a_file_that_shrinks_while_it_is_sent_is_an_aborted_answer(wraps, target, left):
    file = wraps.directory / f"large-{left}-{'static' in target}"
    with open(file, "wb") as large:
        large.truncate(LARGE)
    begin = len(wraps.log.lines())
    where = target.format(name=file.name)
    with wraps.connect(receive_buffer=4096) as client:
        client.send(request_bytes("GET", where))
        assert client.read_head().field("content-length") == str(LARGE)
        os.truncate(file, left)
        with pytest.raises((BadAnswer, ConnectionResetError)):
            client.read_exactly(LARGE)

    wraps.wait_for_log("answer aborted reason=.*file", begin=begin)
    assert wraps.get("/?name=file").body == CONTENTS
    file.unlink()


@pytest.mark.parametrize("target", ["/?name={name}", "/static/{name}"], ids=["file_wrapper", "static"])
def test_a_file_that_is_replaced_or_removed_while_it_is_sent_arrives_as_it_was(wraps, target):
    file = wraps.directory / f"replaced-{'static' in target}"
    contents = os.urandom(1 << 20) * 16
    file.write_bytes(contents)
    with wraps.connect(receive_buffer=65536) as client:
        client.send(request_bytes("GET", target.format(name=file.name)))
        client.read_head()
        file.unlink()
        file.write_bytes(b"another")

        assert client.read_exactly(len(contents)) == contents
    file.unlink()


def test_the_log_tells_what_was_sent_of_a_file_that_its_client_did_not_want(wraps):
    file = wraps.directory / "unwanted"
    with open(file, "wb") as large:
        large.truncate(LARGE)
    with wraps.connect(receive_buffer=4096) as client:
        client.send(request_bytes("GET", "/static/unwanted"))
        client.read_head()
        client.reset()

    line = wraps.wait_for_access_log("/static/unwanted")
    assert int(line.split('" 200 ')[1].split()[0]) < LARGE
