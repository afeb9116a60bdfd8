"""Workers that have done enough make place for others, and nobody loses a request by it; new ones warm up first."""

import re
import threading

import pytest
from support.open_loop import open_loop
from support.processes import wait_until
from support.raw_client import RawClient

pytestmark = pytest.mark.front


class Crowd:
    """Clients that ask again and again, each over one connection until the server closes it, until nobody should."""

    def __init__(self, address, count=8):
        self.errors, self.answers = [], 0
        self._address, self._enough = address, threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _ask(self):
        while not self._enough.is_set():
            with RawClient(self._address, deadline=30) as client:
                answer = None
                while not self._enough.is_set() and (answer is None or answer.field("connection") != "close"):
                    try:
                        answer = client.request("POST", "/", (), b"a body")
                    except (OSError, AssertionError) as error:
                        self.errors.append(error)
                        return
                    self.answers += 1
                    if answer.status != 200:
                        self.errors.append(answer.status)


def recycled(bundle):
    return [line for line in bundle.log.lines() if re.search(r"recycling worker \d+: ", line)]


def test_no_request_fails_while_workers_are_recycled(serve_app, recyclings):
    echo = serve_app("echo:app", workers=3, settings=["app.main.max_requests=50"])

    with Crowd(echo.address) as crowd:
        wait_until(lambda: len(recycled(echo)) >= recyclings or crowd.errors, "workers to be recycled", 60 + recyclings)

    assert crowd.errors == []
    assert crowd.answers > recyclings * 50
    assert re.search(r"recycling worker \d+: served \d+ requests pid=\d+$", recycled(echo)[0])


def test_the_replacement_comes_first_and_one_at_a_time(serve_app):
    echo = serve_app("echo:app", workers=3, settings=["app.main.max_requests=50"])
    running, counts = 0, []

    with Crowd(echo.address):
        wait_until(lambda: len(recycled(echo)) >= 12, "twelve workers to be recycled", 60)
    echo.stop()

    stopped = next(at for at, line in enumerate(echo.log.lines()) if "SIGTERM" in line)
    for line in echo.log.lines()[:stopped]:
        running += ("worker born " in line) - ("worker left " in line)
        counts.append(running)
    assert set(counts[counts.index(3):]) == {3, 4}


@pytest.mark.timeout(900)  # with --full it is ten minutes
def test_no_worker_is_missing_while_those_that_boot_slowly_are_recycled(serve, directory, full):
    boot, rate, seconds = (5, 500, 600) if full else (0.2, 100, 4)
    (directory / "0").mkdir()
    (directory / "0" / "boots.py").write_text(f"import time\ntime.sleep({boot})\nfrom hello import app\n")
    boots = serve('[app.main]\nwsgi = "boots:app"\ndirectory = "{directory}"\npython_path = ["{apps}"]\npreload = false\n'
                  'workers = 8\nmin_ready = 8\nmax_requests = 10\nmax_requests_jitter = 0\n'
                  # A busy machine makes the clients late, and then they all come at once.
                  'queue = { max = 100_000, timeout = "1m" }\n[log]\nlevel = "debug"\n')
    everybody = open_loop(boots.address, [(rate, seconds)], patience=30)
    boots.stop()

    assert {asked.status for asked in everybody} == {200}
    assert len(recycled(boots)) >= min(seconds / boot, 8) / 2
    spare, least = 0, 0
    for line in boots.log.lines():
        if "SIGTERM" in line:
            break
        spare += (" takes over from worker " in line) - ("worker left " in line)
        least = min(least, spare)
    assert least == 0  # nobody leaves before its successor is connected


def test_a_worker_that_leaks_is_recycled(serve_app):
    leaks = serve_app("leaks:app", settings=["app.main.max_rss=150M"])
    first = leaks.get("/").body

    with Crowd(leaks.address, count=1) as crowd:
        wait_until(lambda: recycled(leaks) or crowd.answers > 1000, "the worker to be recycled", 60)
        wait_until(lambda: leaks.get("/").body != first, "its successor")

    assert crowd.errors == []
    assert re.search(r"recycling worker 0: holds \d+M of memory, more than 150M", recycled(leaks)[0])


def test_a_worker_that_is_old_is_recycled(serve_app):
    waits = serve_app("waits:app", settings=["app.main.max_age=1s"])
    first = waits.get("/").body

    wait_until(lambda: waits.get("/").body != first, "another worker")

    assert "recycling worker 0: older than 1s" in recycled(waits)[0]


def test_workers_warm_up_before_they_take_requests(serve_app):
    warms = serve_app("warms:app", workers=1, settings=['app.main.warmup=["/cache?all=1", "/large"]'],
                      more='[[site]]\nhosts = ["*.shop.example", "shop.example"]\n')

    answer = warms.get("/", [("User-Agent", "curl"), ("Host", "shop.example")])

    assert answer.text == "shop.example/cache?all=1 shop.example/large?"
    assert not [line for line in warms.output.lines() if "/cache" in line]  # no client has asked for it


@pytest.mark.parametrize(("path", "reason"), [("/broken", "with an error"), ("/unavailable", "503")])
def test_a_worker_that_cannot_warm_up_does_not_boot(serve_app, path, reason):
    warms = serve_app("warms:app", ready=False, settings=[f'app.main.warmup=["{path}"]'])
    warms.expect_log(r"cannot boot|RuntimeError|application error|could not boot|Traceback|  File|    ")
    warms.expect_exit(3)

    assert warms.wait_for_exit(30) == 3
    warms.wait_for_log(rf"GET {path} of app\.main\.warmup was answered {reason}")
    if path == "/broken":
        warms.wait_for_log("RuntimeError: the cache cannot be filled")


def test_ready_is_told_when_enough_workers_are(serve_app):
    waits = serve_app("waits:app", workers=3, settings=["app.main.min_ready=3"])

    ready = next(at for at, line in enumerate(waits.log.lines()) if re.search(r"\] ready$", line))
    assert [line for line in waits.log.lines()[:ready] if "app main: 3/3 workers" in line]
