"""What a client of HTTP/2 may not do, what it is told, and what the log says; and how a connection ends in time."""

import signal
import time

import pytest
from hyperframe.frame import DataFrame, HeadersFrame, PingFrame, SettingsFrame, WindowUpdateFrame
from support.gate import Gate
from support.http2_client import (CANCEL, CONTINUATION, ENHANCE_YOUR_CALM, HEADERS, NO_ERROR, PREFACE, Http2Client,
                                  raw_frame)
from support.processes import wait_until

pytestmark = pytest.mark.front


@pytest.mark.parametrize("every", [16384, 4096])
def test_window_updates_that_answers_need_are_not_too_many(serve_http2, every):
    """Go's client sends both for each 4 KB."""
    bundle = serve_http2("streams:app", settings=["http2.max_control_frames=100"])
    with Http2Client(bundle.address, settings={SettingsFrame.INITIAL_WINDOW_SIZE: 16384}, window=65535) as client:
        client.ask(1, "/large")
        while not client.answers.get(1) or not client.answers[1].ended:
            frame = client.read_frame()
            if isinstance(frame, DataFrame) and frame.data:
                sizes = [min(every, len(frame.data) - begin) for begin in range(0, len(frame.data), every)]
                client.send(*[WindowUpdateFrame(stream, window_increment=size) for size in sizes for stream in (0, 1)])

        assert len(client.answers[1].body) == 20 << 20


def test_a_head_in_too_many_continuations_ends_the_connection(serve_http2):
    """CVE-2024-27316."""
    bundle = serve_http2("hello:app")
    with Http2Client(bundle.address) as client:
        client.send_bytes(raw_frame(HEADERS, 1, 1, client.encoded(client.fields())))
        client.send_bytes(raw_frame(CONTINUATION, 0, 1, b"") * 8)

        assert client.connection_error() == ENHANCE_YOUR_CALM
    bundle.wait_for_log(r"head in more CONTINUATION frames than http2\.max_continuations \(7\): closed")


def test_a_bomb_of_hpack_ends_the_connection(serve_http2):
    """A field of 4000 bytes enters the table once, and then costs a byte each time."""
    bundle = serve_http2("hello:app")
    with Http2Client(bundle.address) as client:
        block = client.encoded([*client.fields(), ("x-bomb", "b" * 3900)])
        client.send(HeadersFrame(1, block + b"\xbe" * 10000, flags=["END_HEADERS", "END_STREAM"]))

        assert client.connection_error() == ENHANCE_YOUR_CALM
    bundle.wait_for_log(r"head larger than http\.max_head_size \(64K\): closed")


def test_a_bomb_in_trailers_ends_the_connection(serve_http2):
    bundle = serve_http2("hello:app")
    with Http2Client(bundle.address) as client:
        client.send(client.headers(1, client.fields("POST", more=[("x-bomb", "b" * 3900)]), end=False),
                    HeadersFrame(1, b"\xbe" * 10000, flags=["END_HEADERS", "END_STREAM"]))

        assert client.connection_error() == ENHANCE_YOUR_CALM
    bundle.wait_for_log(r"head larger than http\.max_head_size \(64K\): closed")


@pytest.mark.parametrize(("more", "path", "status"), [
    ([("x-a", "v" * 9000)], "/", 431), ([(f"x-{number}", "v") for number in range(101)], "/", 431),
    ([(f"x-{number}", "v" * 7000) for number in range(11)], "/", 431), ([], "/" + "p" * 9000, 414)],
    ids=["a-large-field", "many-fields", "a-large-head", "a-long-target"])
def test_heads_have_the_limits_of_http_1(serve_http2, more, path, status):
    bundle = serve_http2("hello:app")
    with Http2Client(bundle.address) as client:
        block = client.encoded(client.fields(path=path, more=more))
        parts = [block[begin:begin + 16384] for begin in range(0, len(block), 16384)]
        client.send_bytes(raw_frame(HEADERS, 1 if len(parts) > 1 else 5, 1, parts[0]))
        for number, part in enumerate(parts[1:], 2):
            client.send_bytes(raw_frame(CONTINUATION, 4 if number == len(parts) else 0, 1, part))

        assert client.answer(1).status == status
        assert client.request(3).status == 200
    bundle.wait_for_log(rf"http\.max_(header_size|headers|head_size|request_line) \(.*\): {status}")


def test_more_streams_than_allowed_are_logged(serve_http2):
    bundle = serve_http2("hello:app", settings=["http2.max_concurrent_streams=3"])
    with Http2Client(bundle.address) as client:
        client.wait_for_settings()
        for stream in (1, 3, 5, 7):
            client.send(client.headers(stream, client.fields("POST"), end=False))
        client.connection_error()
    bundle.wait_for_log(r"more requests at a time than http2\.max_concurrent_streams \(3\): closed")


# --- time ------------------------------------------------------------------------------------------------------


def test_a_client_that_takes_nothing_of_an_answer_loses_it(serve_http2):
    bundle = serve_http2("echo:app", settings=["http.send_timeout=500ms"])
    with Http2Client(bundle.address, settings={SettingsFrame.INITIAL_WINDOW_SIZE: 0}) as client:
        client.ask(1)

        assert client.reset_of(1) == CANCEL
        client.send(client.headers(3), WindowUpdateFrame(3, window_increment=1 << 20))
        assert client.answer(3).status == 200
    bundle.wait_for_log(r"took nothing of its answer for http\.send_timeout \(500ms\): closed")


def arrived(client):
    return sum(len(answer.body) for answer in client.answers.values())


def test_a_stream_that_waits_for_others_is_not_taken_for_slow(serve_http2):
    bundle = serve_http2("streams:app", workers=2, settings=["http.send_timeout=1s"])
    with Http2Client(bundle.address, settings={SettingsFrame.INITIAL_WINDOW_SIZE: 1 << 30}, window=0) as client:
        client.ask(1, "/large", more=[("priority", "u=1")])
        client.read_until(lambda: 1 in client.answers and len(client.answers[1].body) == 65535, "a window")
        client.ask(3, "/large", more=[("priority", "u=5")])
        client.read_until(lambda: 3 in client.answers, "the head of the other")
        begun = time.monotonic()
        while time.monotonic() - begun < 3:
            before = arrived(client)
            client.send(WindowUpdateFrame(0, window_increment=10))
            client.read_until(lambda: arrived(client) > before, "more, as a rule of the urgent one")
        client.send(WindowUpdateFrame(0, window_increment=1 << 30))

        assert len(client.answer(3).body) == 20 << 20


def test_a_client_that_takes_nothing_of_all_answers_is_closed(serve_http2):
    bundle = serve_http2("streams:app", settings=["http.send_timeout=500ms"])
    with Http2Client(bundle.address, settings={SettingsFrame.INITIAL_WINDOW_SIZE: 1 << 30}, window=0) as client:
        client.ask(1, "/large")

        assert client.connection_error() == ENHANCE_YOUR_CALM
        assert len(client.answers[1].body) == 65535
    bundle.wait_for_log(r"took nothing of its answer for http\.send_timeout \(500ms\): closed")


def test_a_body_that_stops_is_answered_408(serve_http2):
    bundle = serve_http2("echo:app", settings=["http.body_timeout=500ms"])
    with Http2Client(bundle.address) as client:
        client.send(client.headers(1, client.fields("POST"), end=False), DataFrame(1, b"x"))

        assert client.answer(1).status == 408
        assert client.reset_of(1) == NO_ERROR
        assert client.request(3).status == 200


def upload_beside(client, goes_on):
    """Stream 3 sends nothing of its body while stream 1 does, for as long as goes_on()."""
    for stream in (1, 3):
        client.send(client.headers(stream, client.fields("POST"), end=False))
    while goes_on():
        pings = len(client.pings)
        client.send(DataFrame(1, b"x" * 1000), PingFrame(0, b"12345678"))
        client.read_until(lambda: len(client.pings) > pings, "PING")
        time.sleep(0.02)


def test_a_body_may_wait_for_another_one(serve_http2):
    bundle = serve_http2("echo:app", settings=["http.body_timeout=1s"])
    with Http2Client(bundle.address) as client:
        begun = time.monotonic()
        upload_beside(client, lambda: time.monotonic() - begun < 3)
        client.send(*[DataFrame(stream, b"", flags=["END_STREAM"]) for stream in (1, 3)])

        assert [client.answer(stream).status for stream in (1, 3)] == [200, 200]


def test_a_body_does_not_wait_for_another_one_without_end(serve_http2):
    bundle = serve_http2("echo:app", settings=["http.body_timeout=200ms"])
    with Http2Client(bundle.address) as client:
        upload_beside(client, lambda: 3 not in client.answers)

        assert client.answer(3).status == 408
    bundle.wait_for_log(r"http\.body_timeout \(200ms\): 408")


def test_a_head_that_stops_ends_the_connection(serve_http2):
    bundle = serve_http2("echo:app", settings=["http.head_timeout=500ms"])
    with Http2Client(bundle.address) as client:
        client.wait_for_settings()
        client.send(HeadersFrame(1, client.encoded(client.fields()), flags=["END_STREAM"]))

        assert client.connection_error() == ENHANCE_YOUR_CALM
    bundle.wait_for_log(r"head not complete within http\.head_timeout \(500ms\): closed")


def test_who_says_nothing_behind_the_preface_is_closed(serve_http2):
    bundle = serve_http2("echo:app", settings=["http.head_timeout=500ms"])
    with Http2Client(bundle.address, begin=False) as client:
        client.send_bytes(PREFACE)
        while client.socket.recv(65536):
            pass


def test_an_idle_connection_ends_with_goaway(serve_http2):
    bundle = serve_http2("echo:app", settings=["http.keepalive_timeout=500ms"])
    with Http2Client(bundle.address) as client:
        client.request(1)

        assert client.connection_error() == NO_ERROR
        assert client.goaway.last_stream_id == 1


def test_a_connection_ends_after_so_many_requests(serve_http2):
    bundle = serve_http2("echo:app", settings=["http.keepalive_requests=3"])
    with Http2Client(bundle.address) as client:
        for stream in (1, 3, 5):
            assert client.request(stream).status == 200

        assert client.connection_error() == NO_ERROR
        assert client.goaway.last_stream_id == 5


# --- stop and reload -------------------------------------------------------------------------------------------


def test_stop_says_goaway_in_two_steps_and_answers_what_was_asked(serve_http2):
    waits = serve_http2("waits:app", workers=1)
    with Gate(waits.directory) as gate, Http2Client(waits.address) as client:
        client.ask(1, "/wait")
        gate.wait_until_reached()
        waits.signal(signal.SIGTERM)
        client.read_until(lambda: client.goaway is not None, "the first GOAWAY")
        assert client.goaway.last_stream_id == 2**31 - 1
        client.ask(3)  # it was on its way when GOAWAY was
        client.read_until(lambda: client.goaway.last_stream_id < 2**31 - 1, "the second GOAWAY")
        gate.let_through()

        assert client.answer(1).status == 200
        if client.goaway.last_stream_id == 3:
            assert client.answer(3).status == 200
        assert client.connection_error() == NO_ERROR
    assert waits.wait_for_exit() == 0


def test_stop_ends_idle_connections(serve_http2):
    bundle = serve_http2("echo:app")
    with Http2Client(bundle.address) as client:
        client.request(1)
        bundle.signal(signal.SIGTERM)

        assert client.connection_error() == NO_ERROR
    assert bundle.wait_for_exit() == 0


def test_stop_does_not_wait_for_a_client_that_keeps_its_connection(serve_http2):
    bundle = serve_http2("echo:app")
    with Http2Client(bundle.address) as client:
        client.request(1)
        bundle.signal(signal.SIGTERM)

        assert bundle.wait_for_exit() == 0


def test_after_a_reload_a_connection_ends_with_its_next_request(serve_http2):
    bundle = serve_http2("echo:app")
    with Http2Client(bundle.address) as client:
        client.request(1)
        assert bundle.command("reload").returncode == 0
        assert client.request(3).status == 200

        assert client.connection_error() == NO_ERROR
        assert client.goaway.last_stream_id == 3


def test_an_idle_connection_keeps_no_old_workers(serve_http2):
    bundle = serve_http2("echo:app")
    with Http2Client(bundle.address) as client:
        client.request(1)
        assert bundle.command("reload").returncode == 0

        bundle.wait_for_arbiters(1)


def test_a_request_that_runs_through_a_reload_is_answered(serve_http2):
    waits = serve_http2("waits:app", workers=1)
    with Gate(waits.directory) as gate, Http2Client(waits.address) as client:
        client.ask(1, "/wait")
        gate.wait_until_reached()
        assert waits.command("reload").returncode == 0
        gate.let_through()

        assert client.answer(1).status == 200


def test_a_fast_stop_tells_and_ends_connections_at_once(serve_http2):
    waits = serve_http2("waits:app", workers=1)
    with Gate(waits.directory) as gate, Http2Client(waits.address) as client:
        client.ask(1, "/wait")
        gate.wait_until_reached()
        waits.expect_log("application error")  # the gate is gone before its process
        waits.signal(signal.SIGINT)
        assert client.answer(1).status == 503
    wait_until(lambda: waits.wait_for_exit() is not None, "its end")
