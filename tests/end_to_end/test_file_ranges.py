"""Parts of files, and conditions on them: what resumes a download, seeks in a video, asks for less than the whole."""

import re
import shutil
import subprocess

import pytest
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

SMALL = bytes(range(256)) * 4
LARGE = bytes(range(251)) * 8000  # about 2 MB: sent from its descriptor

SITE = """
[[site]]
app = "off"
[[site.route]]
path = "/files/"
directory = "files"
"""


def write_files(home):
    (home / "files").mkdir()
    (home / "files" / "small.bin").write_bytes(SMALL)
    (home / "files" / "large.bin").write_bytes(LARGE)
    (home / "files" / "empty.txt").write_bytes(b"")


@pytest.fixture(scope="module")
def files(serve_for_module):
    return serve_for_module(SITE, prepare=write_files)


def ask(files, name, *fields, method="GET", version="1.1"):
    with files.connect() as client:
        client.send(request_bytes(method, f"/files/{name}", [*fields, ("Connection", "close")], version=version))
        return client.read_answer(method)


def parts_of(answer):
    """[(Content-Range, body)] of multipart/byteranges, read as strictly as RFC 2046 writes it."""
    boundary = re.fullmatch(r"multipart/byteranges; boundary=([0-9a-f]{32})", answer.field("content-type"))[1].encode()
    pieces = answer.body.split(b"\r\n--" + boundary)
    assert pieces[0] == b""
    assert pieces[-1] == b"--\r\n"
    parts = []
    for piece in pieces[1:-1]:
        head, _, body = piece.partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        assert fields[b"Content-Type"]
        parts.append((fields[b"Content-Range"].decode(), body))
    return parts


@pytest.mark.parametrize("name, contents", [("small.bin", SMALL), ("large.bin", LARGE)])
@pytest.mark.parametrize("first, last", [(0, 0), (0, 99), (5, 1000), (1023, 1023)])
def test_a_range_is_answered_with_its_bytes_and_says_which(files, name, contents, first, last):
    answer = ask(files, name, ("Range", f"bytes={first}-{last}"))

    assert (answer.status, answer.body) == (206, contents[first:last + 1])
    assert answer.field("content-range") == f"bytes {first}-{last}/{len(contents)}"


@pytest.mark.parametrize("length", [1, 100, len(SMALL), len(SMALL) * 2])
def test_a_suffix_range_is_the_end_of_the_file(files, length):
    answer = ask(files, "small.bin", ("Range", f"bytes=-{length}"))

    assert (answer.status, answer.body) == (206, SMALL[-length:])


@pytest.mark.parametrize("name, contents", [("small.bin", SMALL), ("large.bin", LARGE)])
def test_several_ranges_come_in_one_body_in_the_order_asked_for(files, name, contents):
    answer = ask(files, name, ("Range", "bytes=500-509, 0-0, -3"))

    size = len(contents)
    assert answer.status == 206
    assert answer.field("content-range") is None
    assert parts_of(answer) == [
        (f"bytes 500-509/{size}", contents[500:510]), (f"bytes 0-0/{size}", contents[:1]),
        (f"bytes {size - 3}-{size - 1}/{size}", contents[-3:])]


def test_large_parts_of_a_large_file_arrive_whole(files):
    size = len(LARGE)
    answer = ask(files, "large.bin", ("Range", "bytes=0-899999,1000000-"))

    assert parts_of(answer) == [
        (f"bytes 0-899999/{size}", LARGE[:900000]), (f"bytes 1000000-{size - 1}/{size}", LARGE[1000000:])]


@pytest.mark.parametrize("ranges, expected", [
    ("0-99,50-149", (0, 149)), ("100-199,0-99", (0, 199)), ("0-0,1-1,2-2", (0, 2)), ("0-,0-,0-,0-", (0, 1023)),
])
def test_ranges_that_overlap_or_touch_become_one(files, ranges, expected):
    answer = ask(files, "small.bin", ("Range", f"bytes={ranges}"))

    first, last = expected
    assert (answer.status, answer.body) == (206, SMALL[first:last + 1])
    assert answer.field("content-range") == f"bytes {first}-{last}/1024"


def test_sixteen_ranges_are_answered_and_seventeen_with_the_whole_file(files):
    ranges = [f"{at}-{at}" for at in range(0, 34, 2)]
    some = ask(files, "small.bin", ("Range", "bytes=" + ",".join(ranges[:16])))
    many = ask(files, "small.bin", ("Range", "bytes=" + ",".join(ranges)))

    assert len(parts_of(some)) == 16
    assert (many.status, many.body) == (200, SMALL)


@pytest.mark.parametrize("ranges", ["1024-", "5000-6000", "-0", "1024-,2000-2001,-0"])
def test_what_lies_beyond_the_end_is_416_and_says_the_length(files, ranges):
    answer = ask(files, "small.bin", ("Range", f"bytes={ranges}"))

    assert answer.status == 416
    assert answer.field("content-range") == "bytes */1024"


def test_of_several_ranges_those_beyond_the_end_are_left_out(files):
    answer = ask(files, "small.bin", ("Range", "bytes=5000-,10-19"))

    assert (answer.status, answer.body) == (206, SMALL[10:20])


@pytest.mark.parametrize("value", ["bytes=9-5", "bytes=a-b", "lines=0-1", "bytes=", "bytes=0-1,x", "bytes=1 - 2"])
def test_what_is_no_range_is_answered_with_the_whole_file(files, value):
    answer = ask(files, "small.bin", ("Range", value))

    assert (answer.status, answer.body) == (200, SMALL)


def test_a_range_of_an_empty_file_is_answered_with_nothing(files):
    assert ask(files, "empty.txt", ("Range", "bytes=0-")).status == 200


def test_head_has_the_fields_of_a_get_without_ranges(files):
    get = ask(files, "small.bin")
    head = ask(files, "small.bin", ("Range", "bytes=0-9"), method="HEAD")

    def lasting(answer):
        return [field for field in answer.fields if field[0] not in ("date", "x-request-id")]

    assert (head.status, head.body, lasting(head)) == (200, b"", lasting(get))


def test_an_http_1_0_client_gets_its_range_too(files):
    answer = ask(files, "small.bin", ("Range", "bytes=10-19"), version="1.0")

    assert (answer.status, answer.body) == (206, SMALL[10:20])


@pytest.mark.parametrize("field", ["etag", "last-modified"])
def test_if_range_of_the_file_as_it_is_gives_the_part(files, field):
    state = ask(files, "small.bin").field(field)
    answer = ask(files, "small.bin", ("Range", "bytes=10-19"), ("If-Range", state))

    assert (answer.status, answer.body) == (206, SMALL[10:20])


@pytest.mark.parametrize("state", ['"another"', "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "nonsense"])
def test_if_range_of_another_state_gives_the_whole_file(files, state):
    answer = ask(files, "small.bin", ("Range", "bytes=10-19"), ("If-Range", state))

    assert (answer.status, answer.body) == (200, SMALL)


def test_a_weak_tag_is_not_good_enough_for_if_range(files):
    tag = ask(files, "small.bin").field("etag")

    assert ask(files, "small.bin", ("Range", "bytes=10-19"), ("If-Range", "W/" + tag)).status == 200


@pytest.mark.parametrize("name, value, status", [
    ("If-Match", '"another"', 412), ("If-Match", "*", 200),
    ("If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT", 412),
    ("If-Unmodified-Since", "Fri, 01 Jan 2100 00:00:00 GMT", 200), ("If-Unmodified-Since", "nonsense", 200),
    ("If-None-Match", "*", 304), ("If-None-Match", '"a", "b"', 200),
    ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT", 200), ("If-Modified-Since", "nonsense", 200),
])
def test_a_condition_decides_before_the_file_is_sent(files, name, value, status):
    assert ask(files, "small.bin", (name, value)).status == status


def test_a_list_of_tags_matches_the_one_that_is_the_files(files):
    tag = ask(files, "small.bin").field("etag")

    assert ask(files, "small.bin", ("If-None-Match", f'"a", W/{tag}')).status == 304
    assert ask(files, "small.bin", ("If-Match", f'"a", {tag}')).status == 200


def test_a_tag_comes_before_a_date(files):
    answer = ask(files, "small.bin", ("If-None-Match", '"another"'),
                 ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"))

    assert answer.status == 200


def test_options_of_a_file_says_what_it_may_be_asked_with(files):
    answer = ask(files, "small.bin", method="OPTIONS")

    assert (answer.status, answer.field("allow")) == (204, "GET, HEAD, OPTIONS")
    assert ask(files, "none.bin", method="OPTIONS").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "MKCOL"])
def test_other_methods_of_a_file_are_405_and_say_what_is_allowed(files, method):
    answer = ask(files, "small.bin", method=method)

    assert (answer.status, answer.field("allow")) == (405, "GET, HEAD, OPTIONS")


def url(files, name):
    host, port = files.address
    return f"http://{host}:{port}/files/{name}"


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl")
def test_curl_goes_on_where_it_left_off(files, directory):
    (directory / "large.bin").write_bytes(LARGE[:700_000])
    subprocess.run(["curl", "-sS", "-C", "-", "-o", directory / "large.bin", url(files, "large.bin")], check=True, timeout=60)

    assert (directory / "large.bin").read_bytes() == LARGE


@pytest.mark.skipif(not shutil.which("wget"), reason="no wget")
def test_wget_goes_on_where_it_left_off_and_leaves_alone_what_is_whole(files, directory):
    (directory / "large.bin").write_bytes(LARGE[:700_000])
    for _ in range(2):
        subprocess.run(["wget", "-nv", "-c", "-P", directory, url(files, "large.bin")], check=True, timeout=60,
                       capture_output=True)

    assert (directory / "large.bin").read_bytes() == LARGE
