"""Whoever is stuck is there, and would be waited for, for ever: the master asks, and ends it."""

import os
import signal

import pytest
from support.gate import Gate
from support.installation import Installation
from support.processes import kill, wait_until, wait_until_gone
from support.raw_client import request_bytes

HOOKS = """
import threading

def child_exit(server, worker):
    threading.Event().wait()
"""
APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
"""
SITE = """
[app.main]
wsgi = "stuck:app"
hooks = "hooks_that_hang"
directory = "{directory}"
workers = 2
"""


def test_a_front_that_is_stuck_is_replaced(serve_app):
    hello = serve_app("hello:app")
    hello.expect_log("front has not answered for 1[0-9] s, killing it|front died")
    front = hello.front()

    os.kill(front, signal.SIGSTOP)

    hello.wait_for_log(r'front has not answered for .* killing it pid=\d+ state="stopped by a signal"', deadline=30)
    hello.wait_for_log('front died .* sent_by=bundle why=stuck')
    hello.wait_for_new("bundle-front", front)
    wait_until(lambda: hello.get("/").status == 200, "an answer")


def test_a_hook_that_hangs_ends_with_an_error_and_the_arbiter_goes_on(serve, directory):
    home = directory / "0"
    home.mkdir()
    (home / "stuck.py").write_text(APP)
    (home / "hooks_that_hang.py").write_text(HOOKS)
    stuck = serve(SITE)
    stuck.expect_log(r"python$|child_exit")
    arbiter, old = stuck.arbiter(), stuck.wait_for_workers(2)

    kill(old[0])

    stuck.wait_for_log("TimeoutError: the hook child_exit ran for 10 s in the arbiter", deadline=30)
    stuck.wait_for_workers(2, without=old[:1])
    assert stuck.arbiter() == arbiter
    stuck.stop(deadline=60)


def test_an_arbiter_that_is_stuck_is_replaced(serve_app, full):
    if not full:
        pytest.skip("takes half a minute: --full")
    hello = serve_app("hello:app")
    hello.expect_log("arbiter has not answered for 3[0-9] s, killing it|arbiter died")
    arbiter = hello.arbiter()

    os.kill(arbiter, signal.SIGSTOP)

    hello.wait_for_log("arbiter has not answered for", deadline=60)
    wait_until_gone(arbiter)
    hello.wait_for_workers(1)
    wait_until(lambda: hello.get("/").status == 200, "an answer")


def test_a_front_that_leaves_and_is_stuck_is_ended(serve_app, directory, full):
    if not full:
        pytest.skip("takes a quarter of a minute: --full")
    installation = Installation(directory / "bin")
    waits = serve_app("waits:app", programs=installation.folder)
    waits.expect_log("front has not answered for 1[0-9] s, killing it|front died")
    front = waits.front()
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        assert waits.command("upgrade", deadline=60).returncode == 0

        os.kill(front, signal.SIGSTOP)

        wait_until_gone(front, deadline=30)
        gate.let_through()
    waits.wait_for_arbiters(1)
    assert waits.get("/").status == 200


def test_an_arbiter_that_leaves_and_is_stuck_is_ended(serve_app, full):
    if not full:
        pytest.skip("takes half a minute: --full")
    waits = serve_app("waits:app")
    waits.expect_log("arbiter has not answered for 3[0-9] s, killing it|arbiter died")
    arbiter = waits.arbiter()
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        assert waits.command("reload").returncode == 0

        os.kill(arbiter, signal.SIGSTOP)

        wait_until_gone(arbiter, deadline=60)
    waits.wait_for_arbiters(1)
    assert waits.get("/").status == 200
