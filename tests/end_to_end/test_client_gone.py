"""An application that asks whether its client is still there, or streams to one that left."""

import socket

from support.gate import Gate
from support.raw_client import request_bytes


def test_an_application_learns_that_its_client_has_closed(serve_app):
    hints = serve_app("hints:app")
    with Gate(hints.directory) as gate:
        with hints.connect() as client:
            client.send(request_bytes("GET", "/asks"))
            gate.wait_until_reached()
            gate.let_through()
        hints.wait_for_log(" gone$")


def test_a_client_that_only_ended_its_side_counts_as_gone_and_is_answered(serve_app):
    hints = serve_app("hints:app")
    with Gate(hints.directory) as gate, hints.connect() as client:
        client.send(request_bytes("GET", "/asks"))
        gate.wait_until_reached()
        client.socket.shutdown(socket.SHUT_WR)
        gate.let_through()
        assert client.read_answer().body == b"done\n"


def test_an_endless_stream_ends_when_its_client_leaves(serve_app):
    hints = serve_app("hints:app")
    with hints.connect() as client:
        client.send(request_bytes("GET", "/endless"))
        client.read_head()
        client.read_chunk()
    hints.wait_for_log(" closed$")
    assert hints.get("/").body == b"done\n"


def test_early_hints_come_before_the_answer(serve_app):
    hints = serve_app("hints:app")
    with hints.connect() as client:
        client.send(request_bytes("GET", "/hints"))
        heads = [client.read_head() for _ in range(2)]
        answer = client.read_answer()

    assert [head.status for head in heads] == [103, 103]
    assert [head.field("link") for head in heads] == [
        "</style.css>; rel=preload; as=style", "</app.js>; rel=preload; as=script"]
    assert (answer.status, answer.body) == (200, b"done\n")


def test_http_1_0_gets_no_early_hints(serve_app):
    hints = serve_app("hints:app")
    with hints.connect() as client:
        client.send(b"GET /hints HTTP/1.0\r\nHost: a\r\n\r\n")
        assert client.read_answer().status == 200
