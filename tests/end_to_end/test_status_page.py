"""/status for people: the page, and the events by which it is live."""

import json

import pytest
from support.gate import Gate
from support.processes import kill
from support.raw_client import RawClient, request_bytes

ADMIN = '[admin]\naddress = "unix:{directory}/admin.sock"\n'


@pytest.fixture
def watched(serve_app):
    return serve_app("waits:app", more=ADMIN)


def ask(bundle, target, accept="", method="GET"):
    with RawClient(str(bundle.directory / "admin.sock")) as client:
        return client.request(method, target, [("Accept", accept)] if accept else [])


class Watcher:
    """Who has the page open: next() is the data of the next event of the usual kind."""

    def __init__(self, bundle):
        self.client = RawClient(str(bundle.directory / "admin.sock"))
        self.client.send(request_bytes("GET", "/status/events"))
        self.head = self.client.read_head()
        self.text = ""
        self.names = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()

    def next(self):
        """None when there are no more."""
        while True:
            while "\n\n" not in self.text:
                chunk = self.client.read_chunk()
                if not chunk:
                    return None
                self.text += chunk.decode()
            event, _, self.text = self.text.partition("\n\n")
            lines = event.split("\n")
            name = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
            data = "\n".join(line.removeprefix("data: ") for line in lines if line.startswith("data: "))
            self.names += name
            if not name:
                return json.loads(data)

    def until(self, condition):
        for _ in range(30):
            status = self.next()
            if condition(status):
                return status
        raise AssertionError("none of 30 events told it")


def test_browsers_get_a_page_and_programs_json(watched):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
    page = ask(watched, "/status", browser)

    assert page.field("content-type") == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.field("content-security-policy")
    assert page.text.startswith("<!doctype html>")
    assert ask(watched, "/", browser).text == page.text
    for accept in ("", "*/*", "application/json", "application/json, text/html;q=0.5"):
        assert ask(watched, "/status", accept).field("content-type") == "application/json"
    assert ask(watched, "/status", "text/plain").text.startswith("bundle ")


def test_the_page_has_all_its_parts(watched):
    for path, kind in (("page.css", "text/css"), ("page.js", "text/javascript"), ("icon.svg", "image/svg+xml")):
        part = ask(watched, f"/status/{path}")
        assert (part.status, part.field("content-type").split(";")[0]) == (200, kind)
        assert part.field("x-content-type-options") == "nosniff"
    assert ask(watched, "/status/other").status == 404


def test_whoever_watches_is_told_every_second(watched):
    with Watcher(watched) as watcher:
        assert watcher.head.field("content-type") == "text/event-stream"
        first = watcher.next()
        assert watcher.names == ["history"]
        assert first["apps"][0]["name"] == "main"
        watched.get("/")

        watcher.until(lambda status: status["traffic"] and status["traffic"]["requests"] > 0)
        assert watcher.next()["now"] > first["now"]


def test_what_a_worker_does_is_seen_while_it_does_it(watched):
    with Gate(watched.directory) as gate, watched.connect() as client, Watcher(watched) as watcher:
        client.send(request_bytes("GET", "/wait/here"))
        gate.wait_until_reached()

        status = watcher.until(lambda status: status["apps"][0]["busy"] == 1)

        assert status["apps"][0]["workers"][0]["request"]["line"] == "GET /wait/here"
        gate.let_through()
        assert client.read_answer().status == 200
        watcher.until(lambda status: status["apps"][0]["busy"] == 0)


def test_events_tell_of_deaths_with_their_reason_and_of_reloads(watched):
    watched.expect_log("worker")
    worker = watched.workers()[0]
    with Watcher(watched) as watcher:
        kill(worker)
        watcher.until(lambda status: ("trouble", "a worker of app main died: SIGKILL") in [
            (event["kind"], event["text"]) for event in status["events"]])
    watched.wait_for_workers(1, without=[worker])

    assert watched.command("reload").returncode == 0

    events = [event["text"] for event in ask(watched, "/status").json["events"]]
    assert "generation 2 serves" in events
    assert events[-1] == "the front began"


def test_a_reload_ends_what_is_watched_so_that_everyone_asks_again(watched):
    with Watcher(watched) as watcher:
        watcher.next()

        assert watched.command("reload").returncode == 0
        while watcher.next() is not None:
            pass

    with Watcher(watched) as watcher:
        assert watcher.next()["generation"] == 2


def test_so_many_may_watch_and_one_more_may_when_one_leaves(watched):
    watchers = [Watcher(watched) for _ in range(16)]
    assert {watcher.head.status for watcher in watchers} == {200}
    assert ask(watched, "/status/events").status == 503

    watchers.pop().client.close()
    one_more = None
    while one_more is None or one_more.head.status == 503:
        if one_more:
            one_more.client.close()
            watchers[0].next()  # a second
        one_more = Watcher(watched)
    assert one_more.next()["apps"]
    for watcher in [*watchers, one_more]:
        watcher.client.close()


def test_a_stop_does_not_wait_for_those_who_watch(watched):
    with Watcher(watched) as watcher:
        watcher.next()

        watched.stop()

        while watcher.next() is not None:
            pass


def test_a_head_request_for_the_events_ends(watched):
    head = ask(watched, "/status/events", method="HEAD")

    assert (head.status, head.field("content-type"), head.body) == (200, "text/event-stream", b"")
