"""USR1 opens the logs again, for everyone who writes them."""

import signal

import pytest
from support.gate import Gate
from support.processes import wait_until
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


def test_a_folder_that_is_gone_leaves_the_logs_as_they_are(logs):
    hello, _ = logs("hello:app")
    hello.directory.joinpath("error.log").unlink()
    hello.directory.joinpath("error.log").mkdir()

    hello.signal(signal.SIGUSR1)

    wait_until(lambda: hello.get("/").status == 200, "an answer")
    wait_for_text(hello, "access.log", "GET / ")
