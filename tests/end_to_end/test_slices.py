"""`bundle workers`, `bundle requests` and `bundle queue`, and what the status knows without the front."""

import json
import os
import re
import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager

import pytest
from support.bundle_process import BIN, bundle_environment, run_bundle
from support.gate import Gate
from support.http2_client import Http2Client
from support.processes import wait_until
from support.raw_client import request_bytes

LOOKS_END_WITHIN = 6  # s: who looks waits for 3 s, and the machine may be busy
BREAKS = """
def app(environ, start_response):
    start_response("200 OK", [])
    return [b"ok"]
"""
ROUTES = '[[site]]\nhosts = ["shop.example"]\napp = "main"\n[[site.route]]\npath = "/wait/"\nmax_in_flight = 1\n'


def told(bundle, verb, *arguments):
    shown = bundle.command(verb, "--json", *arguments)
    assert shown.returncode == 0, shown.stderr
    return json.loads(shown.stdout)


def workers_of(bundle):
    return told(bundle, "workers")["apps"][0]["workers"]


@contextmanager
def standing_still(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_workers_tell_their_age_their_work_and_what_they_do(serve_app):
    waits = serve_app("waits:app", workers=2)
    pids = waits.wait_for_workers(2)
    for _ in range(3):
        waits.get("/")
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait/here?for=it"))
        gate.wait_until_reached()

        workers = workers_of(waits)
        shown = waits.command("workers", "main").stdout
        gate.let_through()
        request_id = client.read_answer().field("x-request-id")

    [busy] = [worker for worker in workers if worker["state"] == "busy"]
    assert busy["request"]["line"] == "GET /wait/here?for=it" and busy["request"]["id"] == request_id
    assert sorted(worker["pid"] for worker in workers) == sorted(pids)
    assert sum(worker["requests"] for worker in workers) == 3
    for worker in workers:
        assert worker["age_seconds"] > 0 and worker["memory"] > 1 << 20 and worker["cpu_seconds"] >= 0
        assert not worker["leaving"] and not worker["overdue"]
    heading, columns, *lines = shown.splitlines()
    assert heading == "app main: 2 workers, 1 busy"
    assert columns.split() == ["worker", "pid", "state", "age", "requests", "memory", "cpu", "does"]
    assert len(lines) == 2 and any(f"GET /wait/here?for=it  {request_id}" in line for line in lines)


def test_the_threads_of_a_worker_stand_below_each_other(serve_app):
    waits = serve_app("waits:app", workers=1, settings=["app.main.threads=2"])
    with Gate(waits.directory) as gate, waits.connect() as one, waits.connect() as two:
        for number, client in enumerate((one, two)):
            client.send(request_bytes("GET", f"/wait/{number}"))
        wait_until(lambda: [worker["state"] for worker in workers_of(waits)] == ["busy"] * 2, "two requests")

        workers = workers_of(waits)
        gate.let_through(2)
        assert one.read_answer().status == two.read_answer().status == 200

    assert {worker["request"]["line"] for worker in workers} == {"GET /wait/0", "GET /wait/1"}
    assert len({worker["pid"] for worker in workers}) == 1
    assert [worker["memory"] is None for worker in workers] == [False, True]


def test_requests_tell_where_they_are_and_for_how_long(serve_app):
    waits = serve_app("waits:app", workers=1, more=ROUTES)
    [pid] = waits.wait_for_workers(1)
    with (Gate(waits.directory) as gate, waits.connect() as first, waits.connect() as second,
          waits.connect() as third):
        first.send(request_bytes("GET", "/wait/here?a=b", [("Host", "shop.example")]))
        gate.wait_until_reached()
        second.send(request_bytes("POST", "/", [("Host", "shop.example")], body=b"whole"))
        third.send(b"GET /half HTTP/1.1\r\nHo")
        wait_until(lambda: told(waits, "requests")["count"] == 3, "three requests")

        all_ = told(waits, "requests")
        of_app = told(waits, "requests", "main")
        shown = waits.command("requests").stdout
        gate.let_through()
        ids = [first.read_answer().field("x-request-id"), second.read_answer().field("x-request-id")]

    assert all_["states"] == {"reading": 1, "queued": 1, "running": 1, "sending": 0}
    running, queued, reading = all_["requests"]
    assert (running["state"], running["method"], running["host"], running["target"], running["worker_pid"]) == (
        "running", "GET", "shop.example", "/wait/here?a=b", pid)
    assert (running["site"], running["route"], running["app"]) == ("shop.example", "/wait/", "main")
    assert (queued["state"], queued["method"], queued["worker_pid"]) == ("queued", "POST", None)
    assert (reading["state"], reading["method"], reading["client"]) == ("reading", None, "127.0.0.1")
    assert [running["id"], queued["id"]] == ids
    for request in all_["requests"]:
        assert 0 < request["state_seconds"] <= request["seconds"] < 60
    assert of_app["count"] == 2
    assert shown.startswith("3 requests in progress: 1 reading, 1 queued, 1 running\n")
    assert re.search(rf"running .* {pid} .*GET shop.example/wait/here\?a=b  on /wait/ of shop.example, app main\n", shown)
    assert "(its head is not there)" in shown


def test_an_answer_that_its_client_does_not_take_is_being_sent(serve_app):
    answers = serve_app("waits:app", more='[[site]]\napp = "main"\n[[site.route]]\npath = "/files/"\n'
                        'directory = "{directory}"\n')
    (answers.directory / "large").write_bytes(b"x" * (64 << 20))
    with answers.connect() as client:
        client.send(request_bytes("GET", "/files/large"))

        def sending():
            return told(answers, "requests")["states"]["sending"] == 1

        wait_until(sending, "a request whose answer is sent")
        assert told(answers, "requests")["requests"][0]["app"] is None
    assert wait_until(lambda: answers.command("requests").stdout == "no request is in progress\n", "its end")


def test_of_many_requests_the_oldest_are_listed_and_the_bound_is_told(serve_app):
    waits = serve_app("waits:app")
    with ExitStack() as stack:
        for _ in range(210):
            stack.enter_context(waits.connect()).send(b"GET / HT")
        wait_until(lambda: told(waits, "requests")["count"] == 210, "210 requests")

        listed = told(waits, "requests")
        shown = waits.command("requests").stdout

    assert listed["most_listed"] == len(listed["requests"]) == 200
    ages = [request["seconds"] for request in listed["requests"]]
    assert ages == sorted(ages, reverse=True)
    assert shown.startswith("210 requests in progress: 210 reading; the 200 oldest are shown\n")
    assert len(shown.splitlines()) == 202


def test_requests_of_http2_are_listed_too(serve_http2):
    waits = serve_http2("waits:app", workers=2)
    with Gate(waits.directory) as gate, Http2Client(waits.address) as client:
        for stream in (1, 3):
            client.ask(stream, f"/wait/{stream}")
        wait_until(lambda: told(waits, "requests")["count"] == 2, "two streams")

        targets = {request["target"] for request in told(waits, "requests")["requests"]}
        gate.let_through(2)
        assert [client.answer(stream).status for stream in (1, 3)] == [200, 200]

    assert targets == {"/wait/1", "/wait/3"}


def test_the_queue_tells_who_waits_who_waited_and_who_was_dropped(serve_app):
    waits = serve_app("waits:app", workers=2, more=ROUTES, settings=["app.main.queue.max=1"])
    waits.wait_for_workers(2)
    assert "no request so far" in waits.command("queue").stdout
    fields = [("Host", "shop.example")]
    waits.get("/", fields)
    with Gate(waits.directory) as gate, waits.connect() as first, waits.connect() as second:
        first.send(request_bytes("GET", "/wait/1", fields))
        gate.wait_until_reached()
        second.send(request_bytes("GET", "/wait/2", fields))
        wait_until(lambda: told(waits, "queue")["apps"][0]["queue"]["waiting"] == 1, "one that waits")
        with waits.connect() as third:
            assert third.request("GET", "/wait/3", fields).status == 503

        [app] = told(waits, "queue", "main")["apps"]
        shown = waits.command("queue").stdout
        status = json.loads(waits.command("status", "--json").stdout)
        gate.let_through(2)
        assert first.read_answer().status == second.read_answer().status == 200

    queue = app["queue"]
    assert (app["name"], queue["max"], queue["in_flight"]) == ("main", 1, 1)
    assert queue["oldest_seconds"] > 0
    assert queue["waited"]["requests"] == 1 and 0 <= queue["waited"]["p50_seconds"] <= queue["waited"]["p95_seconds"]
    assert queue["drops"] == {"full": 1, "share": 0, "timeout": 0, "client left": 0}
    assert queue["routes"] == [{"route": "shop.example /wait/", "in_flight": 1, "max_in_flight": 1, "waiting": 1}]
    assert status["apps"][0]["queue"].keys() == queue.keys()
    assert shown.startswith("app main: 1 of at most 1 wait, the oldest for ")
    assert "  route      shop.example /wait/: 1 of at most 1 at workers, 1 wait\n" in shown


@pytest.mark.parametrize("verb", ["workers", "requests", "queue"])
def test_an_unknown_app_is_a_wrong_usage(serve_app, verb):
    hello = serve_app("hello:app")

    shown = hello.command(verb, "shop")

    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr == "there is no app shop, but: main\n"


@pytest.mark.parametrize("verb", ["workers", "requests", "queue"])
def test_where_nothing_runs_that_is_said(directory, verb):
    shown = run_bundle(verb, "--control", directory / "none.sock")

    assert shown.returncode == 1
    assert "no bundle runs here" in shown.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="to become another user takes root")
def test_who_may_not_ask_is_told_whom_to_ask(serve_app):
    hello = serve_app("hello:app")
    hello.directory.chmod(0o755)
    (hello.directory / "run").chmod(0o755)

    shown = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", BIN / "bundle", "workers", "--control",
                            hello.directory / "run" / "control.sock"], env=bundle_environment(), text=True,
                           capture_output=True, check=False)

    assert shown.returncode == 1
    assert "may not command the bundle" in shown.stderr and "control.mode" in shown.stderr


def test_a_front_that_does_not_answer_is_told_of_with_what_else_is_known(serve_app):
    waits = serve_app("waits:app", workers=1)
    [pid] = waits.wait_for_workers(1)
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait/here"))
        gate.wait_until_reached()
        with standing_still(waits.front()):
            began = time.monotonic()
            text, json_, queue = (waits.command("status"), waits.command("workers", "--json"), waits.command("queue"))
            took = time.monotonic() - began
        gate.let_through()
        assert client.read_answer().status == 200

    assert took < 3 * LOOKS_END_WITHIN
    assert [shown.returncode for shown in (text, json_, queue)] == [1, 1, 1]
    assert "the front has not answered for 3 s pid=" in text.stderr
    assert text.stdout.startswith("app main: 1 workers, 1 busy\n") and "GET /wait/here" in text.stdout
    [worker] = json.loads(json_.stdout)["apps"][0]["workers"]
    assert worker["pid"] == pid and worker["request"]["line"] == "GET /wait/here"
    assert queue.stdout == "" and "only it knows this" in queue.stderr
    assert waits.command("status").returncode == 0  # the answers that came too late are nobody's


def test_a_worker_that_stays_after_its_504_is_shown_with_its_request(serve_app):
    hangs = serve_app("hangs:app", workers=1, settings=["app.main.request_timeout=1s"])
    hangs.expect_log("request_timeout|worker|stuck|arbiter")
    with hangs.connect() as client, standing_still(hangs.arbiter()):  # which would kill it
        client.send(request_bytes("GET", "/sleep"))
        assert client.read_answer().status == 504

        [worker] = workers_of(hangs)
        shown = hangs.command("status").stdout

    assert worker["overdue"] and worker["state"] == "busy"
    assert worker["request"]["line"] == "GET /sleep" and worker["request"]["seconds"] >= 1
    assert re.search(r"overdue .* GET /sleep  \w{26}\n", shown)
    hangs.wait_for_log("killing it")


def test_the_status_tells_of_workers_that_are_wanted_and_do_not_boot(serve, directory):
    home = directory / "0"
    home.mkdir()
    (home / "breaks.py").write_text(BREAKS)
    breaks = serve('[app.main]\nwsgi = "breaks:app"\ndirectory = "{directory}"\nworkers = 1\npreload = false\n')
    breaks.expect_log("cannot boot")
    (home / "breaks.py").write_text("raise ValueError('no database')")

    assert breaks.command("scale", "main", "3").returncode == 4

    [app] = told(breaks, "workers")["apps"]
    assert (app["workers_min"], app["workers_wanted"]) == (1, 3)
    assert "app main: 1 of 3 workers (1 configured), 0 busy; 0 of at most 512 wait\n" in breaks.command("status").stdout
    (home / "breaks.py").write_text(BREAKS)
    wait_until(lambda: "app main: 3 workers (1 configured)" in breaks.command("status").stdout, "all workers",
               deadline=30)


def test_a_worker_that_boots_is_shown(serve, directory):
    home = directory / "0"
    home.mkdir()
    (home / "slow_import.py").write_text("from gates import pass_gate\n" + BREAKS)
    site = ('[app.main]\nwsgi = "slow_import:app"\ndirectory = "{directory}"\nworkers = 1\npreload = false\n'
            'python_path = ["{apps}"]\nenv = { TEST_DIRECTORY = "{directory}" }\n')
    boots = serve(site)
    (home / "slow_import.py").write_text("from gates import pass_gate\npass_gate()\n" + BREAKS)
    with Gate(boots.directory) as gate:
        boots.signal(signal.SIGTTIN)
        gate.wait_until_reached()

        states = sorted((worker["state"], worker["pid"] > 0) for worker in workers_of(boots))
        gate.let_through()
    assert states == [("booting", True), ("idle", True)]
    boots.wait_for_workers(2)
