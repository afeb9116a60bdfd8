"""What load balancers are told at /-/live and /-/ready: the truth, at once, whatever the workers do."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.gate import Gate
from support.processes import wait_until

SITE = """
[app.main]
wsgi = "waits:app"
directory = "{apps}"
workers = 1
env = { TEST_DIRECTORY = "{directory}" }
queue = { max = 1 }
[[site]]
health = true
app = "main"
"""


def health(bundle, which="ready"):
    answer = bundle.get(f"/-/{which}")
    assert answer.field("cache-control") == "no-store"
    return answer.status, answer.text


@pytest.fixture
def bundle(serve):
    return serve(SITE)


def test_a_bundle_that_serves_is_alive_and_ready(bundle):
    assert health(bundle, "live") == (200, "ok\n")
    assert health(bundle) == (200, "ok\n")


def test_a_busy_application_keeps_nobody_waiting_and_is_ready_as_long_as_its_queue_has_room(bundle):
    with Gate(bundle.directory) as gate, ThreadPoolExecutor(2) as threads:
        busy = threads.submit(lambda: bundle.get("/wait"))
        gate.wait_until_reached()
        assert health(bundle) == (200, "ok\n")

        queued = threads.submit(lambda: bundle.get("/"))
        wait_until(lambda: health(bundle) == (503, "app main: its queue is full\n"), "a full queue")
        assert health(bundle, "live") == (200, "ok\n")

        gate.let_through()
        assert (busy.result().status, queued.result().status) == (200, 200)
    assert health(bundle) == (200, "ok\n")


def test_an_application_without_workers_is_not_ready(serve):
    bundle = serve(SITE.replace('"waits:app"', '"waits_at_import:app"\npreload = false'), ready=False)
    with Gate(bundle.directory) as gate:
        gate.wait_until_reached()
        assert health(bundle) == (503, "app main: 0 of 1 workers are ready\n")
        assert health(bundle, "live") == (200, "ok\n")

        gate.let_through()
        bundle.wait_until_ready()
        assert health(bundle) == (200, "ok\n")


def test_a_bundle_that_is_told_to_stop_is_not_ready_while_it_serves_on(serve):
    bundle = serve(SITE, settings=["server.drain_delay=60s"])

    bundle.signal(signal.SIGTERM)

    wait_until(lambda: health(bundle) == (503, "bundle is told to stop\n"), "the front to know")
    assert health(bundle, "live") == (200, "ok\n")
    assert bundle.get("/").status == 200
    bundle.tell_to_hurry()


def test_a_site_without_health_leaves_the_paths_to_its_application(serve):
    bundle = serve(SITE.replace("health = true", ""))

    assert bundle.get("/-/ready").text.isdigit()  # the worker's number


def test_health_is_asked_by_http_where_everything_else_is_led_to_https(serve):
    bundle = serve(SITE.replace("health = true", 'health = true\nhosts = ["shop.test"]\nhttps = "redirect"'))

    with bundle.connect() as client:
        assert client.request("GET", "/-/ready", host="shop.test").status == 200
        assert client.request("GET", "/", host="shop.test").status == 301
