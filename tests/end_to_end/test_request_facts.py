"""What each request is told with: when it came, its trace, how long it waited, what it took."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.front

JSON = '[log.access]\nformat = "json"\n'
TIMING = '[[site]]\napp = "main"\nserver_timing = true\n'
TRUST = '[trust]\nproxies = ["loopback"]\n'
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = ("traceparent", f"00-{TRACE}-00f067aa0ba902b7-01")


def record_of(bundle, target):
    return json.loads(bundle.wait_for_access_log(re.escape(f'"target":"{target}"')))


def durations(answer):
    """Of Server-Timing, in seconds."""
    return {name: float(length) / 1000 for name, length in
            re.findall(r"(\w+);dur=(\d+\.\d{3})(?:, |$)", answer.field("server-timing"))}


def test_the_application_is_told_when_the_request_came(serve_app):
    fates = serve_app("fates:app")

    before = time.time()
    told = fates.get("/told", [("X-Request-Start", "t=1")]).text
    after = time.time()

    assert re.fullmatch(r"t=\d{16}", told)
    assert before - 0.001 <= int(told[2:]) / 1e6 <= after + 0.001


def test_of_a_trusted_proxy_the_request_began_there(serve_app):
    fates = serve_app("fates:app", more=TRUST)

    assert fates.get("/told", [("X-Request-Start", "t=1700000000.123")]).text == "t=1700000000.123"


def test_a_trace_is_passed_on_and_logged(serve_app):
    fates = serve_app("fates:app", more=JSON)

    told = fates.get("/told?traced", [TRACEPARENT]).text

    assert told.endswith(" " + TRACEPARENT[1])
    assert record_of(fates, "/told?traced")["trace_id"] == TRACE
    fates.get("/told?malformed", [("traceparent", "00-xyz")])
    assert record_of(fates, "/told?malformed")["trace_id"] is None


def test_server_timing_tells_what_the_log_tells(serve_app):
    fates = serve_app("fates:app", more=JSON + TIMING)

    told = durations(fates.get("/timed"))

    record = record_of(fates, "/timed")
    assert list(told) == ["read", "queue", "app"]
    for name, part in (("read", "t_read"), ("queue", "t_queue"), ("app", "t_app_first")):
        assert abs(told[name] - record[part]) < 0.00001


def test_nobody_is_told_of_times_unless_it_is_wanted(serve_app):
    assert serve_app("fates:app").get("/").field("server-timing") is None


def test_the_log_tells_what_a_request_took_in_its_worker(serve_app):
    fates = serve_app("fates:app", more=JSON)

    fates.get("/work")
    fates.get("/nap")

    assert record_of(fates, "/work")["worker_cpu"] > 0.005
    assert record_of(fates, "/nap")["worker_cpu"] < 0.5 < record_of(fates, "/nap")["t_app"]
    assert isinstance(record_of(fates, "/work")["worker_memory"], int)


def test_a_format_of_ones_own_can_tell_it_too(serve_app):
    fates = serve_app("fates:app", more='[log.access]\nformat = "%(m)s %({worker-cpu-ms}x)s %({worker-memory}x)s '
                                        '$worker_cpu_time $trace_id"\n')

    fates.get("/", [TRACEPARENT])

    fates.wait_for_access_log(rf"^GET \d+\.\d{{3}} -?\d+ \d+\.\d{{6}} {TRACE}$")


def test_ten_at_once_on_two_workers_wait_for_one_another(serve_app, full):
    """A request takes a second. Whatever the machine does meanwhile, each begins a second after the one before it in
    its worker; with --full, which wants a machine of its own, at most 50 ms late."""
    fates = serve_app("fates:app", workers=2, more=JSON + TIMING)
    fates.wait_for_workers(2)
    targets = [f"/nap/{n}" for n in range(10)]

    with ThreadPoolExecutor(len(targets)) as clients:
        answers = dict(zip(targets, clients.map(fates.get, targets)))

    records = {target: record_of(fates, target) for target in targets}
    began = {}
    for target, record in records.items():
        assert abs(durations(answers[target])["queue"] - record["t_queue"]) < 0.00001
        ended = time.mktime(time.strptime(record["time"][:19], "%Y-%m-%dT%H:%M:%S")) + float(record["time"][19:26])
        began.setdefault(record["pid"], []).append(ended - record["t_send"] - record["t_app"])
    assert len(began) == 2
    for moments in map(sorted, began.values()):
        assert all(later - earlier > 0.99 for earlier, later in zip(moments, moments[1:]))
    if full:
        waits = sorted(record["t_queue"] for record in records.values())
        for wait, expected in zip(waits, (0, 0, 1, 1, 2, 2, 3, 3, 4, 4)):
            assert abs(wait - expected) < 0.05, waits
