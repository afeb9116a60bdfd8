"""The access log and the error log."""

import re

import pytest
from support.gate import Gate
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

COMBINED = re.compile(
    r'^(?P<client>\S+) - (?P<user>\S+) \[(?P<time>[^\]]+)\] "(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) '
    r'(?P<bytes>\d+|-) "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)"$')


def test_each_request_has_one_line_in_combined_format(serve_app):
    hello = serve_app("hello:app")

    hello.get("/path?query=1", [("Referer", "http://from.example/"), ("User-Agent", "tests/1")])

    line = COMBINED.match(hello.wait_for_access_log("/path"))
    assert line["client"] == "127.0.0.1"
    assert line["request"] == "GET /path?query=1 HTTP/1.1"
    assert (line["status"], line["bytes"]) == ("200", "13")
    assert (line["referer"], line["agent"]) == ("http://from.example/", "tests/1")
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}", line["time"])


def test_a_client_cannot_forge_a_line(serve_app):
    hello = serve_app("hello:app")

    hello.get("/forged", [("User-Agent", 'a" 200 1 "\xe9\\')])

    line = hello.wait_for_access_log("/forged")
    assert COMBINED.match(line)
    assert 'a\\" 200 1 ' in line or "a\\x22" in line


def test_a_refused_request_is_logged_with_its_status(serve_app):
    hello = serve_app("hello:app")

    with hello.connect() as client:
        client.send(b"nonsense\r\n\r\n")
        client.read_answer()

    line = COMBINED.match(hello.wait_for_access_log(" 400 "))
    assert line["request"] == "nonsense"
    hello.wait_for_log(r'info front\[\d+\] client refused client=127\.0\.0\.1 status=400 reason=".*" begins="nonsense"')


def test_what_does_not_begin_as_a_request_is_shown(serve_app):
    hello = serve_app("hello:app")

    with hello.connect() as client:
        client.send(b"\x16\x03\x01\x00hello\xff\r\n")
        client.read_answer()

    assert COMBINED.match(hello.wait_for_access_log(" 400 "))["request"] == r"\x16\x03\x01\x00hello\xFF"


def test_the_access_log_may_go_to_a_file(serve_app, directory):
    hello = serve_app("hello:app", more='[log.access]\npath = "{directory}/access.log"\n')

    hello.get("/to/a/file")
    hello.stop()

    assert COMBINED.match((hello.directory / "access.log").read_text().splitlines()[0])
    assert hello.output.lines() == []


def test_the_access_log_may_be_off(serve_app):
    hello = serve_app("hello:app", more='[log.access]\npath = "off"\n')

    hello.get("/unseen")
    hello.stop()

    assert hello.output.lines() == []


def test_a_client_that_leaves_before_its_answer_is_logged_as_499(serve_app):
    waits = serve_app("waits:app", workers=1)
    with Gate(waits.directory) as gate:
        with waits.connect() as client:
            client.send(request_bytes("GET", "/wait/gone"))
            gate.wait_until_reached()
            client.reset()
        waits.wait_for_access_log(r"/wait/gone .* 499 ")
        gate.let_through()

        assert waits.get("/").status == 200


def test_a_client_that_leaves_the_queue_costs_no_worker(serve_app):
    waits = serve_app("waits:app", workers=1)
    with Gate(waits.directory) as gate, waits.connect() as first:
        first.send(request_bytes("GET", "/wait/first"))
        gate.wait_until_reached()
        with waits.connect() as queued:
            queued.send(request_bytes("GET", "/wait/queued"))
        waits.wait_for_access_log(r"/wait/queued .* 499 ")
        gate.let_through()

        # Were the one that left still in the queue, it would stand at the gate and keep the worker.
        assert first.read_answer().status == 200
        assert waits.get("/").status == 200


def test_warnings_are_told_again_by_a_reload_that_changes_them_only(serve):
    site = ('[app.main]\nwsgi = "hello:app"\ndirectory = "{apps}"\nworkers = 1\n[trust]\nproxies = ["loopback"]\n'
            '[dev]\ntracebacks = true\n[server]\nmax_connections = 900_000\n')
    hello = serve(site, wrapper=["sh", "-c", 'ulimit -n 4096; exec "$@"', "few"])
    hello.expect_log("dev.tracebacks is true|max_connections")

    def told(text):
        return sum(text in line for line in hello.log.lines())

    assert hello.command("reload").returncode == 0
    assert (told("dev.tracebacks is true, and"), told("max_connections is lowered from")) == (1, 1)
    hello.write_site(site.replace("900_000", "800_000"))
    assert hello.command("reload").returncode == 0
    hello.wait_for_log("max_connections is lowered from 800000")
    assert told("dev.tracebacks is true, and") == 1
