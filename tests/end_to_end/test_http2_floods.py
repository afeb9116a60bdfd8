"""Floods of HTTP/2: what costs a client next to nothing and us something is counted, and ends the connection."""

import threading

import pytest
from hyperframe.frame import DataFrame, HeadersFrame, PingFrame, PriorityFrame, RstStreamFrame, SettingsFrame, WindowUpdateFrame
from support import processes
from support.http2_client import CANCEL, ENHANCE_YOUR_CALM, NO_ERROR, Http2Client, raw_frame

pytestmark = pytest.mark.front


def flood(client, frames, times):
    """Sends it as long as the server takes it; the connection's end is looked at afterwards."""
    piece = b"".join(frame.serialize() for frame in frames)
    try:
        for _ in range(times):
            client.send_bytes(piece)
    except OSError:
        pass


def test_a_rapid_reset_ends_the_connection_and_harms_nobody(serve_http2):
    """CVE-2023-44487: 100,000 streams, each taken back as soon as it is begun."""
    bundle = serve_http2("hello:app", workers=2, settings=["http.keepalive_requests=1000000"])
    front = bundle.front()
    with Http2Client(bundle.address) as other:
        assert other.request(1).status == 200
        before = processes.resident_kib(front)
        served = []
        attack = threading.Thread(target=reset_rapidly, args=(bundle.address, 100_000))
        attack.start()
        stream = 3
        while attack.is_alive() or not served:
            served.append(other.request(stream).status)
            stream += 2
        attack.join()

        assert set(served) == {200}
        assert processes.resident_kib(front) < before + 8 * 1024
        ticks = processes.cpu_ticks(front)
        other.request(stream)
        assert processes.cpu_ticks(front) - ticks < 20
    bundle.wait_for_log(r"resets more streams in 10s than http2\.max_resets \(200\): closed")


def reset_rapidly(address, count):
    """Over as many connections as it takes: each is closed after some hundred streams."""
    sent = 0
    while sent < count:
        with Http2Client(address) as client:
            block = client.encoded(client.fields())
            block = client.encoded(client.fields())  # all of it from the tables by now
            first = HeadersFrame(1, hpack_plain(client), flags=["END_HEADERS", "END_STREAM"]).serialize()
            pieces = [first] + [HeadersFrame(stream, block, flags=["END_HEADERS", "END_STREAM"]).serialize()
                                + RstStreamFrame(stream, error_code=CANCEL).serialize()
                                for stream in range(3, 20003, 2)]
            sent += 10_000
            try:
                client.send_bytes(b"".join(pieces))
            except OSError:
                continue
            assert client.connection_error() in (ENHANCE_YOUR_CALM, None)  # None: we were still sending


def hpack_plain(client):
    """The same fields, spelled out so that they are in the tables afterwards."""
    return b"\x82\x86\x84" + b"\x41\x0ctest.example"


def test_streams_that_are_made_to_fail_count_as_well(serve_http2):
    """CVE-2025-8671: the client breaks a rule on each stream, and we have to reset it."""
    bundle = serve_http2("hello:app", settings=["http2.max_resets=50"])
    with Http2Client(bundle.address) as client:
        for stream in range(1, 141, 2):
            client.send(client.headers(stream, client.fields("POST"), end=False),
                        WindowUpdateFrame(stream, window_increment=2**31 - 1))

        assert client.connection_error() == ENHANCE_YOUR_CALM
    bundle.wait_for_log(r"resets more streams in 10s than http2\.max_resets \(50\): closed")


@pytest.mark.parametrize("frame", [
    PingFrame(0, b"12345678"), SettingsFrame(0), PriorityFrame(3, depends_on=0, stream_weight=1),
    WindowUpdateFrame(0, window_increment=1)], ids=lambda frame: type(frame).__name__)
def test_frames_that_carry_nothing_are_counted(serve_http2, frame):
    """CVE-2019-9512, -9515."""
    bundle = serve_http2("hello:app", settings=["http2.max_control_frames=200"])
    with Http2Client(bundle.address) as client:
        flood(client, [frame] * 100, 10)

        assert client.connection_error() in (ENHANCE_YOUR_CALM, None)
    bundle.wait_for_log(r"more frames without a request in 10s than http2\.max_control_frames \(200\): closed")
    assert bundle.get("/").status == 200


def test_empty_frames_of_a_body_are_counted(serve_http2):
    """CVE-2019-9518."""
    bundle = serve_http2("hello:app", settings=["http2.max_control_frames=200"])
    with Http2Client(bundle.address) as client:
        client.send(client.headers(1, client.fields("POST"), end=False))
        flood(client, [DataFrame(1, b"")] * 100, 10)

        assert client.connection_error() in (ENHANCE_YOUR_CALM, None)
    bundle.wait_for_log(r"http2\.max_control_frames \(200\): closed")


UNKNOWN_TYPE = 0x42


def test_frames_of_types_that_do_not_exist_are_counted(serve_http2):
    bundle = serve_http2("hello:app", settings=["http2.max_control_frames=200"])
    with Http2Client(bundle.address) as client:
        client.wait_for_settings()
        client.send_bytes(raw_frame(UNKNOWN_TYPE, 0, 0) * 1000)

        assert client.connection_error() == ENHANCE_YOUR_CALM
    bundle.wait_for_log(r"http2\.max_control_frames \(200\): closed")


@pytest.mark.parametrize("size", [0, 1, 100])
def test_data_of_a_stream_that_is_gone_is_counted(serve_http2, size):
    bundle = serve_http2("echo:app", more='[http]\nmax_body = "1K"\n', settings=["http2.max_control_frames=200"])
    with Http2Client(bundle.address) as client:
        client.send(client.headers(1, client.fields("POST", more=[("content-length", "100000")]), end=False))
        assert client.reset_of(1) == NO_ERROR
        assert client.answers[1].status == 413
        flood(client, [DataFrame(1, b"x" * size)] * 100, 3)

        assert client.connection_error() in (ENHANCE_YOUR_CALM, None)
    bundle.wait_for_log(r"http2\.max_control_frames \(200\): closed")


def test_the_rest_of_a_body_that_was_refused_is_not_a_flood(serve_http2):
    bundle = serve_http2("echo:app", more='[http]\nmax_body = "1K"\n', settings=["http2.max_control_frames=100"])
    with Http2Client(bundle.address) as client:
        client.send(client.headers(1, client.fields("POST", more=[("content-length", "300000")]), end=False))
        assert client.reset_of(1) == NO_ERROR
        for _ in range(200):
            client.send(DataFrame(1, b"x" * 1024))

        assert client.is_served(3)


def test_a_body_in_frames_of_a_byte_is_a_flood(serve_http2):
    bundle = serve_http2("echo:app", settings=["http2.max_control_frames=100"])
    with Http2Client(bundle.address) as client:
        client.send(client.headers(1, client.fields("POST"), end=False))
        flood(client, [DataFrame(1, b"x")] * 1000, 3)

        assert client.connection_error() in (ENHANCE_YOUR_CALM, None)
    bundle.wait_for_log(r"http2\.max_control_frames \(100\): closed")


def test_a_body_in_small_frames_is_none(serve_http2):
    bundle = serve_http2("echo:app", settings=["http2.max_control_frames=100"])
    with Http2Client(bundle.address) as client:
        client.send(client.headers(1, client.fields("POST"), end=False), *[DataFrame(1, b"x" * 20)] * 3000)
        client.send(DataFrame(1, b"", flags=["END_STREAM"]))

        assert client.answer(1).status == 200
