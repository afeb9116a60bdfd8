"""The formats of the access log, and that each request has exactly one record, whatever became of it."""

import json
import random
import re
import signal
import time

import pytest
from support.bundle_process import run_bundle
from support.gate import Gate
from support.http2_client import Http2Client
from support.processes import wait_until
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

JSON = '[log.access]\nformat = "json"\n'


def record_of(bundle, target):
    """The only one, once it is there."""
    bundle.wait_for_access_log(re.escape(f'"target":"{target}"'))
    found = [record for record in map(json.loads, bundle.output.lines()) if record["target"] == target]
    assert len(found) == 1
    return found[0]


def test_a_request_is_told_with_its_worker_and_the_parts_of_its_time(serve_app):
    hello = serve_app("hello:app", more=JSON + '[[site]]\napp = "main"\n[[site.route]]\npath = "/shop/"\napp = "main"\n')

    answer = hello.get("/shop/cart?a=b", [("Referer", "http://from.example/"), ("User-Agent", "tests/1"),
                                          ("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")])
    record = record_of(hello, "/shop/cart?a=b")

    assert record["request_id"] == answer.field("x-request-id")
    assert (record["method"], record["protocol"], record["status"], record["reason"]) == ("GET", "HTTP/1.1", 200, None)
    assert (record["client"], record["user"], record["scheme"]) == ("127.0.0.1", "Aladdin", "http")
    assert (record["referer"], record["user_agent"]) == ("http://from.example/", "tests/1")
    assert (record["body_bytes"], record["app"], record["route"], record["site"]) == (13, "main", "/shop/", None)
    assert record["pid"] in hello.workers() and isinstance(record["worker"], int)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", record["time"])
    parts = [record[f"t_{part}"] for part in ("read", "queue", "app", "send")]
    assert all(part >= 0 for part in parts) and record["t_app_first"] <= record["t_app"]
    assert abs(sum(parts) - record["t_total"]) < 0.001


def test_hostile_paths_and_fields_are_json_all_the_same(serve_app):
    hello = serve_app("hello:app", more=JSON)
    odd = [b'"\\', b"caf\xc3\xa9", b"caf\xe9", b"\xff\xfe\x80", b"a\tb", b"\xe2\x80\xa8{}"]

    for target in (b"/odd/%22%5C%01?\xe9", b'/"\\'):
        for each in odd:
            with hello.connect() as client:
                client.send(b"GET %b HTTP/1.1\r\nHost: a\r\nUser-Agent: %b\r\nReferer: %b\r\n\r\n" % (target, each, each))
                client.read_answer()
    with hello.connect() as client:
        client.send(b"nonsense\r\n\r\n")
        assert client.read_answer().status == 400
    hello.stop()

    lines = [json.loads(line) for line in hello.output.lines()]
    assert len(lines) == 2 * len(odd) + 1
    assert (lines[-1]["method"], lines[-1]["target"]) == (None, "nonsense")
    assert [line["user_agent"] for line in lines[:3]] == ['"\\', "café", "café"]


def test_random_bytes_in_targets_and_fields_are_json_all_the_same(serve_app):
    hello = serve_app("hello:app", more=JSON)
    some = random.Random(8)
    count = 400
    visible = bytes(range(0x21, 0x7f)) + bytes(range(0x80, 0x100))
    anything = bytes(set(range(0x100)) - set(b"\r\n"))

    def noise(alphabet):
        return bytes(some.choices(alphabet, k=some.randrange(40)))
    for number in range(count):
        with hello.connect() as client:
            # One of four may have what no target and no field may.
            alphabet = anything if number % 4 == 0 else visible
            client.send(b"GET /%b HTTP/1.1\r\nHost: a\r\nUser-Agent: %b\r\ntraceparent: %b\r\n\r\n"
                        % (noise(alphabet), noise(alphabet), noise(alphabet)))
            client.read_answer()
    hello.stop()

    records = [json.loads(line) for line in hello.output.lines()]
    assert len(records) == count
    assert {record["status"] for record in records} == {200, 400}


def test_gunicorns_atoms_and_nginxs_variables_are_understood(serve_app):
    hello = serve_app("hello:app", more="[log.access]\nformat = '''" + (
        '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(m)s %(U)s %(q)s %(H)s %(p)s '
        "%({x-thing}i)s %({content-type}o)s %({server_protocol}e)s %({app}x)s $request_method $scheme $request_id") + "'''\n")

    answer = hello.get("/atoms?q=1", [("X-Thing", "one two"), ("User-Agent", "tests/1")])

    line = hello.wait_for_access_log("/atoms")
    assert re.fullmatch(r'127\.0\.0\.1 - - \[[^\]]+ \+0000\] "GET /atoms\?q=1 HTTP/1\.1" 200 13 "-" "tests/1" GET /atoms '
                        r"q=1 HTTP/1\.1 <\d+> one\\x20two text/plain HTTP/1\.1 main GET http "
                        + re.escape(answer.field("x-request-id")), line)


def test_http2_is_told_in_the_same_words(secure, authority):
    hello = secure("hello:app", more='[log.access]\nformat = "$request $status $sent_http_content_type $scheme $app"\n')

    with Http2Client(hello.address, tls=authority.client()) as client:
        assert client.request(1, "/h2", scheme="https").status == 200

    hello.wait_for_access_log(r"^GET /h2 HTTP/2\.0 200 text/plain https main$")


def test_check_names_an_unknown_atom_with_its_position(directory):
    conf = directory / "site.toml"
    conf.write_text('[app.main]\nwsgi = "hello:app"\n[log.access]\nformat = "%(h)s $remote_adr"\n')

    checked = run_bundle("check", "--elsewhere", "--conf", conf)

    assert checked.returncode == 2
    assert ('site.toml:4:10: log.access.format is "%(h)s $remote_adr"; at character 7 it has $remote_adr, which is '
            "unknown; did you mean remote_addr?" in checked.stderr + checked.stdout)


def test_a_reload_changes_the_format(serve_app):
    hello = serve_app("hello:app")
    hello.get("/before")
    hello.wait_for_access_log('"GET /before HTTP/1.1" 200')

    hello.write_site(hello.site_file.read_text().split("[[listen]]")[0] + JSON)
    assert hello.command("reload").returncode == 0
    hello.get("/after")

    assert json.loads(hello.wait_for_access_log("/after"))["status"] == 200


def test_the_wait_for_a_worker_and_the_apps_time_are_told_apart(serve_app):
    waits = serve_app("waits:app", workers=1, more=JSON)
    with Gate(waits.directory) as gate, waits.connect() as first, waits.connect() as second:
        first.send(request_bytes("GET", "/wait/first"))
        gate.wait_until_reached()
        second.send(request_bytes("GET", "/"))
        time.sleep(0.3)  # is what is measured
        gate.let_through()
        assert first.read_answer().status == second.read_answer().status == 200

    assert record_of(waits, "/")["t_queue"] > 0.2
    assert record_of(waits, "/wait/first")["t_queue"] < 0.2
    assert record_of(waits, "/wait/first")["t_app"] > 0.2


ENDS = JSON + """
[http]
max_body = "1K"
[[site]]
app = "main"
health = true
[[site.route]]
path = "/closed"
return = 444
[[site.route]]
path = "/denied"
return = 200
allow = ["10.0.0.0/8"]
"""


def test_every_request_has_one_record_with_what_became_of_it(serve_app):
    app = serve_app("waits:app", workers=1, more=ENDS, settings=("app.main.queue.max=1", "app.main.request_timeout=1s"))
    app.expect_log("request_timeout")
    app.get("/ok")
    app.get("/denied")
    with app.connect() as client:
        client.send(request_bytes("POST", "/large", [("Content-Length", "2000")]))
        assert client.read_answer().status == 413
    with app.connect() as client:
        client.send(request_bytes("GET", "/closed"))
        assert client.is_closed()
    with Gate(app.directory) as gate, app.connect() as killed, app.connect() as queued:
        killed.send(request_bytes("GET", "/wait/killed"))
        gate.wait_until_reached()
        queued.send(request_bytes("GET", "/gone"))
        wait_until(lambda: app.get("/-/ready").status == 503, "a full queue")
        assert app.get("/shed").status == 503
        queued.reset()
        assert killed.read_answer().status == 504
        app.wait_for_log("worker died")  # what the gate says when it closes is not to reach it

    targets = ["/ok", "/denied", "/large", "/closed", "/wait/killed", "/gone", "/shed"]
    records = {target: record_of(app, target) for target in targets}
    assert [(records[target]["status"], records[target]["reason"]) for target in targets] == [
        (200, None),
        (403, "not allowed for this client"),
        (413, "Content-Length is above http.max_body"),
        (444, "return = 444"),
        (504, "it ran for longer than its request_timeout"),
        (499, "the client left"),
        (503, "the queue is full"),
    ]
    assert records["/wait/killed"]["pid"] and records["/wait/killed"]["t_app"] > 0.9
    assert records["/gone"]["pid"] is None and records["/gone"]["t_queue"] > 0


def test_a_request_that_a_fast_stop_cuts_off_has_a_record(serve_app):
    waits = serve_app("waits:app", workers=1, more=JSON)
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait/cut"))
        gate.wait_until_reached()
        waits.signal(signal.SIGINT)
        waits.wait_for_exit()

    record = record_of(waits, "/wait/cut")
    assert (record["status"], record["reason"]) == (503, "bundle was told to stop now")
