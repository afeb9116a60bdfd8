"""What a client may not do, what it is told, and the line that tells the operator."""

import re
import socket

import pytest
from support.gate import Gate
from support.processes import wait_until
from support.raw_client import RawClient, chunked, request_bytes

pytestmark = pytest.mark.front

MEGABYTE = 1 << 20


@pytest.fixture
def echo(serve_app):
    return serve_app("echo:app")


def line_of(bundle, limit):
    return bundle.wait_for_log(rf"127\.0\.0\.1: .*{re.escape(limit)}")


@pytest.mark.parametrize(("request_text", "status", "limit"), [
    ("GET /" + "a" * 9000 + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "request line longer than http.max_request_line (8K)"),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a" * 9000 + "\r\n\r\n", 431, "field longer than http.max_header_size (8K)"),
    ("GET / HTTP/1.1\r\nHost: a\r\n" + "X: a\r\n" * 200 + "\r\n", 431, "more fields than http.max_headers (100)"),
    ("GET / HTTP/1.1\r\nHost: a\r\n" + f"X: {'a' * 8000}\r\n" * 10 + "\r\n", 431,
     "head larger than http.max_head_size (64K)"),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n", 413, "body larger than http.max_body (10M)"),
], ids=lambda value: value if isinstance(value, int) else None)
def test_a_limit_is_answered_with_its_status_and_told_with_its_name(echo, request_text, status, limit):
    with echo.connect() as client:
        client.send(request_text.encode())
        answer = client.read_answer()

        assert answer.status == status
        assert answer.body
        assert answer.field("connection") == "close"
        assert client.is_closed()
    line = line_of(echo, limit)
    assert f"({limit.rpartition('(')[2]}: {status} received=" in line
    assert f'begins="{request_text[:10]}' in line
    assert f"request_id={answer.field('x-request-id')}" in line


def test_an_announced_body_is_told_with_its_length(echo):
    with echo.connect() as client:
        client.send(request_bytes("POST", "/", [("Content-Length", "20000000")]))
        client.read_answer()

    assert "content_length=20000000" in line_of(echo, "http.max_body")


def test_a_client_that_goes_on_sending_reads_why_it_was_refused(echo):
    with echo.connect() as client:
        client.send(request_bytes("POST", "/", [("Content-Length", str(50 * MEGABYTE))]))
        client.send(b"x" * 4 * MEGABYTE)
        answer = client.read_answer()

        assert answer.status == 413
        client.socket.shutdown(socket.SHUT_WR)
        assert client.is_closed()


def test_an_unknown_expectation_is_refused(echo):
    with echo.connect() as client:
        answer = client.request("POST", "/", [("Expect", "200-ok"), ("Content-Length", "4")])

        assert answer.status == 417
        assert answer.field("connection") == "close"
        assert client.is_closed()


def test_a_client_cannot_fill_the_log(echo):
    clients = [echo.connect() for _ in range(60)]
    for client in clients:
        client.send(b"GET /" + b"a" * 9000)
    for client in clients:
        assert client.read_answer().status == 414
        client.close()

    echo.wait_for_log(r"and \d+ more clients met http\.max_request_line")
    assert len([line for line in echo.log.lines() if "request line longer" in line]) < 60


@pytest.mark.parametrize(("option", "begin", "limit"), [
    ("head_timeout", b"GET / HTTP/1.1\r\nHost:", "head not complete within http.head_timeout (1s)"),
    ("body_timeout", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbody",
     "silent in its body for longer than http.body_timeout (1s)"),
])
def test_a_client_that_falls_silent_is_answered_408(serve_app, option, begin, limit):
    echo = serve_app("echo:app", more=f'[http]\n{option} = "1s"\n')

    with echo.connect() as client:
        client.send(begin)
        answer = client.read_answer()

        assert answer.status == 408
        assert answer.field("connection") == "close"
        assert client.is_closed()
    assert f"{limit}: 408" in line_of(echo, limit)


def test_a_body_that_drips_is_answered_408_and_one_that_flows_is_not(serve_app):
    echo = serve_app("echo:app", more='[http]\nbody_min_rate = "1M"\n')

    with echo.connect(deadline=60) as slow, echo.connect(deadline=60) as fast:
        slow.send(request_bytes("POST", "/", [("Content-Length", "1000")]))
        fast.send(request_bytes("POST", "/", [("Content-Length", "6000000")]) + b"x" * 5999999)
        slow.socket.setblocking(False)
        wait_until(lambda: answered_or_drips(slow), "an end of the drip", deadline=60)
        slow.socket.settimeout(60)
        assert slow.read_answer().status == 408
        # It sent enough for a minute at first.
        fast.send(b"x")
        assert fast.read_answer().status == 200
    assert "sends its body more slowly than http.body_min_rate (1M/s): 408" in line_of(echo, "http.body_min_rate")


def answered_or_drips(client):
    """True when there is something to read; else sends one byte more."""
    try:
        client.socket.recv(1, socket.MSG_PEEK)
        return True
    except BlockingIOError:
        client.socket.send(b"x")
        return False


def test_a_reader_that_sips_is_cut_off(serve_app):
    streams = serve_app("streams:app", more='[http]\nsend_min_rate = "1M"\n')

    with streams.connect(receive_buffer=4096, deadline=60) as client:
        client.send(request_bytes("GET", "/large"))
        line = streams.wait_for_log(r"more slowly than http\.send_min_rate", deadline=60)

        with pytest.raises(ConnectionResetError):
            client.read_to_end()
    assert "http.send_min_rate (1M/s): closed" in line


def test_a_reader_that_takes_nothing_is_cut_off(serve_app):
    streams = serve_app("streams:app", more='[http]\nsend_timeout = "1s"\n')

    with streams.connect(receive_buffer=4096) as client:
        client.send(request_bytes("GET", "/large"))
        line = line_of(streams, "http.send_timeout")

        with pytest.raises(ConnectionResetError):
            client.read_to_end()
    assert "took nothing of its answer for http.send_timeout (1s): closed" in line


def test_time_that_the_application_takes_is_not_the_clients(serve_app):
    waits = serve_app("waits:app", more='[http]\nsend_timeout = "250ms"\nbody_timeout = "250ms"\nhead_timeout = "500ms"\n')

    with Gate(waits.directory) as gate, waits.connect() as client, waits.connect() as silent:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        silent.send(b"GET / HT")
        assert silent.read_answer().status == 408  # all of these times are over
        gate.let_through()

        assert client.read_answer().status == 200


def test_a_full_queue_is_told_with_its_name(serve_app):
    waits = serve_app("waits:app", more='[app.main.queue]\nmax = 1\n')

    with Gate(waits.directory) as gate, waits.connect() as first, waits.connect() as second:
        first.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        second.send(request_bytes("GET", "/"))
        answers = wait_until(lambda: [answer for answer in [waits.get("/")] if answer.status == 503], "a full queue")
        gate.let_through()

        assert int(answers[0].field("retry-after")) >= 1
        assert first.read_answer().status == 200
        assert second.read_answer().status == 200
    assert "more requests wait than app.main.queue.max (1): 503" in line_of(waits, "app.main.queue.max")


def test_an_address_has_no_more_connections_than_it_may(serve_app):
    echo = serve_app("echo:app", more="[http]\nmax_connections_per_ip = 2\n")

    with echo.connect() as first, echo.connect() as second:
        assert first.request("GET", "/").status == 200
        assert second.request("GET", "/").status == 200
        with echo.connect() as third:
            refused = third.read_answer()
            assert refused.status == 503
            assert refused.field("connection") == "close"
            assert third.is_closed()
        with RawClient(echo.address, source="127.0.0.2") as neighbour:
            assert neighbour.request("GET", "/").status == 200
    line_of(echo, "more connections than http.max_connections_per_ip (2): 503")

    wait_until(lambda: is_served(echo), "a place for the address")


def is_served(bundle):
    with bundle.connect() as client:
        client.send(request_bytes("GET", "/"))
        try:
            return client.read_answer().status == 200
        except ConnectionError:
            return False


def test_idle_connections_give_way_to_new_ones_the_longest_idle_first(serve_app):
    echo = serve_app("echo:app", settings=["server.max_connections=2"])

    with echo.connect() as older, echo.connect() as newer:
        assert older.request("GET", "/").status == 200
        for _ in range(50):  # the loop's clock has milliseconds
            assert newer.request("GET", "/").status == 200
        with echo.connect() as third:
            assert third.request("GET", "/").status == 200

            assert older.is_closed()
            assert newer.request("GET", "/").status == 200


def test_a_client_waits_while_all_connections_are_busy(serve_app):
    waits = serve_app("waits:app", workers=2, settings=["server.max_connections=2"])

    with Gate(waits.directory) as gate, waits.connect() as first, waits.connect() as second:
        for client in (first, second):
            client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        with waits.connect() as third:
            third.send(request_bytes("GET", "/"))
            gate.let_through(2)
            assert first.read_answer().status == 200
            assert second.read_answer().status == 200

            assert third.read_answer().status == 200


def test_a_chunked_body_over_the_limit_lingers_too(serve_app):
    echo = serve_app("echo:app", more='[http]\nmax_body = "1M"\n')

    with echo.connect() as client:
        client.send(request_bytes("POST", "/", [("Transfer-Encoding", "chunked")]))
        client.send(chunked(b"x" * 3 * MEGABYTE))

        assert client.read_answer().status == 413
    line_of(echo, "body larger than http.max_body (1M): 413")
