"""A client of HTTP/2 that reads nothing: what the front keeps for it, and what it does of everything else meanwhile."""

import fcntl
import signal
import socket
import struct
import termios

import pytest
from hyperframe.frame import DataFrame, HeadersFrame, SettingsFrame
from support import processes
from support.http2_client import Http2Client
from support.processes import wait_until

pytestmark = pytest.mark.front

ONE_HOST = """
[[site]]
hosts = ["test.example"]
"""


def unread(client):
    return struct.unpack("i", fcntl.ioctl(client.socket, termios.FIONREAD, b"\0" * 4))[0]


def block(client, stream=1):
    """Asks for more than the kernel holds, and reads none of it."""
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.ask(stream, "/large")
    seen = []

    def comes_no_further():
        seen.append(unread(client))
        return len(seen) > 10 and seen[-1] == seen[-10] > 0
    wait_until(comes_no_further, "a socket that is full")


def blocked_client(bundle, **options):
    """It does not acknowledge our SETTINGS either."""
    client = Http2Client(bundle.address, window=1 << 30, **options)
    block(client)
    return client


def test_streams_beyond_the_limit_cost_no_memory(serve_http2):
    bundle = serve_http2("streams:app", settings=["http2.max_concurrent_streams=10"])
    front = bundle.front()
    with blocked_client(bundle) as client:
        before = processes.resident_kib(front)
        try:
            for first in range(3, 400_000, 20_000):
                client.send_bytes(b"".join(
                    HeadersFrame(stream, b"\x82\x86\x84", flags=["END_HEADERS", "END_STREAM"]).serialize()
                    for stream in range(first, first + 20_000, 2)))
        except OSError:
            pass
        bundle.get("/small")  # served behind it

        assert processes.resident_kib(front) < before + 8 * 1024


@pytest.mark.parametrize(("number", "settings"), [(signal.SIGINT, []), (signal.SIGTERM, ["server.drain_timeout=300ms"])],
                         ids=["fast", "drain"])
def test_a_stop_tells_what_it_cuts_off_though_a_reset_waits_to_be_sent(serve_http2, number, settings):
    bundle = serve_http2("streams:app", more=ONE_HOST, settings=settings)
    with blocked_client(bundle) as client:
        client.ask(3, authority="c.example")
        bundle.wait_for_access_log(r'"GET / HTTP/2\.0" 444')
        bundle.signal(number)

        bundle.wait_for_log(r'request cut off while="sending the answer" client=127\.0\.0\.1 begins="GET /large ')
        bundle.expect_exit(0, 1)
        assert bundle.wait_for_exit() in (0, 1)
    assert not any("front died" in line for line in bundle.log.lines())


def test_a_body_that_stops_is_refused_though_answers_are_not_read(serve_http2):
    bundle = serve_http2("streams:app", settings=["http.body_timeout=500ms"])
    with blocked_client(bundle) as client:
        client.send(client.headers(3, client.fields("POST"), end=False), DataFrame(3, b"x"))

        bundle.wait_for_log(r'http\.body_timeout \(500ms\): 408 .*begins="POST / ')


def test_100_answers_that_nobody_reads_keep_to_their_memory(serve_http2):
    """Of each 256 KiB (http.response_memory), the rest on disk."""
    streams = serve_http2("streams:app", workers=2)
    front = streams.front()
    with Http2Client(streams.address, settings={SettingsFrame.INITIAL_WINDOW_SIZE: 0}) as client:
        assert client.request(1, "/nothing-to-wait-for", method="HEAD").status == 200
        before = processes.resident_kib(front)
        for stream in range(3, 203, 2):
            client.ask(stream, "/pieces/8")
        client.read_until(lambda: len([1 for answer in client.answers.values() if answer.heads]) == 101, "all heads")
        wait_until(lambda: streams.get("/small").status == 200, "workers with nothing to do")

        assert processes.resident_kib(front) < before + 100 * 384
