"""USR1 opens the logs again, for everyone who writes them."""

import os
import select
import signal

import pytest
from support.gate import Gate
from support.processes import DEADLINE, wait_until
from support.raw_client import request_bytes

LOGS = '[log]\npath = "{directory}/error.log"\n[log.access]\npath = "{directory}/access.log"\n'


@pytest.fixture
def logs(serve_app):
    """serve(module, more) -> a bundle that logs to files, and rotate()."""
    def serve(module, more="", **options):
        bundle = serve_app(module, more=more + LOGS, **options)

        def rotate():
            for name in ("error.log", "access.log"):
                (bundle.directory / name).rename(bundle.directory / f"{name}.1")
            bundle.signal(signal.SIGUSR1)
            wait_for_text(bundle, "error.log", "SIGUSR1: the logs are opened again")
        return bundle, rotate
    return serve


def wait_for_text(bundle, name, text):
    file = bundle.directory / name
    wait_until(lambda: file.exists() and text in file.read_text(), f"{text!r} in {name}")


def test_the_access_log_goes_on_in_a_new_file(logs):
    hello, rotate = logs("hello:app")
    hello.get("/before")
    wait_for_text(hello, "access.log", "/before")

    rotate()
    hello.get("/after")

    wait_for_text(hello, "access.log", "/after")
    assert "/after" not in (hello.directory / "access.log.1").read_text()


@pytest.mark.parametrize("captured", ["true", "false"])
def test_what_a_running_worker_logs_goes_to_the_new_file(logs, captured):
    prints, rotate = logs("prints:app", more=f"capture_output = {captured}\n")
    prints.get("/?before")

    rotate()

    def worker_has_gone_over():
        prints.get("/?now")
        return "now" in (prints.directory / "error.log").read_text()
    wait_until(worker_has_gone_over, "a line of the worker's in the new file")


def test_a_busy_worker_goes_over_after_its_request(logs):
    waits, rotate = logs("waits:app")
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        rotate()
        gate.let_through()
        assert client.read_answer().status == 200
    waits.stop()

    assert "worker 0" not in (waits.directory / "error.log.1").read_text().partition("born")[2]


def test_a_fifo_that_nobody_reads_holds_nobody_up(logs):
    hello, _ = logs("hello:app")
    log = hello.directory / "error.log"
    log.rename(hello.directory / "error.log.1")
    os.mkfifo(log)

    hello.signal(signal.SIGUSR1)

    wait_for_text(hello, "error.log.1", f"open log.path {log}: it is a FIFO that nobody reads; start its reader first")
    reloading = hello.command("reload")
    assert reloading.returncode == 1
    assert "it is a FIFO that nobody reads" in reloading.stderr


def test_a_fifo_that_is_read_is_a_log_like_another(serve_app, directory):
    fifo = directory / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        hello = serve_app("hello:app", more=f'[log.access]\npath = "{fifo}"\n')
        hello.get("/told")
        ready, _, _ = select.select([reader], [], [], DEADLINE)
        assert ready and b"GET /told" in os.read(reader, 65536)
    finally:
        os.close(reader)


def test_a_folder_that_is_gone_leaves_the_logs_as_they_are(logs):
    hello, _ = logs("hello:app")
    hello.directory.joinpath("error.log").unlink()
    hello.directory.joinpath("error.log").mkdir()

    hello.signal(signal.SIGUSR1)

    wait_until(lambda: hello.get("/").status == 200, "an answer")
    wait_for_text(hello, "access.log", "GET / ")
