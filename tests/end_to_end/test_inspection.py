"""What an operator sees of bundle's processes while they run: titles and stacks."""

import re
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
        seconds = re.compile(r"bundle-backend: main worker 0 \[GET /wait/long (\d+)\.\ds\]")
        wait_until(lambda: seconds.fullmatch(title_of(worker)), "its first second")
        wait_until(lambda: int(seconds.fullmatch(title_of(worker))[1]) >= 2, "its next one")
        gate.let_through()
        client.read_answer()
    wait_until(is_idle, "an idle worker")
    assert waits.get("/").status == 200
    wait_until(is_idle, "an idle worker")


def test_a_worker_tells_where_it_stands_when_somebody_asks(serve_app):
    waits = serve_app("waits:app", workers=2)
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        [busy] = [pid for pid in waits.workers() if "GET /wait" in title_of(pid)]

        told = waits.command("stack", str(busy))

        assert told.returncode == 0, told.stderr
        assert re.match(rf'worker slot=\d pid={busy} request="GET /wait" request_id=\S+ client="127\.0\.0\.1" ', told.stdout)
        assert re.search(r'gates\.py", line \d+ in pass_gate\n.*\Z', told.stdout)
        gate.let_through()
        assert client.read_answer().status == 200


def test_who_is_no_worker_has_no_stack_to_tell(serve_app):
    hello = serve_app("hello:app")

    told = hello.command("stack", str(hello.front()))

    assert told.returncode == 1
    assert told.stderr == f"no worker has the pid {hello.front()}; bundle status shows them\n"
