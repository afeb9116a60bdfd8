"""What ps and top show of bundle's processes."""

from pathlib import Path

from support.gate import Gate
from support.processes import wait_until
from support.raw_client import request_bytes


def title_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").decode()


def test_each_process_says_what_it_is(serve_app):
    hello = serve_app("hello:app")

    assert title_of(hello.pid) == "bundle: bundle master"
    assert title_of(hello.front()) == "bundle-front: bundle"
    assert title_of(hello.arbiter()) == "bundle-backend: main arbiter g1"


def test_a_worker_says_what_it_does(serve_app):
    waits = serve_app("waits:app", workers=1)
    [worker] = waits.workers()

    def is_idle():
        return title_of(worker) == "bundle-backend: main worker 0 [idle]"

    wait_until(is_idle, "an idle worker")
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait/long?token=secret"))
        gate.wait_until_reached()
        assert title_of(worker) == "bundle-backend: main worker 0 [GET /wait/long]"
        gate.let_through()
        client.read_answer()
    wait_until(is_idle, "an idle worker")
