"""gzip of an application's answers: whose, when, and that a stream stays a stream."""

import gzip
import urllib.parse
import zlib

import pytest
from support.gate import Gate
from support.raw_client import BadAnswer, request_bytes

pytestmark = pytest.mark.front

LINE = b"All work and no play makes Jack a dull boy.\n"

SITE = """
[app.main]
wsgi = "texts:app"
directory = "{apps}"
workers = 1
env = { TEST_DIRECTORY = "{directory}" }
[[site]]
app = "main"
[[site.route]]
path = "/off/"
gzip = false
[[site.route]]
path = "/other/"
gzip_types = ["application/x-own", "text/event-stream"]
gzip_min_size = 10
gzip_level = 9
"""


def text(size):
    return (LINE * (size // len(LINE) + 1))[:size]


@pytest.fixture(scope="module")
def texts(serve_for_module):
    return serve_for_module(SITE, prepare=lambda home: (home / "file.txt").write_bytes(text(50_000)))


def ask(texts, query="", *fields, path="/", method="GET", version="1.1", accepted="gzip"):
    with texts.connect() as client:
        more = [("Accept-Encoding", accepted)] if accepted is not None else []
        client.send(request_bytes(method, f"{path}?{query}", [*more, *fields, ("Connection", "close")], version=version))
        return client.read_answer(method)


@pytest.mark.parametrize("query", [
    "type=text/html", "type=text/html;charset=utf-8", "type=application/json", "type=image/svg%2Bxml",
    "type=text/plain&pieces=3", "type=text/plain&size=2000000", "type=text/plain&pieces=40&size=70000",
    "type=text/html&status=404+Not+Found", "type=TEXT/HTML", "type=text/plain&announced=5000", "type=text/plain&size=1024",
])
def test_text_is_compressed_for_a_client_that_takes_it(texts, query):
    plain, answer = ask(texts, query, accepted=None), ask(texts, query)

    assert gzip.decompress(answer.body) == plain.body
    assert answer.status == plain.status
    assert (answer.field("content-encoding"), plain.field("content-encoding")) == ("gzip", None)
    assert (answer.field("vary"), plain.field("vary")) == ("Accept-Encoding", "Accept-Encoding")
    assert answer.field("content-length") is None
    assert len(answer.body) < len(plain.body)


@pytest.mark.parametrize("query", [
    "type=image/png", "type=application/octet-stream", "", "type=text/plain&size=1000", "type=text/event-stream",
    "type=text/plain&field=Content-Encoding:br", "type=text/plain&field=Cache-Control:no-transform",
    "type=text/plain&field=Cache-Control:public,+No-Transform", "type=text/plain&status=206+Partial+Content",
    "type=text/plain&field=Content-Range:bytes+0-4999/9999",
])
def test_what_is_dense_or_small_or_must_stay_as_it_is_is_not_compressed(texts, query):
    plain, answer = ask(texts, query, accepted=None), ask(texts, query)

    assert answer.body == plain.body
    assert answer.field("content-encoding") == plain.field("content-encoding")


@pytest.mark.parametrize("accepted", ["", "compress", "gzip;q=0", "identity", "*;q=0", "gzip;q=0.1, identity;q=0.9", "deflate"])
def test_a_client_that_does_not_take_it_gets_the_text_as_it_is(texts, accepted):
    answer = ask(texts, "type=text/plain", accepted=accepted)

    assert (answer.body, answer.field("content-encoding"), answer.field("vary")) == (text(5000), None, "Accept-Encoding")


@pytest.mark.parametrize("tag", ['"abc"', 'W/"abc"'])
def test_a_tag_becomes_weak(texts, tag):
    query = "type=text/plain&field=ETag:" + urllib.parse.quote(tag)

    assert ask(texts, query).field("etag") == 'W/"abc"'
    assert ask(texts, query, accepted=None).field("etag") == tag


@pytest.mark.parametrize("vary, expected", [
    ("Cookie", ["Cookie", "Accept-Encoding"]), ("Accept-Encoding", ["Accept-Encoding"]), ("*", ["*"]),
    ("Cookie,+accept-encoding", ["Cookie, accept-encoding"]),
])
def test_vary_is_added_to_what_the_application_says(texts, vary, expected):
    answer = ask(texts, f"type=text/plain&field=Vary:{vary}")

    assert [value for name, value in answer.fields if name == "vary"] == expected


def test_head_has_the_fields_of_a_get(texts):
    get, head = (ask(texts, "type=text/plain&announced=5000", method=method) for method in ("GET", "HEAD"))

    def lasting(answer):
        return [field for field in answer.fields if field[0] not in ("date", "x-request-id", "transfer-encoding")]

    assert (head.body, lasting(head)) == (b"", lasting(get))


def test_a_client_of_http_1_0_gets_the_text_as_it_is(texts):
    answer = ask(texts, "type=text/plain", version="1.0")

    assert (answer.body, answer.field("content-encoding")) == (text(5000), None)


def test_a_post_is_answered_compressed_too(texts):
    assert gzip.decompress(ask(texts, "type=text/plain", method="POST").body) == text(5000)


def test_a_route_may_switch_it_off(texts):
    answer = ask(texts, "type=text/plain", path="/off/")

    assert (answer.body, answer.field("vary")) == (text(5000), None)


def test_types_and_sizes_are_the_routes(texts):
    assert gzip.decompress(ask(texts, "type=application/x-own&size=10", path="/other/").body) == text(10)
    assert ask(texts, "type=text/plain", path="/other/").body == text(5000)


def test_a_file_of_file_wrapper_is_sent_as_it_is(texts):
    answer = ask(texts, "type=text/plain&file=file.txt")

    assert (answer.body, answer.field("content-encoding"), answer.field("vary")) == (text(50_000), None, "Accept-Encoding")
    assert answer.field("content-length") == "50000"


def test_a_file_behind_what_was_written_first_is_compressed_with_it(texts):
    answer = ask(texts, "type=text/plain&file=file.txt&write=1&size=100")

    assert gzip.decompress(answer.body) == text(100) + text(50_000)


@pytest.mark.parametrize("path, kind", [("/", "text/plain"), ("/other/", "text/event-stream")])
def test_a_stream_stays_a_stream(serve, path, kind):
    bundle = serve(SITE)
    with Gate(bundle.directory) as gate, bundle.connect() as client:
        client.send(request_bytes("GET", f"{path}?type={kind}&gate=1&size=30", [("Accept-Encoding", "gzip")]))
        gate.wait_until_reached()
        assert client.read_head().field("content-encoding") == "gzip"
        inflate = zlib.decompressobj(31)
        first = b""
        while len(first) < 30:
            first += inflate.decompress(client.read_chunk())
        assert first == text(30)
        gate.let_through()
        rest = b""
        while chunk := client.read_chunk():
            rest += inflate.decompress(chunk)
        assert rest + inflate.flush() == text(30)
        assert inflate.eof


@pytest.mark.parametrize("more", ["", "&pieces=1"])
def test_less_than_was_announced_is_an_aborted_answer(texts, more):
    texts.expect_log("a body of 5000 bytes where Content-Length says 9000")
    with pytest.raises((BadAnswer, ConnectionResetError)):
        ask(texts, f"type=text/plain&size=5000&announced=9000{more}")


def test_more_than_was_announced_is_cut(texts):
    texts.expect_log("a body longer than its Content-Length of 4000")

    assert gzip.decompress(ask(texts, "type=text/plain&pieces=2&size=3000&announced=4000").body) == text(3000) + text(1000)


def test_a_connection_goes_on_behind_a_compressed_answer(texts):
    with texts.connect() as client:
        for _ in range(3):
            answer = client.request("GET", "/?type=text/plain", [("Accept-Encoding", "gzip")])
            assert gzip.decompress(answer.body) == text(5000)
            assert client.request("GET", "/?type=image/png").body == text(5000)
