"""Processes that are killed: who notices, who comes back, and what no client may notice."""

import os
import random
import signal
import time

import pytest
from support.gate import Gate
from support.load import Load
from support.processes import kill, wait_until, wait_until_gone
from support.raw_client import BadAnswer, request_bytes

BACK_WITHIN = 5.0  # promised is a second; the machine that tests may be busy or run a sanitizer


def test_a_killed_idle_worker_is_replaced(serve_app):
    waits = serve_app("waits:app", workers=2)
    old = waits.wait_for_workers(2)

    kill(old[0])

    new = waits.wait_for_workers(2, without=old[:1], deadline=BACK_WITHIN)
    assert old[1] in new
    assert waits.get("/").status == 200


def test_killing_idle_workers_under_load_loses_no_request(serve_app):
    waits = serve_app("waits:app", workers=4)
    workers = waits.wait_for_workers(4)

    with Load(waits, clients=1) as load:
        load.wait_for_more(20)
        for worker in workers:
            kill(worker)
            waits.wait_for_workers(4, without=[worker])
            load.wait_for_more(20)

    assert load.failures == []


def test_killing_workers_under_load_loses_no_get_and_no_more_than_one_post_each(serve_app, kills):
    waits = serve_app("waits:app", workers=4)
    waits.wait_for_workers(4)

    with Load(waits, clients=3) as gets, Load(waits, clients=3, method="POST") as posts:
        for _ in range(kills):
            gets.wait_for_more(50)
            victim = random.choice(waits.workers())
            kill(victim)
            waits.wait_for_workers(4, without=[victim], deadline=30)

    assert gets.failures == []
    assert len(posts.failures) <= kills
    for answer in posts.failures:
        assert answer.status == 502
        waits.wait_for_log(rf"status=502 .* method=POST .*request_id={answer.field('x-request-id')}")


def test_a_worker_that_somebody_else_tells_to_leave_says_so(serve_app):
    waits = serve_app("waits:app", workers=1)
    [worker] = waits.wait_for_workers(1)

    os.kill(worker, signal.SIGTERM)

    waits.wait_for_log(rf"told to leave by a SIGTERM not by bundle: process {os.getpid()} sent it")
    waits.wait_for_workers(1, without=[worker])


def test_a_get_whose_worker_dies_is_answered_by_another(serve_app):
    waits = serve_app("waits:app", workers=1)
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        [first] = waits.workers()

        kill(first)
        wait_until_gone(first)
        [second] = waits.wait_for_workers(1, without=[first])
        gate.let_through()
        answer = client.read_answer()

    assert answer.status == 200
    assert answer.body == str(second).encode()
    waits.wait_for_log(rf'{first}\b.* signal=SIGKILL sent_by="not by bundle" peak_memory=')


def test_a_post_whose_worker_dies_is_a_502_with_its_request_id(serve_app):
    waits = serve_app("waits:app", workers=1)
    waits.expect_log(r"died|killed|lost")
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("POST", "/wait", body=b"once only"))
        gate.wait_until_reached()
        [worker] = waits.workers()

        kill(worker)
        answer = client.read_answer()

    assert answer.status == 502
    request_id = answer.field("x-request-id")
    assert request_id in answer.text
    waits.wait_for_workers(1, without=[worker])
    waits.wait_for_log(rf'worker died .*pid={worker} signal=SIGKILL .*request="POST /wait" request_id={request_id}')
    waits.wait_for_log(rf"front\[\d+\] request refused status=502 .*request_id={request_id}")
    assert waits.get("/").status == 200


def test_a_worker_that_dies_within_its_answer_breaks_the_answer_off(serve_app):
    streams = serve_app("streams:app", workers=1)
    streams.expect_log(r"died|killed|lost")
    with Gate(streams.directory) as gate, streams.connect() as client:
        client.send(request_bytes("GET", "/gated"))
        client.read_head()
        assert client.read_chunk() == b"first\n"
        gate.wait_until_reached()

        kill(streams.workers()[0])
        with pytest.raises((BadAnswer, ConnectionResetError)):
            client.read_chunk()

    assert streams.get("/").body == b"ok"


def test_a_killed_arbiter_comes_back_with_its_workers(serve_app):
    waits = serve_app("waits:app", workers=2)
    waits.expect_log(r"arbiter|backend")
    arbiter, workers = waits.arbiter(), waits.wait_for_workers(2)

    kill(arbiter)

    for worker in workers:
        wait_until_gone(worker)
    waits.wait_for_new("bundle-backend", arbiter, BACK_WITHIN)
    waits.wait_for_workers(2, without=workers, deadline=BACK_WITHIN)
    assert waits.get("/").status == 200


def test_the_death_of_an_arbiter_is_explained_with_who_died_with_it(serve_app):
    waits = serve_app("waits:app", workers=2)
    waits.expect_log("arbiter died")
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("POST", "/wait?died", body=b"once"))
        gate.wait_until_reached()
        kill(waits.arbiter())

        waits.wait_for_log(r'arbiter died pid=\d+ signal=SIGKILL sent_by="not by bundle" peak_memory=\d+M '
                           r"age=\d+\.\ds, starting it again")
        waits.wait_for_log(r'worker died with its arbiter pid=\d+ served=0 request="POST /wait\?died"')
        assert client.read_answer().status == 502
    assert len([line for line in waits.log.lines() if "worker died with its arbiter" in line]) == 2


def test_a_request_waits_for_an_arbiter_that_comes_back(serve_app):
    waits = serve_app("waits:app", workers=1)
    waits.expect_log(r"arbiter|backend")
    [worker] = waits.wait_for_workers(1)

    kill(waits.arbiter())
    wait_until_gone(worker)

    assert waits.get("/").status == 200


def test_a_killed_front_comes_back_and_its_workers_stay(serve_app):
    waits = serve_app("waits:app", workers=2)
    waits.expect_log(r"front")
    front, workers = waits.front(), waits.wait_for_workers(2)

    kill(front)
    waits.wait_for_new("bundle-front", front, BACK_WITHIN)

    assert waits.get("/").status == 200
    assert waits.workers() == workers


def test_a_front_that_is_killed_under_load_listens_again_at_once(serve_app):
    waits = serve_app("waits:app", workers=2)
    waits.expect_log(r"front")
    front, workers = waits.front(), waits.wait_for_workers(2)

    with Load(waits) as load:
        load.wait_for_more(100)
        kill(front)
        began = time.monotonic()
        # The master holds the listener: who connects meanwhile waits in its backlog.
        assert waits.get("/").status == 200
        back_within = time.monotonic() - began

    assert back_within < BACK_WITHIN
    assert waits.workers() == workers


def test_a_killed_master_takes_everything_with_it(serve_app):
    waits = serve_app("waits:app", workers=2, ready=True)
    waits.expect_log(r"")
    family = [waits.front(), waits.arbiter(), *waits.workers()]

    kill(waits.pid)

    assert waits.wait_for_exit() == -9
    for pid in family:
        wait_until_gone(pid)
    waits.assert_nothing_left()
    waits.expect_exit(-9)


def test_a_worker_that_dies_again_and_again_is_not_started_in_a_busy_loop(serve_app):
    waits = serve_app("waits:app", workers=1)
    waits.expect_log(r"")
    seen = set()
    for _ in range(3):
        [worker] = waits.wait_for_workers(1, without=seen)
        seen.add(worker)
        kill(worker)

    wait_until(lambda: set(waits.workers()) - seen, "one more worker", deadline=30)
    assert waits.get("/", deadline=30).status == 200
