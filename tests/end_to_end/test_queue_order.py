"""Who waits for whom: a request waits for the first worker that is free, whatever worker it was meant for."""

import threading
from concurrent.futures import ThreadPoolExecutor

from support.gate import Gate
from support.processes import kill

CLIENTS = 16


def quick_requests(bundle, done):
    """Each over its own connection until `done`; how many were answered."""
    answered = 0
    with bundle.connect() as client:
        while not done.is_set():
            assert client.request("GET", "/").status == 200
            answered += 1
    return answered


def test_nobody_waits_behind_a_long_request_while_another_worker_is_free(serve_app):
    waits = serve_app("waits:app", workers=2)
    done = threading.Event()
    with Gate(waits.directory) as gate, ThreadPoolExecutor(CLIENTS + 1) as threads:
        load = [threads.submit(quick_requests, waits, done) for _ in range(CLIENTS)]
        # The workers have requests ahead of their time when one of them meets the gate.
        long = threads.submit(lambda: waits.get("/wait"))
        gate.wait_until_reached()

        done.set()
        answered = [client.result(timeout=30) for client in load]
        assert not long.done()
        gate.let_through()
        assert long.result(timeout=30).status == 200
    assert min(answered) > 0


def test_a_request_that_was_ahead_is_served_by_the_successor_of_a_dead_worker(serve_app):
    waits = serve_app("waits:app", workers=1)
    (worker,) = waits.wait_for_workers(1)
    done = threading.Event()
    with Gate(waits.directory) as gate, ThreadPoolExecutor(CLIENTS + 1) as threads:
        load = [threads.submit(quick_requests, waits, done) for _ in range(CLIENTS)]
        long = threads.submit(lambda: waits.post("/wait", b"once"))
        gate.wait_until_reached()
        waits.expect_log(r"worker died .*signal=SIGKILL")

        done.set()
        kill(worker)

        assert long.result(timeout=30).status == 502
        for client in load:
            client.result(timeout=30)
