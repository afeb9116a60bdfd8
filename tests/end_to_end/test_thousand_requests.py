"""A thousand requests of every fate, and what the logs tell of them."""

import collections
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.gate import Gate
from support.processes import wait_until
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

SITE = """
[log.access]
format = "json"
[http]
max_body = "1K"
keepalive_requests = 100
[[site]]
app = "main"
health = true
[[site.route]]
path = "/files/"
directory = "{directory}/files"
[[site.route]]
path = "/hang/"
request_timeout = "1s"
"""
QUEUE = 8
SHED = 7
REASONS = {
    413: "Content-Length is above http.max_body",
    499: "the client left",
    503: "the queue is full",
    504: "it ran for longer than its request_timeout",
}


class Asked:
    """Every request has a target of its own; what each was answered, and its id."""

    def __init__(self, bundle):
        self.bundle = bundle
        self.statuses = {}
        self.ids = {}

    def note(self, target, answer):
        self.statuses[target] = answer.status
        self.ids[target] = answer.field("x-request-id")

    def one_after_the_other(self, method, targets, fields=()):
        """Over one connection for as long as the server keeps it."""
        client = self.bundle.connect()
        for target in targets:
            answer = client.request(method, target, fields)
            self.note(target, answer)
            if answer.field("connection") == "close":
                client.close()
                client = self.bundle.connect()
        client.close()


def quick_ones(asked, etag):
    with ThreadPoolExecutor(4) as clients:
        running = [
            clients.submit(asked.one_after_the_other, "GET", [f"/ok/{n}" for n in range(501)]),
            clients.submit(asked.one_after_the_other, "GET", [f"/files/page.txt?{n}" for n in range(200)],
                           [("If-None-Match", etag)]),
            clients.submit(asked.one_after_the_other, "GET", [f"/files/none?{n}" for n in range(150)]),
            clients.submit(asked.one_after_the_other, "POST", [f"/large/{n}" for n in range(128)],
                           [("Content-Length", "2000")]),
        ]
        for each in running:
            each.result()


def those_who_wait(asked):
    """Two at the gate, a full queue that then leaves, and those for whom there was no room in it."""
    bundle = asked.bundle
    with Gate(bundle.directory) as gate, bundle.connect() as first, bundle.connect() as second:
        served = {"/wait/1": first, "/wait/2": second}
        for target, client in served.items():
            client.send(request_bytes("GET", target))
        gate.wait_until_reached()
        queued = {f"/left/{n}": bundle.connect() for n in range(QUEUE)}
        for target, client in queued.items():
            client.send(request_bytes("GET", target))
        wait_until(lambda: bundle.get("/-/ready").status == 503, "a full queue")
        asked.one_after_the_other("GET", [f"/shed/{n}" for n in range(SHED)])
        for target, client in queued.items():
            client.reset()
            asked.statuses[target] = 499
        wait_until(lambda: bundle.get("/-/ready").status == 200, "an empty queue")
        gate.let_through(2)
        for target, client in served.items():
            asked.note(target, client.read_answer())


def those_who_cost_a_worker(asked):
    bundle = asked.bundle
    with bundle.connect() as first, bundle.connect() as second:
        served = {"/hang/1": first, "/hang/2": second}
        for target, client in served.items():
            client.send(request_bytes("GET", target))
        for target, client in served.items():
            asked.note(target, client.read_answer())
    for target in ("/crash/1", "/crash/2"):
        with bundle.connect() as client:
            asked.note(target, client.request("POST", target))


def test_a_thousand_requests_of_every_fate_have_one_record_each(serve_app, directory):
    (directory / "0" / "files").mkdir(parents=True)
    (directory / "0" / "files" / "page.txt").write_text("page")
    app = serve_app("fates:app", workers=2, more=SITE, settings=(f"app.main.queue.max={QUEUE}",))
    app.expect_log("request_timeout|status=502|worker died|output")
    asked = Asked(app)

    first = app.get("/files/page.txt")
    asked.note("/files/page.txt", first)
    quick_ones(asked, first.field("etag"))
    those_who_wait(asked)
    those_who_cost_a_worker(asked)
    app.stop()

    assert len(asked.statuses) == 1001
    assert collections.Counter(asked.statuses.values()) == {
        200: 504, 304: 200, 404: 150, 413: 128, 499: QUEUE, 503: SHED, 504: 2, 502: 2}
    records = collections.defaultdict(list)
    for record in map(json.loads, app.output.lines()):
        records[record["target"]].append(record)
    for target, status in asked.statuses.items():
        assert len(records[target]) == 1, (target, records[target])
        record = records[target][0]
        assert (record["status"], record["request_id"]) == (status, asked.ids.get(target, record["request_id"]))
        assert record["reason"] == REASONS.get(status) or (status == 502 and record["reason"])
    the_id_leads_to_line_output_and_stack(app, asked.ids["/hang/1"])


def the_id_leads_to_line_output_and_stack(app, request_id):
    lines = app.log.lines()
    found = [number for number, line in enumerate(lines) if request_id in line]
    assert sum(request_id in line for line in app.output.lines()) == 1
    assert any("asked for /hang/1" in lines[number] for number in found)
    killed = next(number for number in found if "passed request_timeout, killing it" in lines[number])
    assert any("fates.py" in line for line in lines[killed:killed + 10])
