"""What holds for every request holds over HTTP/2: rates, times, maintenance, counts of clients, the client's own end."""

import shutil
import socket
import ssl
import subprocess
import time

import pytest
from apps.frames import BAD_HEADS
from hyperframe.frame import DataFrame, PingFrame, SettingsFrame, WindowUpdateFrame
from support.gate import Gate
from support.http2_client import CANCEL, NO_ERROR, PREFACE, SETTINGS_TIMEOUT, Http2Client

pytestmark = pytest.mark.front

NO_WINDOW = {SettingsFrame.INITIAL_WINDOW_SIZE: 0}


def drip(client, frame, until):
    """A frame now and then, until something is so."""
    while not until():
        pings = len(client.pings)
        client.send(frame, PingFrame(0, b"12345678"))
        client.read_until(lambda: len(client.pings) > pings, "PING")
        time.sleep(0.1)


# --- rates and times -------------------------------------------------------------------------------------------


def test_a_body_that_drips_is_answered_408(serve_http2):
    bundle = serve_http2("echo:app", settings=["http.body_min_rate=1M"])
    with Http2Client(bundle.address, deadline=60) as client:
        client.send(client.headers(1, client.fields("POST"), end=False))
        drip(client, DataFrame(1, b"x"), lambda: 1 in client.answers)

        assert client.answer(1).status == 408
        assert client.is_served(3)
    bundle.wait_for_log(r"sends its body more slowly than http\.body_min_rate \(1M/s\): 408")


def test_an_answer_that_is_sipped_is_reset(serve_http2):
    bundle = serve_http2("streams:app", settings=["http.send_min_rate=1M"])
    with Http2Client(bundle.address, deadline=60, settings=NO_WINDOW) as client:
        client.ask(1, "/large")
        client.read_until(lambda: 1 in client.answers, "the head")
        drip(client, WindowUpdateFrame(1, window_increment=10), lambda: client.answers[1].reset is not None)

        assert client.answers[1].reset == CANCEL
        assert 0 < len(client.answers[1].body) < 65536
    bundle.wait_for_log(r"more slowly than http\.send_min_rate \(1M/s\): closed")


def test_a_request_that_hangs_is_a_504_and_costs_its_stream_alone(serve_http2):
    hangs = serve_http2("hangs:app", workers=2, more='request_timeout = "1s"\nslow_after = "off"\n')
    with Http2Client(hangs.address) as client:
        client.ask(1, "/sleep")
        assert client.request(3).status == 200

        assert client.answer(1).status == 504
        assert client.is_served(5)
    hangs.wait_for_log("worker passed request_timeout, killing it")


def test_who_does_not_acknowledge_settings_is_closed(serve_http2):
    bundle = serve_http2("hello:app", settings=["http.head_timeout=500ms"])
    with Http2Client(bundle.address, begin=False) as client:
        client.acknowledges = False
        client.send_bytes(PREFACE + SettingsFrame(0).serialize())

        assert client.connection_error() == SETTINGS_TIMEOUT


# --- maintenance, counts ---------------------------------------------------------------------------------------


def test_maintenance_meets_open_connections(serve_http2):
    bundle = serve_http2("hello:app")
    with Http2Client(bundle.address) as client:
        assert client.is_served(1)
        assert bundle.command("maintenance", "on").returncode == 0
        answer = client.request(3)
        assert bundle.command("maintenance", "off").returncode == 0

        assert (answer.status, answer.fields["retry-after"]) == (503, "300")
        assert client.is_served(5)


def test_an_address_has_no_more_connections_than_it_may(secure, authority):
    bundle = secure("hello:app", settings=["http.max_connections_per_ip=2"])

    def connect():
        return Http2Client(bundle.address, tls=authority.client())

    with connect() as first, connect() as second:
        assert [client.request(1, scheme="https").status for client in (first, second)] == [200, 200]
        with pytest.raises((ssl.SSLError, OSError)):
            connect()
        assert first.request(3, scheme="https").status == 200
    bundle.wait_for_log(r"more connections than http\.max_connections_per_ip \(2\): 503")


# --- the client ends its side ----------------------------------------------------------------------------------


def test_who_ends_its_side_gets_what_workers_have_and_nothing_else(serve_http2):
    waits = serve_http2("waits:app", workers=1)
    with Gate(waits.directory) as gate, Http2Client(waits.address) as client:
        client.ask(1, "/wait")
        gate.wait_until_reached()
        client.ask(3, "/queued")
        client.send(client.headers(5, client.fields("POST", "/unfinished"), end=False), PingFrame(0, b"12345678"))
        client.read_until(lambda: client.pings, "all of that to be there")

        client.socket.shutdown(socket.SHUT_WR)
        for path in ("GET /queued", "POST /unfinished"):
            waits.wait_for_access_log(rf'"{path} HTTP/2\.0" 499')
        gate.let_through()

        assert client.answer(1).status == 200
        assert client.connection_error() == NO_ERROR
    assert waits.get("/").status == 200


def test_an_idle_client_that_ends_its_side_is_closed(serve_http2):
    bundle = serve_http2("hello:app")
    with Http2Client(bundle.address) as client:
        client.request(1)
        client.socket.shutdown(socket.SHUT_WR)
        while client.read_frame():
            pass


# --- answers ---------------------------------------------------------------------------------------------------


def test_a_head_that_is_none_is_a_500(serve_http2):
    frames = serve_http2("frames:app", settings=["http.keepalive_requests=1000"])
    frames.expect_log(r"application (error|mistake)|cannot be sent")
    with Http2Client(frames.address) as client:
        for number, name in enumerate(BAD_HEADS):
            answer = client.request(1 + 2 * number, f"/bad/{name}")
            assert (answer.status, b"never sent" in answer.body) == (500, False), name


def test_names_of_fields_are_sent_in_lower_case(http2):
    assert http2().request(1).fields["x-method"] == "GET"  # X-Method


def test_the_access_log_has_what_was_sent_of_the_body(serve_http2):
    streams = serve_http2("streams:app")
    with Http2Client(streams.address, settings={SettingsFrame.INITIAL_WINDOW_SIZE: 1000}) as client:
        client.request(1, "/small")
        client.request(3, "/small", method="HEAD")
        client.ask(5, "/large")
        client.read_until(lambda: 5 in client.answers and len(client.answers[5].body) == 1000, "a window")
        client.reset(5)

        streams.wait_for_access_log(r'"GET /small HTTP/2\.0" 200 2 ')
        streams.wait_for_access_log(r'"HEAD /small HTTP/2\.0" 200 [0-]')
        streams.wait_for_access_log(r'"GET /large HTTP/2\.0" 200 1000 ')


# --- another client --------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("h2load"), reason="nghttp2-client is not installed")
@pytest.mark.parametrize(("path", "options", "count"), [
    ("/small.txt", ["--clients", "10", "--max-concurrent-streams", "100"], 5000),
    ("/large.bin", ["--clients", "2", "--max-concurrent-streams", "2"], 4),
    ("/echo", ["--clients", "2", "--max-concurrent-streams", "10", "--data", "large.bin"], 10)],
    ids=["small", "large", "uploads"])
def test_h2load_is_answered(secure, directory, path, options, count):
    folder = directory / "0" / "files"
    folder.mkdir(parents=True)
    (folder / "small.txt").write_text("small")
    (folder / "large.bin").write_bytes(bytes(25 << 20))
    bundle = secure("echo:app", more='[http]\nmax_body = "100M"\n[[site]]\nroot = "{directory}/files"\n')

    said = subprocess.run(["h2load", "--requests", str(count), *options, f"https://127.0.0.1:{bundle.address[1]}{path}"],
                          cwd=folder, capture_output=True, text=True, timeout=120, check=True).stdout

    assert f"{count} succeeded, 0 failed, 0 errored" in said
    assert f"{count} 2xx" in said
