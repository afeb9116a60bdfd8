"""threads = k: k requests at a time in one worker, and everything that holds for one holds for each of them."""

import json
import signal

from support.gate import Gate
from support.processes import kill, wait_until, wait_until_gone
from support.raw_client import request_bytes

THREADS = 4


def ask_all(clients, target):
    for client in clients:
        client.send(request_bytes("GET", target))


def test_a_worker_serves_as_many_requests_at_a_time_as_it_has_threads(serve_app):
    meets = serve_app("meets:app", more=f"threads = {THREADS}\n")
    clients = [meets.connect() for _ in range(THREADS)]

    ask_all(clients, "/meet")
    answers = [json.loads(client.read_answer().body) for client in clients]

    assert {answer["pid"] for answer in answers} == set(meets.workers())
    assert len({answer["thread"] for answer in answers}) == THREADS
    assert all(answer["multithread"] for answer in answers)
    for client in clients:
        client.close()


def test_requests_go_to_the_worker_with_the_most_idle_threads(serve_app):
    waits = serve_app("waits:app", workers=2, more="threads = 2\n", settings=["log.level=debug"])
    wait_until(lambda: sum("worker connected" in line for line in waits.log.lines()) == 4, "each thread to connect")
    clients = [waits.connect() for _ in range(2)]
    with Gate(waits.directory) as gate:
        ask_all(clients, "/wait")
        gate.wait_until_reached()
        gate.let_through(len(clients))
        pids = {client.read_answer().body for client in clients}

    assert len(pids) == 2
    for client in clients:
        client.close()


def test_term_answers_what_every_thread_has_begun(serve_app):
    waits = serve_app("waits:app", more=f"threads = {THREADS}\n")
    clients = [waits.connect() for _ in range(THREADS + 2)]
    with Gate(waits.directory) as gate:
        ask_all(clients, "/wait")
        gate.wait_until_reached()
        waits.signal(signal.SIGTERM)
        gate.let_through(len(clients))
        answers = [client.read_answer() for client in clients]

    assert [answer.status for answer in answers] == [200] * len(clients)
    assert waits.wait_for_exit() == 0
    for client in clients:
        client.close()


def test_the_death_of_a_worker_tells_every_request_that_it_had(serve_app):
    meets = serve_app("meets:app", more="threads = 2\n")
    meets.expect_log(r"died|killed|lost")
    clients = [meets.connect() for _ in range(2)]
    for client in clients:
        client.send(request_bytes("POST", "/meet", body=b"once"))
    meets.wait_for_log(" 2 here$")
    with meets.connect() as other:  # both threads are taken: this one waits for the next worker
        other.send(request_bytes("GET", "/"))
        [worker] = meets.workers()

        kill(worker)
        wait_until_gone(worker)
        assert [client.read_answer().status for client in clients] == [502, 502]
        assert other.read_answer().status == 200

    line = meets.wait_for_log(rf"worker died slot=0 pid={worker}")
    assert line.count('request="POST /meet"') == 2
    for client in clients:
        client.close()
