"""wsgi.file_wrapper with real files, and files that change while they are sent."""

import os
from urllib.parse import quote

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
[[site.route]]
path = "/timed/"
server_timing = true
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


# ---- what the client asks of a whole file -----------------------------------------------------------------------

FILE = "/?name=file"


def named(*fields):
    """The target of an answer with these fields of the application's own."""
    return FILE + "".join("&field=" + quote(field) for field in fields)


def test_a_whole_file_is_offered_in_ranges_with_its_own_tag_and_date(wraps):
    answer = wraps.get(FILE)

    assert (answer.status, answer.body) == (200, CONTENTS)
    assert answer.field("accept-ranges") == "bytes"
    assert answer.field("etag").startswith('"')
    assert answer.field("last-modified").endswith("GMT")
    assert answer.field("x-of-app") == "kept"


@pytest.mark.parametrize(("wanted", "start", "end"), [
    ("bytes=0-9", 0, 10), ("bytes=1000-", 1000, 1024), ("bytes=-24", 1000, 1024), ("bytes=0-99999", 0, 1024)])
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_range_of_it_is_sent(wraps, wanted, start, end, version):
    with wraps.connect() as client:
        client.send(request_bytes("GET", FILE, [("Range", wanted), ("Connection", "keep-alive")], version=version))
        answer = client.read_answer()
        assert client.request("GET", FILE).body == CONTENTS

    assert (answer.status, answer.body) == (206, CONTENTS[start:end])
    assert answer.field("content-range") == f"bytes {start}-{end - 1}/1024"
    assert answer.field("content-length") == str(end - start)
    assert (answer.field("content-type"), answer.field("x-of-app")) == ("application/octet-stream", "kept")


def test_several_ranges_come_in_parts_that_have_the_applications_type(wraps):
    answer = wraps.get(FILE + "&type=video/mp4", [("Range", "bytes=0-1,1022-")])

    kind, boundary = answer.field("content-type").split("; boundary=")
    assert (answer.status, kind) == (206, "multipart/byteranges")
    assert answer.body.count(b"Content-Type: video/mp4") == 2
    assert answer.body.count(boundary.encode()) == 3
    assert b"Content-Range: bytes 1022-1023/1024\r\n\r\n" + CONTENTS[-2:] in answer.body


@pytest.mark.parametrize("fields", [[], ["Content-Type: "]])
def test_parts_of_a_file_without_a_type_can_be_told_apart_too(wraps, fields):
    target = FILE + "&type=" + "".join("&field=" + quote(field) for field in fields)
    answer = wraps.get(target, [("Range", "bytes=0-1,4-5")])

    assert answer.field("content-type").startswith("multipart/byteranges; boundary=")
    assert b"Content-Type" not in answer.body


@pytest.mark.parametrize("kind", ["TemporaryFile", "NamedTemporaryFile"])
def test_a_file_that_was_made_for_one_answer_has_no_parts(wraps, kind):
    answer = wraps.get(f"{FILE}&temporary={kind}", [("Range", "bytes=0-9")])

    assert (answer.status, answer.body) == (200, CONTENTS)
    assert [answer.field(name) for name in ("accept-ranges", "etag", "last-modified")] == [None, None, None]


def test_what_the_kernel_makes_up_as_it_is_read_arrives_whole(wraps):
    answer = wraps.get("/?name=/proc/self/status")

    assert answer.status == 200
    assert "Threads:" in answer.text


def test_a_range_beyond_the_end_is_refused(wraps):
    answer = wraps.get(FILE, [("Range", "bytes=1024-")])

    assert (answer.status, answer.field("content-range")) == (416, "bytes */1024")


def test_a_pages_script_may_see_a_refusal_too(wraps):
    answer = wraps.get(named("Access-Control-Allow-Origin: *"), [("Range", "bytes=1024-")])

    assert (answer.status, answer.field("access-control-allow-origin"), answer.field("x-of-app")) == (416, "*", None)


def test_who_has_it_already_is_told_so(wraps):
    with wraps.connect() as client:
        whole = client.request("GET", FILE)
        by_tag = client.request("GET", FILE, [("If-None-Match", whole.field("etag"))])
        by_date = client.request("GET", FILE, [("If-Modified-Since", whole.field("last-modified"))])
        of_another = client.request("GET", FILE, [("If-None-Match", '"another"')])

    for answer in (by_tag, by_date):
        assert (answer.status, answer.body, answer.field("x-of-app")) == (304, b"", "kept")
        assert answer.field("etag") == whole.field("etag")
        assert answer.field("content-type") is None
    assert of_another.body == CONTENTS


def test_a_download_goes_on_only_if_the_file_is_the_same(wraps):
    with wraps.connect() as client:
        tag = client.request("GET", FILE).field("etag")
        same = client.request("GET", FILE, [("Range", "bytes=1000-"), ("If-Range", tag)])
        another = client.request("GET", FILE, [("Range", "bytes=1000-"), ("If-Range", '"another"')])
        failed = client.request("GET", FILE, [("If-Match", '"another"')])

    assert (same.status, same.body) == (206, CONTENTS[1000:])
    assert (another.status, another.body) == (200, CONTENTS)
    assert failed.status == 412


def test_head_tells_of_ranges_tag_and_date_too(wraps):
    with wraps.connect() as client:
        got = client.request("GET", FILE)
        told = client.request("HEAD", FILE)
        kept = client.request("HEAD", FILE, [("If-None-Match", got.field("etag"))])

    for name in ("content-length", "content-type", "accept-ranges", "etag", "last-modified", "x-of-app"):
        assert told.field(name) == got.field(name)
    assert kept.status == 304


def test_the_applications_own_tag_and_date_are_those_that_count(wraps):
    date = "Sun, 06 Nov 1994 08:49:37 GMT"
    target = named('ETag: "of-app"', f"Last-Modified: {date}")
    with wraps.connect() as client:
        whole = client.request("GET", target)
        by_tag = client.request("GET", target, [("If-None-Match", '"of-app"')])
        by_date = client.request("GET", target, [("If-Modified-Since", date)])
        earlier = client.request("GET", target, [("If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT")])
        part = client.request("GET", target, [("Range", "bytes=0-0"), ("If-Range", '"of-app"')])

    assert (whole.field("etag"), whole.field("last-modified")) == ('"of-app"', date)
    assert (by_tag.status, by_date.status, earlier.status, part.status) == (304, 304, 200, 206)


def test_an_applications_date_is_looked_at_and_gets_no_tag_beside_it(wraps):
    target = named("Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT")
    same = [("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")]

    assert wraps.get(target).field("etag") is None
    assert wraps.get(target, same).status == 304


def test_the_times_of_a_file_are_told_too(wraps):
    assert "app;dur=" in wraps.get("/timed/?name=file").field("server-timing")


@pytest.mark.parametrize("field", [
    "Accept-Ranges: none", "Accept-Ranges: bytes", "Content-Encoding: x-own", "Content-Digest: sha-256=:abc=:", 'ETag: W/"weak"'])
def test_an_application_that_speaks_of_parts_itself_decides_itself(wraps, field):
    answer = wraps.get(named(field), [("Range", "bytes=0-9"), ("If-None-Match", '"weak"')])

    name, value = field.split(": ")
    assert (answer.status, answer.body, answer.field(name)) == (200, CONTENTS, value)


def test_a_part_that_the_application_chose_is_sent_as_it_is(wraps):
    with wraps.connect() as client:
        part = client.request(
            "GET", "/?name=file&read=10&length=5&status=206+Partial+Content&range=bytes+10-14/1024", [("Range", "bytes=10-14")])
        rest = client.request("GET", "/?name=file&read=1000", [("Range", "bytes=0-1")])
        short = client.request("GET", "/?name=file&length=10", [("Range", "bytes=0-1")])
        posted = client.request("POST", FILE, [("Range", "bytes=0-1")])

    assert (part.status, part.body, part.field("content-range")) == (206, CONTENTS[10:15], "bytes 10-14/1024")
    assert (rest.status, rest.body, rest.field("accept-ranges")) == (200, CONTENTS[1000:], None)
    assert (short.status, short.body) == (200, CONTENTS[:10])
    assert (posted.status, posted.body) == (200, CONTENTS)


def test_a_range_of_a_large_file_costs_no_more_than_the_range(wraps):
    file = wraps.directory / "film"
    with open(file, "wb") as film:
        film.seek(LARGE - 4)
        film.write(b"end.")

    answer = wraps.get("/?name=film", [("Range", "bytes=-4")])

    assert (answer.status, answer.body) == (206, b"end.")
    assert wraps.wait_for_access_log('film.* 206 4 ')
    file.unlink()


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
