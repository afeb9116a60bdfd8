"""admin.address: metrics for Prometheus, the status, health; and `bundle status`, which tells the same."""

import json
import os
import re
import signal
import socket

import pytest
from prometheus_client.parser import text_string_to_metric_families
from support.gate import Gate
from support.processes import DEADLINE, kill, wait_until
from support.raw_client import RawClient, request_bytes

pytestmark = pytest.mark.front

ADMIN = '[admin]\naddress = "unix:{directory}/admin.sock"\n'
SITES = ADMIN + """
[[site]]
app = "main"
[[site.route]]
path = "/wait/"
app = "main"
[[site.route]]
path = "/gone"
return = 410
"""


def ask(bundle, target, fields=(), method="GET"):
    with RawClient(str(bundle.directory / "admin.sock")) as client:
        return client.request(method, target, fields)


def metrics(bundle):
    """{(name, labels): value}; what the client library of Prometheus cannot read is an error."""
    answer = ask(bundle, "/metrics")
    assert answer.field("content-type") == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(answer.text))
    assert all(family.documentation and family.type != "unknown" for family in families)
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in families for sample in family.samples}


def value(bundle, name, **labels):
    return metrics(bundle).get((f"bundle_{name}", tuple(sorted(labels.items()))), 0)


def test_requests_are_counted_by_site_route_and_class(serve_app):
    waits = serve_app("waits:app", more=SITES)
    for target in ("/", "/other", "/gone"):
        waits.get(target)

    def requests(route, status):
        return value(waits, "requests_total", site="", route=route, status=status)

    assert (requests("", "2xx"), requests("/gone", "4xx"), requests("/gone", "2xx")) == (2, 1, 0)
    labels = {"site": "", "route": "", "part": "app"}
    assert value(waits, "request_seconds_count", **labels) == 2
    assert value(waits, "request_seconds_bucket", le="+Inf", **labels) == 2
    assert 0 < value(waits, "request_seconds_sum", **labels) < 10
    assert value(waits, "request_seconds_count", site="", route="/gone", part="app") == 0


def test_workers_and_the_queue_are_seen(serve_app):
    waits = serve_app("waits:app", workers=1, more=SITES)
    with Gate(waits.directory) as gate, waits.connect() as first, waits.connect() as second:
        first.send(request_bytes("GET", "/wait/here"))
        gate.wait_until_reached()
        second.send(request_bytes("GET", "/"))
        wait_until(lambda: value(waits, "queue_length", app="main") == 1, "a request in the queue")

        assert value(waits, "workers", app="main", state="busy") == 1
        assert value(waits, "queue_oldest_seconds", app="main") > 0
        assert value(waits, "worker_busy_seconds_total", app="main") > 0
        assert value(waits, "worker_memory_bytes", app="main", worker="0") > 1 << 20
        assert value(waits, "connections", state="waiting for the answer") == 2
        status = json.loads(ask(waits, "/status").body)
        assert status["apps"][0]["workers"][0]["request"]["line"] == "GET /wait/here"
        shown = waits.command("status").stdout
        assert "app main: 1 workers, 1 busy; 1 of at most 512 wait" in shown and "GET /wait/here" in shown
        gate.let_through()
        assert first.read_answer().status == second.read_answer().status == 200

    wait_until(lambda: value(waits, "workers", app="main", state="idle") == 1, "an idle worker")
    assert value(waits, "queue_length", app="main") == 0


def test_counters_survive_a_reload(serve_app):
    waits = serve_app("waits:app", more=SITES)
    waits.get("/gone")

    assert waits.command("reload").returncode == 0
    waits.get("/gone")

    assert value(waits, "requests_total", site="", route="/gone", status="4xx") == 2
    assert value(waits, "reloads_total", result="done") == 1
    assert value(waits, "generation") == 2


def test_a_reload_that_fails_is_counted(serve_app):
    waits = serve_app("waits:app", more=SITES)
    waits.expect_log("reload failed|unknown|site.toml")

    waits.site_file.write_text("nonsense = 1\n")
    assert waits.command("reload").returncode == 2

    wait_until(lambda: value(waits, "reloads_total", result="failed") == 1, "a failed reload")


def test_deaths_of_workers_are_counted_by_their_reason(serve_app):
    waits = serve_app("waits:app", workers=1, more=SITES)
    waits.expect_log("worker")
    worker = waits.workers()[0]

    kill(worker)

    wait_until(lambda: value(waits, "worker_ends_total", app="main", reason="SIGKILL") == 1, "a death")
    waits.wait_for_workers(1, without=[worker])


def test_limits_that_are_met_are_counted(serve_app):
    waits = serve_app("waits:app", more=SITES)
    with waits.connect() as client:
        client.send(request_bytes("POST", "/", [("Content-Length", "99999999")]))
        assert client.read_answer().status == 413

    assert value(waits, "limits_met_total", limit="http.max_body") == 1


def test_handshakes_and_certificates_are_told(secure, authority):
    site = secure("waits:app", more=SITES)
    assert site.get("/", tls=authority.client()).status == 200
    with site.connect() as client:
        client.send(request_bytes("GET", "/plain"))
        assert client.read_answer().status == 400

    assert value(site, "tls_handshakes_total", result="done") == 1
    assert value(site, "tls_handshakes_total", result="failed") == 1
    expires = [at for (name, _), at in metrics(site).items() if name == "bundle_certificate_not_after_seconds"]
    assert len(expires) == 1 and expires[0] > 1_700_000_000
    assert "expires on " in site.command("status").stdout


def test_admin_pages_are_no_pages_of_the_sites(serve_app):
    waits = serve_app("waits:app", more=SITES)

    assert "bundle_requests_total" not in waits.get("/metrics").text
    assert ask(waits, "/").status == 200
    assert ask(waits, "/gone").status == 404
    assert ask(waits, "/metrics", method="POST").status == 405
    assert (ask(waits, "/live").status, ask(waits, "/ready").status) == (200, 200)
    assert ask(waits, "/status").field("content-type") == "application/json"


def test_what_admins_ask_is_neither_counted_nor_logged(serve_app):
    waits = serve_app("waits:app", more=SITES)
    ask(waits, "/metrics")
    waits.get("/seen")

    assert value(waits, "requests_total", site="", route="", status="2xx") == 1
    waits.stop()
    assert ["/seen" in line for line in waits.output.lines()] == [True]


def test_only_those_who_are_allowed_may_ask(serve_app):
    waits = serve_app("waits:app", more='[admin]\naddress = "127.0.0.1:0"\nallow = ["127.0.0.2"]\n')
    host, port = waits.wait_for_log(r"admin\b").rsplit("http://", 1)[1].split(":")

    for source, status in (("127.0.0.1", 403), ("127.0.0.2", 200)):
        with RawClient((host, int(port)), source=source) as client:
            assert client.request("GET", "/metrics", [("X-Forwarded-For", "127.0.0.2")]).status == status


def test_it_comes_and_goes_with_a_reload(serve_app):
    waits = serve_app("waits:app")
    before = waits.site_file.read_text()
    path = waits.directory / "admin.sock"

    waits.site_file.write_text(ADMIN.replace("{directory}", str(waits.directory)) + before)
    assert waits.command("reload").returncode == 0
    assert ask(waits, "/live").status == 200

    waits.site_file.write_text(before)
    assert waits.command("reload").returncode == 0
    wait_until(lambda: not path.exists(), "the end of the admin's socket")


def test_restarts_of_front_and_arbiters_outlive_the_front(serve_app):
    waits = serve_app("waits:app", more=ADMIN)
    waits.expect_log(r"")

    def restarts(process):
        return value(waits, "restarts_total", process=process, reason="SIGKILL")

    for executable in ("bundle-front", "bundle-backend", "bundle-front"):
        old = waits.front() if executable == "bundle-front" else waits.arbiter()
        kill(old)
        waits.wait_for_new(executable, old)
        waits.get("/")

    wait_until(lambda: (restarts("front"), restarts("arbiter")) == (2, 1), "all three deaths")


def test_status_needs_no_admin_address(serve_app):
    waits = serve_app("waits:app", workers=2)
    waits.wait_for_workers(2)
    waits.get("/")

    def status_of_both():
        status = json.loads(waits.command("status", "--json").stdout)
        return status if len(status["apps"][0]["workers"]) == 2 else None
    status = wait_until(status_of_both, "two workers that have come to the front")

    assert status["generation"] == 1 and status["not_ready"] is None
    assert sum(route["2xx"] for route in status["requests"]) == 1


def test_a_status_that_is_long_comes_whole(serve_app):
    routes = "".join(f'[[site.route]]\npath = "/{"long" * 20}/{number}/"\nreturn = 404\n' for number in range(600))
    waits = serve_app("waits:app", more='[[site]]\napp = "main"\n' + routes)

    shown = waits.command("status", "--json").stdout

    assert len(shown) > 70_000
    assert len(json.loads(shown)["requests"]) > 600


def test_a_front_that_stands_still_keeps_nobody_from_commanding(serve_app):
    waits = serve_app("waits:app")
    front = waits.front()
    os.kill(front, signal.SIGSTOP)
    try:
        assert waits.command("scale", "main", "1").returncode == 0
    finally:
        os.kill(front, signal.SIGCONT)


def test_statsd_hears_of_requests_by_gunicorns_names(serve_app):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(DEADLINE)
        hello = serve_app("hello:app", more='[metrics.statsd]\nprefix = "shop"\ntags = { env = "live" }\n'
                          f'address = "127.0.0.1:{listener.getsockname()[1]}"\n')
        hello.get("/")
        lines = []
        wanted = {"shop.gunicorn.requests:1|c|@1.0|#env:live", "shop.gunicorn.workers:1|g|#env:live",
                  "shop.gunicorn.request.status.200:1|c|@1.0|#env:live"}
        while not wanted <= set(lines):
            lines += listener.recv(65536).decode().split("\n")

    assert any(re.fullmatch(r"shop\.gunicorn\.request\.duration:\d+\.\d{3}\|ms\|#env:live", line) for line in lines)


def test_statsd_hears_of_deaths_connections_and_what_is_shed(serve_app):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(DEADLINE)

        def hear(*wanted):
            lines = set()
            while not set(wanted) <= lines:
                lines |= set(listener.recv(65536).decode().split("\n"))

        waits = serve_app("waits:app", settings=["app.main.queue.max=1"],
                          more=f'[metrics.statsd]\naddress = "127.0.0.1:{listener.getsockname()[1]}"\n')
        waits.expect_log("worker")
        with Gate(waits.directory) as gate, waits.connect() as first, waits.connect() as second:
            first.send(request_bytes("GET", "/wait"))
            gate.wait_until_reached()
            second.send(request_bytes("GET", "/"))
            hear("bundle.conn.waiting_for_the_answer:2|g")
            assert waits.get("/").status == 503
            gate.let_through()
            assert first.read_answer().status == second.read_answer().status == 200
        hear("bundle.shed.queue_max:1|c|@1.0", "bundle.conn.waiting_for_the_answer:0|g")
        kill(waits.workers()[0])
        hear("bundle.workers.killed.SIGKILL:1|c|@1.0")


def test_statsd_hears_of_failures_by_gunicorns_names(serve_app, directory):
    path = str(directory / "statsd.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        listener.settimeout(DEADLINE)
        raises = serve_app("raises:app", more=f'[metrics.statsd]\naddress = "unix:{path}"\n')
        raises.expect_log("application error")
        assert raises.get("/before-head").status == 500
        wanted = {"gunicorn.log.exception:1|c|@1.0", "gunicorn.request.status.500:1|c|@1.0", "gunicorn.backlog:0|h",
                  "gunicorn.requests:1|c|@1.0"}
        lines = set()
        while not wanted <= lines:
            lines |= set(listener.recv(65536).decode().split("\n"))
