"""Stopping: TERM finishes what was begun, INT and a second TERM hurry."""

import os
import re
import signal
import socket
import threading

import pytest
from support.gate import Gate
from support.http2_client import Http2Client
from support.processes import wait_until
from support.raw_client import BadAnswer, RawClient, request_bytes

pytestmark = pytest.mark.front


def test_term_answers_what_is_running_and_what_is_queued(serve_app):
    waits = serve_app("waits:app", workers=1)
    clients = [waits.connect() for _ in range(5)]
    with Gate(waits.directory) as gate:
        for client in clients:
            client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()

        waits.signal(signal.SIGTERM)
        wait_until(lambda: refuses(waits.address), "bundle to stop listening")
        gate.let_through(len(clients))
        answers = [client.read_answer() for client in clients]

    assert [answer.status for answer in answers] == [200] * len(clients)
    assert {answer.field("connection") for answer in answers} == {"close"}
    assert waits.wait_for_exit() == 0
    for client in clients:
        client.close()


def refuses(address):
    try:
        socket.create_connection(address, timeout=5).close()
        return False
    except (ConnectionRefusedError, ConnectionResetError):  # reset: it was closed in just this moment
        return True


def test_term_closes_idle_connections_at_once(serve_app):
    waits = serve_app("waits:app", workers=1)
    with waits.connect() as idle, waits.connect() as silent:
        idle.request("GET", "/")

        waits.signal(signal.SIGTERM)

        assert idle.is_closed()
        assert silent.is_closed()
    assert waits.wait_for_exit() == 0


def test_term_does_not_wait_for_a_client_that_keeps_its_connection(serve_app):
    streams = serve_app("streams:app", workers=1)
    with Gate(streams.directory) as gate, streams.connect() as client:
        client.send(request_bytes("GET", "/gated"))
        client.read_head()
        client.read_chunk()
        streams.signal(signal.SIGTERM)
        wait_until(lambda: refuses(streams.address), "bundle to stop listening")
        gate.let_through()

        assert [client.read_chunk(), client.read_chunk()] == [b"second\n", b""]
        assert client.is_closed()
        assert streams.wait_for_exit(deadline=5) == 0


def test_stop_under_load_answers_every_accepted_request(serve_app):
    hello = serve_app("hello:app", workers=2)
    terminated = threading.Event()
    enough = threading.Semaphore(0)
    lost = []

    def keep_asking():
        while True:
            sent_before = False
            try:
                with hello.connect() as client:
                    client.send(request_bytes("GET", "/"))
                    sent_before = not terminated.is_set()
                    if client.read_answer().status != 200:
                        lost.append("not a 200")
                    enough.release()
            except ConnectionRefusedError:
                return
            except (OSError, AssertionError) as error:
                # Whoever came after the signal may meet a listener that is about to close.
                if sent_before:
                    lost.append(error)
                if terminated.is_set():
                    return

    threads = [threading.Thread(target=keep_asking) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        assert enough.acquire(timeout=10)
    terminated.set()
    hello.signal(signal.SIGTERM)
    for thread in threads:
        thread.join()

    assert lost == []
    assert hello.wait_for_exit() == 0


def test_int_does_not_wait_for_the_application(serve_app):
    waits = serve_app("waits:app", workers=1)
    waits.expect_log(r"")
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()

        waits.signal(signal.SIGINT)

        assert waits.wait_for_exit() in (0, 130)
        waits.expect_exit(0, 130)


def test_a_second_term_hurries(serve_app):
    waits = serve_app("waits:app", workers=1)
    waits.expect_log(r"")
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        waits.signal(signal.SIGTERM)
        wait_until(lambda: refuses(waits.address), "bundle to stop listening")

        waits.tell_to_hurry()

        waits.wait_for_exit()
        waits.expect_exit(0, 1, 130, 143)


def test_a_term_that_comes_twice_at_a_time_is_one(serve_app):
    waits = serve_app("waits:app", workers=1)
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()

        waits.signal(signal.SIGTERM)
        waits.signal(signal.SIGTERM)

        wait_until(lambda: refuses(waits.address), "bundle to stop listening")
        gate.let_through()
        assert client.read_answer().status == 200
    assert waits.wait_for_exit() == 0


def test_term_serves_on_for_the_drain_delay(serve_app):
    waits = serve_app("waits:app", workers=1, settings=["server.drain_delay=1500ms"])
    with waits.connect() as kept:
        kept.request("GET", "/")
        waits.signal(signal.SIGTERM)
        waits.wait_for_log(r"not ready, serving on")

        assert waits.get("/").status == 200
        assert kept.request("GET", "/").field("connection") != "close"
        wait_until(lambda: refuses(waits.address), "bundle to stop listening")
        assert kept.is_closed()
    assert waits.wait_for_exit() == 0


def test_a_second_term_does_not_wait_for_the_drain_delay(serve_app):
    waits = serve_app("waits:app", workers=1, settings=["server.drain_delay=1h"])
    waits.signal(signal.SIGTERM)
    waits.wait_for_log(r"not ready, serving on")

    waits.tell_to_hurry()

    assert waits.wait_for_exit() == 0


def test_what_is_cut_off_at_drain_timeout_is_told(serve_app):
    waits = serve_app("waits:app", workers=1, settings=["server.drain_timeout=300ms"])
    waits.expect_log(r"")
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait?for=ever"))
        gate.wait_until_reached()

        waits.signal(signal.SIGTERM)

        told = waits.wait_for_log(r'request cut off while="waiting for the answer" client=127\.0\.0\.1 '
                                  r'begins="GET /wait\?for=ever.*" elapsed=\d+\.\d{3}s request_id=\S+')
        answer = client.read_answer()
        assert (answer.status, answer.field("connection")) == (503, "close")
        assert told.rpartition("=")[2] in answer.text
        assert client.is_closed()
        waits.wait_for_access_log('"GET /wait[?]for=ever HTTP/1.1" 503 ')
        waits.wait_for_exit()
        waits.expect_exit(0, 1)


def test_what_comes_while_it_stops_is_said_to_come_too_late(serve_app):
    waits = serve_app("waits:app", workers=2)
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        waits.signal(signal.SIGTERM)
        wait_until(lambda: refuses(waits.address), "bundle to stop listening")

        for number, name in ((signal.SIGHUP, "SIGHUP"), (signal.SIGTTIN, "SIGTTIN"), (signal.SIGUSR2, "SIGUSR2")):
            waits.signal(number)
            waits.wait_for_log(f"{name}: bundle is stopping")
        scaled = waits.command("scale", "main", "3")
        assert (scaled.returncode, scaled.stderr) == (1, "bundle is stopping\n")
        gate.let_through()
        assert client.read_answer().status == 200
    assert waits.wait_for_exit() == 0
    assert not [line for line in waits.log.lines() if "without a front" in line]


def test_stop_says_how_many_requests_were_cut_off(serve_app):
    waits = serve_app("waits:app", workers=1, settings=["server.drain_timeout=300ms"])
    waits.expect_log(r"")
    with Gate(waits.directory) as gate, waits.connect() as client, waits.connect() as queued:
        client.send(request_bytes("GET", "/wait?for=ever"))
        gate.wait_until_reached()
        queued.send(request_bytes("GET", "/wait?queued"))

        ended = waits.command("stop")

        assert ended.returncode == 0, ended.stderr
        assert ended.stdout.endswith("stopped; requests that were cut off, and stand in the log: 2\n")
        assert [client.read_answer().status, queued.read_answer().status] == [503, 503]


def test_a_stream_of_http2_that_is_cut_off_is_told(serve_http2):
    waits = serve_http2("waits:app", settings=["server.drain_timeout=300ms"])
    waits.expect_log(r"")
    with Gate(waits.directory) as gate, Http2Client(waits.address) as client:
        client.ask(1, "/wait?for=ever")
        gate.wait_until_reached()

        waits.signal(signal.SIGTERM)

        assert client.answer(1).status == 503


def test_what_a_worker_still_does_at_the_end_is_told_with_where_it_stands(serve_app):
    waits = serve_app("waits:app", workers=2, settings=["server.drain_timeout=300ms"])
    waits.expect_log(r"")
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("POST", "/wait?for=ever", [("X-Request-ID", "not-ours")], b"once"))
        gate.wait_until_reached()

        waits.signal(signal.SIGTERM)

        told = waits.wait_for_log(r'worker did not leave in time, killing it slot=\d pid=\d+ why=stop '
                                  r'request="POST /wait\?for=ever" request_id=\S+ client="127\.0\.0\.1" '
                                  r'queued=\d\.\d{3}s elapsed=\d\.\d{3}s')
        waits.wait_for_log(r'^ .*gates\.py", line \d+ in pass_gate', begin=waits.log.lines().index(told))
        waits.wait_for_exit()
        waits.expect_exit(0, 1)
    assert len([line for line in waits.log.lines() if "did not leave in time" in line]) == 1


def test_a_thread_that_keeps_a_worker_is_named(serve, directory):
    (directory / "0").mkdir()
    (directory / "0" / "ledger.py").write_text(LEDGER)
    ledger = serve('[app.main]\nwsgi = "ledger:app"\ndirectory = "{directory}"\nworkers = 1\ngraceful_timeout = "1s"\n')
    assert ledger.get("/").status == 200

    ledger.signal(signal.SIGTERM)

    ledger.wait_for_log(r'worker 0\[\d+\] waiting for threads of the application that are no daemons: "ledger"')
    told = ledger.wait_for_log("worker did not leave in time, killing it .* request=none")
    ledger.wait_for_log(r'^ .*ledger\.py", line \d+ in book', begin=ledger.log.lines().index(told))
    assert ledger.wait_for_exit() == 0


LEDGER = """
import threading

def book():
    threading.Event().wait()

def app(environ, start_response):
    threading.Thread(target=book, name="ledger").start()
    start_response("200 OK", [("Content-Length", "0")])
    return [b""]
"""


def test_the_run_directory_is_left_empty(serve_app):
    hello = serve_app("hello:app")

    hello.stop()

    assert os.listdir(hello.directory / "run") == []


def test_who_connects_while_it_stops_is_served_or_refused(serve_app):
    """One that the kernel let in before the listener closed would be reset."""
    hello = serve_app("hello:app", workers=2, more='[[listen]]\naddress = "127.0.0.1:0"\n')
    ports = re.findall(r"listening: http://127\.0\.0\.1:(\d+)", "\n".join(hello.log.lines()))
    [port] = {int(port) for port in ports} - {hello.address[1]}  # of the listener that is its own
    served, broken = [], []

    def come_again_and_again():
        while True:
            try:
                client = RawClient(("127.0.0.1", port))
            except ConnectionRefusedError:
                return
            with client:
                try:
                    served.append(client.request("GET", "/", [("Connection", "close")]).status)
                except (OSError, BadAnswer) as error:
                    broken.append(error)

    threads = [threading.Thread(target=come_again_and_again) for _ in range(8)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(served) > 500, "many clients")
    hello.stop()
    for thread in threads:
        thread.join()

    assert not broken
    assert set(served) == {200}
