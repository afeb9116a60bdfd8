"""How answers are framed whatever an application gives: the next request on a connection is always in step."""

import pytest
from apps.frames import BAD_HEADS, BODIES, STATUSES
from support.raw_client import BadAnswer, request_bytes

pytestmark = pytest.mark.front

BODY = b"whole body"
SITE = '[app.main]\nwsgi = "frames:app"\ndirectory = "{apps}"\nworkers = 1\n'


@pytest.fixture(scope="module")
def frames(serve_for_module):
    bundle = serve_for_module(SITE)
    bundle.expect_log(r"application (error|mistake)|cannot be sent")  # its purpose; each test looks for its own
    return bundle


def ask_and_go_on(bundle, method, target, **options):
    """The answer; and behind it, on the same connection, one that must be in step."""
    with bundle.connect() as client:
        client.send(request_bytes(method, target, **options) + request_bytes("GET", "/length/list"))
        answer = client.read_answer(method)
        assert client.read_answer().body == BODY
    return answer


@pytest.mark.parametrize("name", BAD_HEADS)
def test_a_head_that_is_none_is_a_500_and_never_sent(frames, name):
    answer = ask_and_go_on(frames, "GET", f"/bad/{name}")

    assert answer.status == 500
    assert answer.interim == ()
    assert b"never sent" not in answer.body
    assert not {field for field, _ in answer.fields} & {"x-forged", "x-a", "upgrade", "transfer-encoding", "connection"}
    number = frames.log.wait_for_line(lambda line: f"request_id={answer.field('x-request-id')}" in line, 10)[0]
    frames.wait_for_log(BAD_HEADS[name][2], begin=number)


@pytest.mark.parametrize("body", BODIES)
def test_a_body_without_a_length_is_framed_for_http_1_1(frames, body):
    answer = ask_and_go_on(frames, "GET", f"/length/{body}")

    assert answer.body == BODY
    assert (answer.field("content-length") is None) == (answer.field("transfer-encoding") == "chunked")


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("keep_alive", [True, False])
def test_a_body_without_a_length_is_never_chunked_for_http_1_0(frames, body, keep_alive):
    with frames.connect() as client:
        answer = client.request("GET", f"/length/{body}", [("Connection", "keep-alive")] * keep_alive, version="1.0")

        assert answer.body == BODY
        assert answer.field("transfer-encoding") is None
        stays = keep_alive and answer.field("content-length") == str(len(BODY))
        assert answer.field("connection") == ("keep-alive" if stays else "close")
        assert stays or client.is_closed()


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("length", ["", "/10", "/12", "/4"])
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_head_never_has_a_body_whatever_its_length_says(frames, body, length, version):
    with frames.connect() as client:
        client.send(request_bytes("HEAD", f"/length/{body}{length}", [("Connection", "keep-alive")], version=version))
        answer = client.read_answer("HEAD")

        assert answer.status == 200
        if length:
            assert answer.field("content-length") == length[1:]
        assert client.request("GET", "/length/list").body == BODY


@pytest.mark.parametrize("name", ["no-content", "not-modified"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_an_answer_that_can_have_no_body_has_none(frames, name, method):
    answer = ask_and_go_on(frames, method, f"/status/{name}")

    assert answer.status == int(STATUSES[name][:3])
    assert answer.field("transfer-encoding") is None
    assert answer.field("content-length") is None


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_length_of_a_body_that_cannot_be_stands_only_where_it_may(frames, method):
    assert ask_and_go_on(frames, method, "/status/no-content?10").field("content-length") is None  # RFC 9110 8.6
    assert ask_and_go_on(frames, method, "/status/not-modified?10").field("content-length") == "10"


@pytest.mark.parametrize("name", ["no-reason", "unregistered", "latin-1"])
def test_a_status_line_of_the_applications_own_is_sent(frames, name):
    with frames.connect() as client:
        client.send(request_bytes("GET", f"/status/{name}", [("Connection", "close")]))
        status_line, _, rest = client.read_to_end().partition(b"\r\n")

    assert status_line == b"HTTP/1.1 " + STATUSES[name].encode("latin-1")
    assert rest.startswith(b"X-Value: caf\xe9\r\n")


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_body_that_falls_short_is_aborted_and_logged(frames, body, version):
    begin = len(frames.log.lines())
    with frames.connect() as client:
        client.send(request_bytes("GET", f"/length/{body}/12", version=version))
        with pytest.raises((BadAnswer, ConnectionResetError)):
            client.read_answer()

    frames.wait_for_log("a body of 10 bytes where Content-Length says 12", begin=begin)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("length", [0, 4, 9])
def test_a_body_that_is_too_long_is_cut_and_logged(frames, body, length):
    begin = len(frames.log.lines())

    answer = ask_and_go_on(frames, "GET", f"/length/{body}/{length}")

    assert answer.body == BODY[:length]
    frames.wait_for_log(f"a body longer than its Content-Length of {length}", begin=begin)
