"""HTTP/1.1 and 1.0 on the wire: connections, framing, refusals."""

import hashlib
import json
import socket

import pytest
from support.raw_client import RawClient, chunked, request_bytes

pytestmark = pytest.mark.front


@pytest.fixture
def echo(serve_app):
    return serve_app("echo:app")


def test_two_requests_use_one_connection(echo):
    with echo.connect() as client:
        first = client.request("GET", "/one")
        second = client.request("GET", "/two")

    assert first.json["environ"]["PATH_INFO"] == "/one"
    assert second.json["environ"]["PATH_INFO"] == "/two"


def test_pipelined_requests_are_answered_in_their_order(echo):
    with echo.connect() as client:
        client.send(b"".join(request_bytes("GET", f"/{number}") for number in range(20)))
        answers = [client.read_answer() for _ in range(20)]

    assert [answer.json["environ"]["PATH_INFO"] for answer in answers] == [f"/{number}" for number in range(20)]


def test_pipelined_requests_are_answered_after_the_client_has_ended_its_side(echo):
    with echo.connect() as client:
        client.send(b"".join(request_bytes("GET", f"/{number}") for number in range(3)))
        client.socket.shutdown(socket.SHUT_WR)
        answers = [client.read_answer() for _ in range(3)]
        assert client.is_closed()

    assert [answer.json["environ"]["PATH_INFO"] for answer in answers] == ["/0", "/1", "/2"]


def test_a_blank_line_after_a_request_is_none(echo):
    with echo.connect() as client:
        client.send(request_bytes("POST", "/", body=b"x") + b"\r\n")
        client.read_answer()
        client.send(request_bytes("GET", "/next"))
        assert client.read_answer().json["environ"]["PATH_INFO"] == "/next"
        client.send(b"\r\n")
    echo.get("/last")

    echo.wait_for_access_log("/last")
    assert not [line for line in echo.output.lines() if '" 499 ' in line]


def test_a_request_may_arrive_byte_by_byte(echo):
    with echo.connect() as client:
        client.send_byte_by_byte(request_bytes("POST", "/slow", body=b"drip"))
        answer = client.read_answer()

    assert answer.json["body_length"] == 4


def test_connection_close_is_obeyed(echo):
    with echo.connect() as client:
        answer = client.request("GET", "/", [("Connection", "close")])

        assert answer.field("connection") == "close"
        assert client.is_closed()


def test_http_1_0_closes_unless_asked_to_stay(echo):
    with echo.connect() as client:
        answer = client.request("GET", "/", version="1.0")

        assert answer.status == 200
        assert client.is_closed()


def test_http_1_0_keep_alive_is_obeyed(echo):
    with echo.connect() as client:
        first = client.request("GET", "/", [("Connection", "keep-alive")], version="1.0")
        second = client.request("GET", "/", version="1.0")

        assert first.field("connection").lower() == "keep-alive"
        assert second.status == 200
        assert client.is_closed()


def test_head_is_answered_without_a_body(echo):
    with echo.connect() as client:
        head = client.request("HEAD", "/")
        after = client.request("GET", "/")

    assert head.status == 200
    assert head.field("x-method") == "HEAD"
    assert int(head.field("content-length")) > 0
    assert after.field("x-method") == "GET"


def test_a_chunked_body_reaches_the_application_with_its_length(echo):
    body = b"".join(b"%d," % number for number in range(1000))

    with echo.connect() as client:
        client.send(request_bytes("POST", "/", [("Transfer-Encoding", "chunked")]))
        client.send(chunked(body[:10], body[10:500], body[500:]))
        answer = client.read_answer()

    assert answer.json["body_sha256"] == hashlib.sha256(body).hexdigest()
    assert answer.json["environ"]["CONTENT_LENGTH"] == str(len(body))
    assert "HTTP_TRANSFER_ENCODING" not in answer.json["environ"]


def test_expect_100_continue_is_answered_before_the_body_is_sent(echo):
    with echo.connect() as client:
        client.send(request_bytes("POST", "/", [("Expect", "100-continue"), ("Content-Length", "4")]))
        assert client.read_head().status == 100
        client.send(b"body")
        answer = client.read_answer()

    assert answer.status == 200
    assert answer.json["body_length"] == 4


def test_100_continue_waits_for_the_answer_before_it(echo):
    expecting = request_bytes("POST", "/second", [("Expect", "100-continue"), ("Content-Length", "4")])

    with echo.connect() as client:
        client.send(request_bytes("GET", "/first") + expecting)
        first = client.read_answer()
        interim = client.read_head()
        client.send(b"body")
        second = client.read_answer()

    assert first.json["environ"]["PATH_INFO"] == "/first"
    assert interim.status == 100
    assert second.json["environ"]["PATH_INFO"] == "/second"
    assert second.json["body_length"] == 4


def test_100_continue_is_not_sent_when_the_body_came_with_the_head(echo):
    answer = echo.post("/", b"body", [("Expect", "100-continue")])

    assert answer.interim == ()
    assert answer.json["body_length"] == 4


def test_a_refused_expectation_saves_the_body(serve_app):
    echo = serve_app("echo:app", more='[http]\nmax_body = "1K"\n')

    with echo.connect() as client:
        client.send(request_bytes("POST", "/", [("Expect", "100-continue"), ("Content-Length", "4096")]))
        answer = client.read_answer()

    assert answer.status == 413
    assert answer.interim == ()


def test_a_chunked_body_over_the_limit_is_refused(serve_app):
    echo = serve_app("echo:app", more='[http]\nmax_body = "1K"\n')

    with echo.connect() as client:
        client.send(request_bytes("POST", "/", [("Transfer-Encoding", "chunked")]) + chunked(b"x" * 4096))
        assert client.read_answer().status == 413


@pytest.mark.parametrize(("request_text", "status"), [
    ("GET / HTTP/1.1\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    ("GET / HTTP/1.1\nHost: a\n\n", 400),
    ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n", 400),
    ("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
    ("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ("GET /" + "a" * 9000 + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a" * 9000 + "\r\n\r\n", 431),
    ("GET / HTTP/1.1\r\nHost: a\r\n" + "X: a\r\n" * 200 + "\r\n", 431),
], ids=lambda value: None if isinstance(value, int) else repr(value[:60]))
def test_what_is_no_request_is_refused_and_the_connection_closed(echo, request_text, status):
    with echo.connect() as client:
        client.send(request_text.encode())
        answer = client.read_answer()

        assert answer.status == status
        assert client.is_closed()


def test_a_body_is_not_taken_for_the_next_request(echo):
    smuggled = request_bytes("GET", "/smuggled")

    with echo.connect() as client:
        first = client.request("POST", "/first", body=smuggled)
        second = client.request("GET", "/second")

    assert first.json["body_length"] == len(smuggled)
    assert second.json["environ"]["PATH_INFO"] == "/second"


def test_a_client_that_half_closes_still_gets_its_answer(echo):
    with echo.connect() as client:
        client.send(request_bytes("GET", "/"))
        client.socket.shutdown(socket.SHUT_WR)

        assert client.read_answer().status == 200


def test_a_client_that_half_closes_gets_all_answers_that_it_asked_for(echo):
    with echo.connect() as client:
        client.send(request_bytes("GET", "/1") + request_bytes("POST", "/2", body=b"body") + request_bytes("GET", "/3"))
        client.socket.shutdown(socket.SHUT_WR)
        answers = [client.read_answer() for _ in range(3)]

        assert client.is_closed()
    assert [answer.json["environ"]["PATH_INFO"] for answer in answers] == ["/1", "/2", "/3"]


def test_a_client_that_half_closes_within_a_request_is_gone(echo):
    with echo.connect() as client:
        client.send(request_bytes("GET", "/1") + request_bytes("POST", "/2", [("Content-Length", "9")]) + b"half")
        client.socket.shutdown(socket.SHUT_WR)

        assert client.read_answer().json["served"] == 1
        assert client.is_closed()
    echo.wait_for_access_log(r"/2 .* 499 ")
    assert echo.get("/3").json["served"] == 2


def test_an_idle_connection_is_closed_after_the_keepalive_timeout(serve_app):
    echo = serve_app("echo:app", more='[http]\nkeepalive_timeout = "250ms"\n')

    with echo.connect() as client:
        client.request("GET", "/")

        assert client.is_closed()


def test_a_head_that_does_not_come_is_answered_408(serve_app):
    echo = serve_app("echo:app", more='[http]\nhead_timeout = "1s"\n')

    with echo.connect() as client:
        client.send(b"GET / HTTP/1.1\r\nHost:")
        answer = client.read_answer()

        assert answer.status == 408
        assert client.is_closed()


def test_a_unix_socket_is_served_like_any_other(serve, directory):
    path = str(directory / "site.sock")

    serve(f'[app.main]\nwsgi = "echo:app"\ndirectory = "{{apps}}"\nworkers = 1\n[[listen]]\naddress = "unix:{path}"\n')
    with RawClient(path) as client:
        answer = client.request("GET", "/over/unix")

    assert json.loads(answer.body)["environ"]["PATH_INFO"] == "/over/unix"
