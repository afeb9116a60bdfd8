"""`bundle top` and `bundle slow`: what goes on, and what took long."""

import json
import os
import pty
import re
import select
import subprocess

from support.bundle_process import BIN, bundle_environment
from support.processes import DEADLINE, wait_until
from support.raw_client import RawClient

ROUTE = 'slow_after = "300ms"\n[[site]]\napp = "main"\n[[site.route]]\npath = "/report"\napp = "main"\n'


def slow(bundle):
    return json.loads(bundle.command("slow", "--json").stdout)


def test_without_a_terminal_top_shows_one_screen(serve_app):
    waits = serve_app("waits:app")
    waits.get("/")

    shown = waits.command("top")

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("bundle ")
    for part in ("\nrequests ", "\ntime ", "\nmemory ", "\napp main: 1 workers", "\nevents\n", "  the front began\n"):
        assert part in shown.stdout
    assert "\x1b" not in shown.stdout
    assert waits.command("top", "--once").stdout.startswith("bundle ")


class Terminal:
    """`bundle top` at a terminal of so many rows."""

    def __init__(self, bundle, rows=40):
        self.end, other = pty.openpty()
        subprocess.run(["stty", "rows", str(rows), "cols", "100"], stdin=other, check=True)
        self.process = subprocess.Popen([BIN / "bundle", "top", "--control", bundle.directory / "run" / "control.sock"],
                                        stdin=other, stdout=other, stderr=other, env=bundle_environment())
        os.close(other)
        self.text = ""

    def read_until(self, wanted):
        while wanted not in self.text:
            assert select.select([self.end], [], [], DEADLINE)[0], self.text
            self.text += os.read(self.end, 65536).decode()
        before, _, self.text = self.text.partition(wanted)
        return before

    def press(self, key):
        os.write(self.end, key.encode())


def test_at_a_terminal_top_goes_on_until_q_is_pressed(serve_app):
    terminal = Terminal(serve_app("waits:app"), rows=6)

    terminal.read_until("\x1b[?1049h")
    screen = terminal.read_until("\x1b[J")
    assert screen.count("\r\n") == 5
    terminal.read_until("\x1b[H")  # again
    terminal.press("q")

    terminal.read_until("\x1b[?1049l")
    assert terminal.process.wait(DEADLINE) == 0
    os.close(terminal.end)


def test_top_says_that_nothing_runs(serve_app):
    waits = serve_app("waits:app")
    waits.stop()

    shown = waits.command("top")

    assert shown.returncode == 1
    assert "no bundle runs here" in shown.stderr


def test_slow_requests_are_listed_by_route_with_where_they_stood(serve_app):
    hangs = serve_app("hangs:app", more=ROUTE)
    hangs.expect_log("slow_after")
    assert hangs.command("slow").stdout == "no request has taken longer than slow_after\n"

    ids = [hangs.get("/report?0.8").field("x-request-id") for _ in range(2)]
    hangs.get("/nap?0.01")
    [group] = wait_until(lambda: [group for group in slow(hangs) if group["stacks"] and not group["running"]],
                         "a slow request")

    assert (group["app"], group["route"], group["requests"]) == ("main", "/report", 2)
    assert group["worst"]["line"] == "GET /report?0.8" and group["worst"]["id"] in ids
    assert 0.8 <= group["worst"]["seconds"] < DEADLINE
    assert group["stacks"][0]["stack"].splitlines()[-1].endswith("in report")
    text = hangs.command("slow").stdout
    assert text.startswith("route /report, app main: 2 slow, ")
    assert " stood here:\n" in text and " in report\n" in text


def test_what_still_runs_is_seen_before_its_end(serve_app):
    hangs = serve_app("hangs:app", more=ROUTE)
    hangs.expect_log("slow_after|stop|cut off|did not leave|worker|drain")
    with hangs.connect() as client:
        client.send(b"GET /sleep HTTP/1.1\r\nHost: test.example\r\n\r\n")

        [group] = wait_until(lambda: slow(hangs), "the stack of a request that runs")

        assert group["running"] and group["worst"]["line"] == "GET /sleep"
        assert group["stacks"][0]["stack"].splitlines()[-1].endswith("in sleep")
        hangs.signal(2)  # nobody waits for it
        hangs.wait_for_exit()


def test_one_whose_client_left_has_ended_too_and_its_worker_was_busy_with_it(serve_app):
    hangs = serve_app("hangs:app", more=ROUTE + '[admin]\naddress = "unix:{directory}/admin.sock"\n')
    hangs.expect_log("slow_after")
    with hangs.connect() as client:
        client.send(b"GET /nap?1 HTTP/1.1\r\nHost: test.example\r\n\r\n")
        wait_until(lambda: '"GET /nap?1' in hangs.command("status").stdout or slow(hangs), "the nap")
        client.reset()

    [group] = wait_until(lambda: [group for group in slow(hangs) if group["worst"]["seconds"] >= 1],
                         "the end of what nobody waits for")

    assert (group["worst"]["line"], group["worst"]["status"], group["running"]) == ("GET /nap?1", 499, 0)
    with RawClient(str(hangs.directory / "admin.sock")) as admin:
        metrics = admin.request("GET", "/metrics").text
    assert float(re.search(r'^bundle_worker_busy_seconds_total{app="main"} (\S+)$', metrics, re.MULTILINE)[1]) >= 1
