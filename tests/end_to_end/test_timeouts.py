"""What takes too long: a request, its route's own limit, a boot; and what the log says of where it stood."""

import re
import time

import pytest
from support.processes import kill, wait_until, wait_until_gone
from support.raw_client import BadAnswer, request_bytes

LATE = 5.0  # promised are 0.1 s; the machine that tests may be busy
TIMEOUT = "request_timeout = \"1s\"\nslow_after = \"off\"\n"


def record_of(bundle, pattern, last):
    """A record of the log, with its lines up to one that ends in `last`."""
    first = bundle.wait_for_log(pattern)
    begin = bundle.log.lines().index(first)
    bundle.wait_for_log(rf"^ .*{last}$", begin=begin)
    lines = bundle.log.lines()[begin:]
    end = next((index for index in range(1, len(lines)) if not lines[index].startswith(" ")), len(lines))
    return "\n".join(lines[:end])


def place_in(function):
    return rf'File "[^"]*/hangs\.py", line \d+ in {function}'


@pytest.mark.parametrize("kind", ["sleep", "mutex", "c_loop", "pipe", "lock"])
def test_a_request_that_hangs_is_a_504_in_time_and_one_record_says_where_it_stood(serve_app, kind):
    hangs = serve_app("hangs:app", more=TIMEOUT)
    [worker] = hangs.wait_for_workers(1)

    begin = time.monotonic()
    answer = hangs.get(f"/{kind}?secret")
    elapsed = time.monotonic() - begin

    assert answer.status == 504
    assert 1.0 <= elapsed < 1.0 + LATE
    request_id = answer.field("x-request-id")
    assert request_id in answer.text
    wait_until_gone(worker)
    record = record_of(hangs, rf"worker passed request_timeout, killing it slot=0 pid={worker} ", place_in(kind))
    assert f'request="GET /{kind}?secret" request_id={request_id} client="127.0.0.1"' in record
    assert re.search(r" queued=0\.\d{3}s elapsed=\d\.\d{3}s", record)
    assert re.fullmatch(place_in(kind), record.splitlines()[-1].strip())
    hangs.wait_for_log(rf"front.*request refused status=504 .*method=GET target=\"/{kind}\?secret\" client=127.0.0.1 "
                       rf"request_id={request_id} queued=\S+s elapsed=\d\.")
    hangs.wait_for_log(rf"worker died slot=0 pid={worker} signal=SIGKILL sent_by=bundle why=request_timeout "
                       r"peak_memory=\d+M age=\S+s served=0 request=")
    assert int(hangs.get("/").text) != worker
    assert len([line for line in hangs.log.lines() if "worker passed" in line]) == 1


def test_a_slow_request_goes_on_and_the_log_says_once_where_it_stood(serve_app):
    hangs = serve_app("hangs:app", more="slow_after = \"300ms\"\n")

    answer = hangs.get("/report?1.5")

    assert answer.status == 200
    record = record_of(hangs, r"worker passed slow_after, it goes on slot=0 ", place_in("report"))
    assert f'request_id={answer.field("x-request-id")}' in record
    assert re.fullmatch(place_in("report"), record.splitlines()[-1].strip())
    assert len([line for line in hangs.log.lines() if "worker passed" in line]) == 1


def test_an_answer_that_has_begun_is_broken_off_at_its_deadline(serve_app):
    hangs = serve_app("hangs:app", more=TIMEOUT)
    with hangs.connect() as client:
        client.send(request_bytes("GET", "/begun"))
        assert client.read_head().status == 200
        assert client.read_chunk() == b"begun"

        with pytest.raises((BadAnswer, ConnectionResetError)):
            client.read_chunk()

    hangs.wait_for_log(r'answer aborted reason="it ran for longer than its request_timeout" method=GET')
    assert hangs.get("/").status == 200


def test_a_request_that_asks_for_more_time_gets_it(serve_app):
    hangs = serve_app("hangs:app", more=TIMEOUT)
    [worker] = hangs.wait_for_workers(1)

    answer = hangs.get("/report?1.5")

    assert (answer.status, answer.text) == (200, "True")
    assert hangs.workers() == [worker]


def test_a_route_has_a_timeout_of_its_own(serve_app):
    hangs = serve_app("hangs:app", more="""
        request_timeout = "2s"
        [[site]]
        app = "main"
        [[site.route]]
        path = "/sleep"
        app = "main"
        request_timeout = "1s"
        [[site.route]]
        path = "/nap"
        app = "main"
        request_timeout = "30s"
    """)
    assert hangs.get("/sleep").status == 504
    hangs.wait_for_log(r'status=504 .*target="/sleep" .*elapsed=1\.')
    assert hangs.get("/nap?2.5").text == "rested"
    assert hangs.get("/pipe").status == 504


def test_other_requests_of_a_killed_worker_go_elsewhere(serve_app):
    hangs = serve_app("hangs:app", more=TIMEOUT + "threads = 2\n")
    with hangs.connect() as one, hangs.connect() as two:
        one.send(request_bytes("GET", "/sleep"))
        two.send(request_bytes("POST", "/pipe", body=b""))

        assert one.read_answer().status == 504
        assert two.read_answer().status in (502, 504)

    assert hangs.get("/").status == 200


def test_worker_abort_is_called_where_python_can_run(serve_app):
    hangs = serve_app("hangs:app", more=TIMEOUT + 'hooks = "hooked"\n')
    [worker] = hangs.wait_for_workers(1)

    assert hangs.get("/sleep").status == 504
    wait_until_gone(worker)
    assert f"worker_abort {worker}" in (hangs.directory / "hooks").read_text()
    hangs.wait_for_log(rf"worker died slot=0 pid={worker} signal=SIGKILL sent_by=bundle why=request_timeout")

    [worker] = hangs.wait_for_workers(1, without=[worker])
    assert hangs.get("/mutex").status == 504
    wait_until_gone(worker)
    assert f"worker_abort {worker}" not in (hangs.directory / "hooks").read_text()


@pytest.mark.parametrize(("preload", "status", "says"), [
    ("true", 4, r"its import took longer than app\.main\.boot_timeout \(500ms\)"),
    ("false", 3, r"worker passed boot_timeout, killing it"),
])
def test_a_boot_that_hangs_is_told_of_and_ends_the_start(serve, directory, preload, status, says):
    home = directory / "0"
    home.mkdir()
    (home / "stuck.py").write_text("import time\n\ntime.sleep(3600)\n")
    stuck = serve(f"""
        [app.main]
        wsgi = "stuck:app"
        workers = 1
        boot_timeout = "500ms"
        preload = {preload}
    """, ready=False)
    stuck.expect_log(".")
    stuck.expect_exit(status)

    assert stuck.wait_for_exit() == status
    stuck.wait_for_log(says)
    stuck.wait_for_log(r'File ".*/stuck\.py", line 3 in <module>')


def test_when_all_workers_die_young_clients_get_503_until_the_cure(serve, directory):
    home = directory / "0"
    home.mkdir()
    module = home / "fragile.py"
    whole = 'def app(environ, start_response):\n    start_response("200 OK", [])\n    return [b"well"]\n'
    module.write_text(whole)
    fragile = serve("""
        [app.main]
        wsgi = "fragile:app"
        workers = 2
        preload = false
        queue = { timeout = "300ms" }
    """)
    fragile.expect_log(".")
    assert fragile.get("/").status == 200
    module.write_text("raise RuntimeError('not today')\n" + whole)

    for worker in fragile.wait_for_workers(2):
        kill(worker)
    fragile.wait_for_log("RuntimeError: not today")
    assert fragile.get("/").status == 503
    fragile.wait_for_log(r'worker died slot=\d pid=\d+ exit=4 meaning="the application could not be loaded"')

    module.write_text(whole)
    wait_until(lambda: fragile.get("/").status == 200, "a worker with the cure", deadline=30)
