"""More workers and fewer while it runs."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.gate import Gate
from support.load import Load
from support.processes import kill, wait_until
from support.raw_client import request_bytes


def test_ttin_adds_a_worker_and_ttou_takes_one_away(serve_app):
    waits = serve_app("waits:app", workers=1)

    waits.signal(signal.SIGTTIN)
    waits.wait_for_workers(2)
    waits.signal(signal.SIGTTOU)
    waits.wait_for_workers(1)

    assert waits.get("/").status == 200


def test_the_last_worker_stays(serve_app):
    waits = serve_app("waits:app", workers=1)

    waits.signal(signal.SIGTTOU)
    waits.wait_for_log("SIGTTOU: app main gets 1 workers")

    assert waits.get("/").status == 200


def test_scale_waits_until_the_workers_are_there(serve_app):
    waits = serve_app("waits:app", workers=1)

    ended = waits.command("scale", "main", "3")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith("app main: 3/3 workers\n")
    assert len(waits.workers()) == 3


def test_a_worker_that_is_too_many_finishes_its_request(serve_app):
    waits = serve_app("waits:app", workers=2, settings=["app.main.graceful_timeout=0s", "app.main.request_timeout=5m"])
    with Gate(waits.directory) as gate, waits.connect() as one, waits.connect() as two:
        for client in (one, two):
            client.send(request_bytes("POST", "/wait", body=b"once"))
        gate.wait_until_reached()
        waits.signal(signal.SIGTTOU)
        waits.wait_for_log("workers=1 before=2")
        gate.let_through(2)
        assert [client.read_answer().status for client in (one, two)] == [200, 200]
    waits.wait_for_workers(1)


def test_the_number_survives_the_arbiter_and_the_front_but_not_a_reload(serve_app):
    waits = serve_app("waits:app", workers=1)
    waits.expect_log("arbiter|front")
    assert waits.command("scale", "main", "2").returncode == 0

    arbiter, front = waits.arbiter(), waits.front()
    kill(arbiter)
    kill(front)
    waits.wait_for_new("bundle-backend", arbiter)
    waits.wait_for_new("bundle-front", front)
    waits.wait_for_workers(2)

    assert waits.command("reload").returncode == 0
    waits.wait_for_arbiters(1)
    waits.wait_for_workers(1)


@pytest.mark.parametrize(("arguments", "text"), [
    (("shop", "2"), "there is no app shop, but: main"),
    (("main", "0"), "not in range 1 to 512"),
    (("main", "513"), "not in range 1 to 512"),
    (("main", "many"), "many"),
])
def test_what_cannot_be_scaled_is_said(serve_app, arguments, text):
    hello = serve_app("hello:app")

    ended = hello.command("scale", *arguments)

    assert ended.returncode == 2
    assert text in ended.stderr


def test_who_waits_for_a_worker_that_cannot_boot_is_told_why(serve, directory):
    home = directory / "0"
    home.mkdir()
    (home / "naps.py").write_text(NAPS)
    naps = serve(ONE_OF_ITS_OWN)
    naps.expect_log("cannot boot")
    (home / "naps.py").write_text("raise ValueError('no database')")

    ended = naps.command("scale", "main", "2")

    assert ended.returncode == 4
    assert "app main: worker 1 could not boot" in ended.stderr
    assert "ValueError: no database" in ended.stderr
    assert ended.stderr.endswith("1 of 2 workers are there; the others are tried again\n")


def test_a_worker_that_ends_after_it_has_booted_is_none_that_cannot_boot(serve, directory):
    home = directory / "0"
    home.mkdir()
    (home / "naps.py").write_text(EXITS)
    naps = serve(ONE_OF_ITS_OWN + 'python_path = ["{apps}"]\nenv = { TEST_DIRECTORY = "{directory}" }\n')
    (home / "later").touch()
    with Gate(naps.directory) as gate, ThreadPoolExecutor() as threads:
        scaling = threads.submit(naps.command, "scale", "main", "2")
        gate.wait_until_reached()
        assert naps.post("/", b"").status == 502
        naps.wait_for_log("worker died .* exit=3 ")
        gate.let_through(2)

        ended = scaling.result()

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith("app main: 2/2 workers\n")


def test_the_hook_is_told_both_numbers(serve_app):
    hooked = serve_app("hooked:app", more='hooks = "hooked"\n')

    assert hooked.command("scale", "main", "2").returncode == 0

    wait_until(lambda: "nworkers_changed 2 1" in (hooked.directory / "hooks").read_text(), "the hook")


ONE_OF_ITS_OWN = """
[app.main]
wsgi = "naps:app"
directory = "{directory}"
workers = 1
preload = false
"""
BY_QUEUE = """
[app.main]
wsgi = "naps:app"
directory = "{directory}"
workers = { min = 1, max = 3 }
queue.timeout = "2s"
"""
EXITS = """
import os
from gates import pass_gate

if os.path.exists("later"):
    pass_gate()

def app(environ, start_response):
    os._exit(3)
"""
NAPS = """
import time

def app(environ, start_response):
    time.sleep(0.05)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
"""


@pytest.fixture
def naps(serve, directory):
    (directory / "0").mkdir()
    (directory / "0" / "naps.py").write_text(NAPS)
    return serve(BY_QUEUE)


def test_workers_come_when_requests_wait_and_go_one_by_one_when_they_have_nothing_to_do(naps):
    with Load(naps, clients=8) as load:
        naps.wait_for_workers(3)
        naps.wait_for_log(r"app main: 3 workers in place of 2: requests wait for 0\.\d+s")
        load.wait_for_more(20)
    naps.wait_for_workers(1, deadline=60)
    naps.wait_for_log(r"app main: 1 workers in place of 2: more than one had nothing to do for 6s")

    assert load.failures == []
    assert naps.get("/").status == 200


def test_a_reload_under_load_begins_with_as_many_workers_as_there_are(naps):
    with Load(naps, clients=8) as load:
        old = naps.wait_for_workers(3)
        ended = naps.command("reload")
        assert ended.stdout.endswith("generation 2 serves\n")
        assert "app main: 3/3 ready\n" in ended.stdout
        naps.wait_for_arbiters(1)
        naps.wait_for_workers(3, without=old)
    assert load.failures == []


def test_who_says_a_number_has_it_until_the_next_reload(naps):
    assert naps.command("scale", "main", "2").returncode == 0
    naps.wait_for_log("app main: its queue changes the number no more, until the next reload")
    arbiter = naps.arbiter()
    naps.expect_log("arbiter")
    kill(arbiter)
    naps.wait_for_new("bundle-backend", arbiter)
    naps.wait_for_workers(2)
    wait_until(lambda: naps.get("/").status == 200, "a worker")
    with Load(naps, clients=8) as load:
        load.wait_for_more(60)
        assert len(naps.workers()) == 2
    assert load.failures == []


def test_the_number_by_queue_survives_the_arbiter_and_the_front(naps):
    naps.expect_log("arbiter|front")
    with Load(naps, clients=8):
        naps.wait_for_workers(3)
    arbiter, front = naps.arbiter(), naps.front()
    kill(arbiter)
    kill(front)
    naps.wait_for_new("bundle-backend", arbiter)
    naps.wait_for_new("bundle-front", front)
    naps.wait_for_workers(3)
    wait_until(lambda: naps.get("/").status == 200, "a worker")
