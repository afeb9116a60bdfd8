"""Answers that come in pieces, and clients that take their time to read or to send."""

import hashlib
import os
import threading
from pathlib import Path

import pytest
from support.gate import Gate
from support.processes import wait_until
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

PIECE = bytes(range(256)) * 256
LARGE = 20 << 20
LARGE_SHA256 = hashlib.sha256(PIECE * (LARGE // len(PIECE))).hexdigest()


@pytest.fixture
def streams(serve_app):
    return serve_app("streams:app", workers=1)


def test_the_first_piece_arrives_before_the_last_is_made(streams):
    with Gate(streams.directory) as gate, streams.connect() as client:
        client.send(request_bytes("GET", "/gated"))
        head = client.read_head()
        first = client.read_chunk()
        gate.let_through()
        rest = [client.read_chunk(), client.read_chunk()]

    assert head.field("transfer-encoding") == "chunked"
    assert first == b"first\n"
    assert rest == [b"second\n", b""]


def test_the_whole_answer_arrives_before_close_has_returned(streams):
    with Gate(streams.directory) as gate, streams.connect() as client, streams.connect() as other:
        assert client.request("GET", "/closing").body == b"body"
        other.send(request_bytes("GET", "/"))
        gate.let_through()
        assert other.read_answer().body == b"ok"


@pytest.mark.parametrize("kind", ["plain", "events", "unbuffered", "buffered"])
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_each_piece_arrives_at_once_whatever_the_fields_say(streams, kind, version):
    with Gate(streams.directory) as gate, streams.connect() as client:
        client.send(request_bytes("GET", f"/gated?{kind}", version=version))
        head = client.read_head()
        first = client.read_chunk() if version == "1.1" else client.read_exactly(6)
        gate.let_through()

        assert first == b"first\n"
        assert (client.read_chunk() if version == "1.1" else client.read_to_end()) == b"second\n"
    assert head.field("x-accel-buffering") is None


SITE_WITH_ROUTES = """
[app.main]
wsgi = "streams:app"
directory = "{apps}"
workers = 1
[[site]]
app = "main"
[[site.route]]
path = "/unbuffered/"
app = "main"
buffering = false
"""


def spooled_bytes(bundle):
    """What the front has in temporary files, which have no name."""
    size = 0
    for link in Path(f"/proc/{bundle.front()}/fd").iterdir():
        try:
            if str(bundle.directory / "temp") in os.readlink(link):
                size += link.stat().st_size
        except FileNotFoundError:
            pass  # closed meanwhile
    return size


@pytest.mark.parametrize("target", ["/large?plain", "/large?events", "/unbuffered/large?buffered"])
def test_a_stream_that_its_client_is_slow_to_take_goes_to_disk(serve, target):
    bundle = serve(SITE_WITH_ROUTES)
    with bundle.connect(receive_buffer=4096) as client:
        client.send(request_bytes("GET", target))
        client.read_head()
        wait_until(lambda: spooled_bytes(bundle) > 0, "a temporary file")
        assert bundle.get("/").body == b"ok"


@pytest.mark.parametrize("target", ["/large?unbuffered", "/unbuffered/large?plain", "/unbuffered/large?events"])
def test_an_unbuffered_stream_waits_for_its_client_and_never_goes_to_disk(serve, target):
    bundle = serve(SITE_WITH_ROUTES)
    received = hashlib.sha256()
    with bundle.connect(receive_buffer=65536) as client:
        client.send(request_bytes("GET", target))
        client.read_head()
        while chunk := client.read_chunk():
            received.update(chunk)
            assert spooled_bytes(bundle) == 0
    assert received.hexdigest() == LARGE_SHA256
    assert bundle.get("/").body == b"ok"


def test_a_client_of_an_unbuffered_stream_that_leaves_frees_the_worker(serve):
    bundle = serve(SITE_WITH_ROUTES)
    with bundle.connect(receive_buffer=4096) as client:
        client.send(request_bytes("GET", "/unbuffered/large?plain"))
        client.read_head()
        client.reset()

    assert bundle.get("/").body == b"ok"


def test_http_1_0_gets_a_stream_that_ends_with_the_connection(streams):
    with Gate(streams.directory) as gate, streams.connect() as client:
        client.send(request_bytes("GET", "/gated", version="1.0"))
        head = client.read_head()
        assert client.read_exactly(6) == b"first\n"
        gate.let_through()

        assert client.read_to_end() == b"second\n"
    assert head.field("transfer-encoding") is None


def test_what_write_was_given_precedes_what_the_application_returned(streams):
    assert streams.get("/written").body == b"written\nreturned\n"


@pytest.mark.parametrize("target", ["/large", "/large-with-length"])
def test_a_large_answer_arrives_whole(streams, target):
    answer = streams.get(target)

    assert len(answer.body) == LARGE
    assert hashlib.sha256(answer.body).hexdigest() == LARGE_SHA256


@pytest.mark.parametrize("target", ["/large", "/large-with-length"])
def test_a_slow_reader_of_a_large_answer_does_not_keep_the_worker(streams, target):
    with streams.connect(receive_buffer=4096) as slow:
        slow.send(request_bytes("GET", target))
        slow.socket.recv(1)

        # The only worker answers others although hardly anything of the large answer was read.
        for _ in range(3):
            assert streams.get("/").body == b"ok"


def test_a_slow_reader_gets_every_byte(streams):
    with streams.connect(receive_buffer=65536) as slow:
        slow.send(request_bytes("GET", "/large-with-length"))
        assert streams.get("/").body == b"ok"
        answer = slow.read_answer()

    assert hashlib.sha256(answer.body).hexdigest() == LARGE_SHA256


def test_a_reader_that_leaves_in_the_middle_costs_nothing(streams):
    for _ in range(3):
        with streams.connect(receive_buffer=4096) as client:
            client.send(request_bytes("GET", "/large"))
            client.socket.recv(1)

    assert streams.get("/").body == b"ok"


def test_a_client_that_leaves_while_the_worker_streams_frees_the_worker(streams):
    with Gate(streams.directory) as gate:
        with streams.connect() as client:
            client.send(request_bytes("GET", "/gated"))
            client.read_head()
        gate.let_through()

        assert streams.get("/").body == b"ok"


def test_200_slow_uploads_occupy_no_worker(serve_app):
    waits = serve_app("waits:app", workers=1)
    body = b"x" * 64
    slow = [waits.connect() for _ in range(200)]
    try:
        for client in slow:
            client.send(request_bytes("POST", "/", [("Content-Length", str(len(body)))]))
        for sent in range(len(body) - 1):
            for client in slow:
                client.send(body[sent:sent + 1])
            # In between, the only worker serves whoever has sent a whole request.
            assert waits.get("/").status == 200

        finish = [threading.Thread(target=client.send, args=(body[-1:],)) for client in slow]
        for thread in finish:
            thread.start()
        answers = [client.read_answer() for client in slow]
        for thread in finish:
            thread.join()
    finally:
        for client in slow:
            client.close()

    assert [answer.status for answer in answers] == [200] * len(slow)
