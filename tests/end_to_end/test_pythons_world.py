"""What an application may expect of Python inside a worker: processes, threads, signals, logging, errors, the end."""

import os
import signal

import pytest
from support.bundle_process import APPS
from support.gate import Gate
from support.processes import wait_until_gone
from support.raw_client import request_bytes

SITE = '[app.main]\nwsgi = "world:app"\ndirectory = "{apps}"\nworkers = 1\n'
SLOW = 60  # seconds; a new Python takes its time on a busy machine


@pytest.fixture(scope="module")
def world(serve_for_module):
    """For all that does not change it."""
    bundle = serve_for_module(SITE)
    bundle.expect_log("application error|a child that the application forked")
    return bundle


@pytest.mark.parametrize(("way", "told"), [
    ("/fork-pool", [0, 2, 4, 6, 8]),
    ("/spawn-pool", [0, 2, 4, 6, 8]),
    ("/fork-process", [42, 0]),
    ("/spawn-process", [42, 0]),
    ("/forkserver", [42, 0]),
])
def test_multiprocessing_works(world, way, told):
    assert world.get(way, deadline=SLOW).json == told


def test_a_forked_process_can_be_terminated_and_its_worker_goes_on(world):
    [worker] = world.workers()

    assert world.get("/terminate", deadline=SLOW).json == -signal.SIGTERM
    assert world.get("/signal").status == 200
    assert world.workers() == [worker]


def test_a_forked_child_ends_as_it_likes(world):
    assert world.get("/fork").json == 7


@pytest.mark.parametrize("way", ["/fork-sys-exit", "/fork-raise", "/fork-return"])
def test_a_forked_child_that_comes_back_does_not_answer_for_its_parent(world, way):
    with world.connect() as client:
        answer = client.request("GET", way)
        assert answer.status == 200
        assert isinstance(answer.json, int)

        assert client.request("GET", "/signal").json == [True]


def test_subprocesses_run_and_have_the_usual_signals(world):
    assert world.get("/programs", deadline=SLOW).json == ["y\n", "42\n", "default_int_handler\n"]


def test_asyncio_run_works_with_programs_and_threads(world):
    assert world.get("/asyncio", deadline=SLOW).json == ["awaited\n", 0, 2, 4]


def test_threads_run_and_the_application_is_in_the_main_thread(world):
    assert world.get("/threads").json == [[0, 2, 4, 6], True]


def test_a_handler_that_the_application_has_set_runs(world):
    assert world.get("/signal").json == [True]


def test_a_handler_runs_in_a_worker_that_waits_for_a_request(world):
    before = world.get("/surroundings").json["signals"]
    [worker] = world.workers()

    os.kill(worker, signal.SIGUSR1)

    assert world.get("/surroundings").json["signals"] == before + 1


def test_an_alarm_can_end_what_takes_too_long(world):
    assert world.get("/alarm").json == "the alarm rang"


def test_writing_to_a_closed_pipe_is_an_exception_and_no_death(world):
    assert world.get("/broken-pipe").json == "BrokenPipeError"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE])
def test_a_worker_survives_signals_that_are_for_the_master(world, number):
    [worker] = world.workers()

    os.kill(worker, number)

    assert world.get("/signal").status == 200
    assert world.workers() == [worker]


def test_the_surroundings_are_those_of_a_python(world):
    told = world.get("/surroundings").json

    assert told["stdin"] == ""
    assert told["directory"] == str(APPS)
    assert told["executable"].startswith("python3")
    assert told["argv"]
    assert told["main thread"]
    assert told["encoding"] == ["utf-8", "utf-8"]
    assert world.get("/stdout").json == 1


@pytest.mark.parametrize(("way", "logged"), [
    ("/recursion", "RecursionError: maximum recursion depth exceeded"),
    ("/no-memory", "MemoryError"),
    ("/huge-text", r"\[cut\]"),
    ("/unprintable", "Unprintable"),
    ("/surrogates", r"RuntimeError: half a pair: \\ud800\\x1b\[2J"),
    ("/chain", "RuntimeError: the effect"),
    ("/group", "ValueError: one of many"),
    ("/keyboard-interrupt", "KeyboardInterrupt"),
    ("/generator-exit", "GeneratorExit"),
    ("/stop-iteration", "StopIteration: by hand"),
    ("/sys-exit", "SystemExit: leaving"),
])
def test_an_error_of_any_kind_is_a_500_and_the_worker_goes_on(world, way, logged):
    [worker] = world.workers()
    begin = len(world.log.lines())

    answer = world.get(way, deadline=SLOW)

    assert answer.status == 500
    world.wait_for_log(f"application error request_id={answer.field('x-request-id')}", begin=begin)
    world.wait_for_log(logged, begin=begin)
    assert world.get("/signal").json == [True]
    assert world.workers() == [worker]


def test_the_cause_of_an_error_is_logged_with_it(world):
    begin = len(world.log.lines())

    world.get("/chain")

    world.wait_for_log("KeyError: 'the cause'", begin=begin)
    world.wait_for_log("the direct cause of the following exception", begin=begin)


def test_what_an_application_says_is_logged_with_the_id_of_its_request(world):
    request_id = world.get("/log", deadline=SLOW).field("x-request-id")

    world.wait_for_log(f"stderr request_id={request_id} WARNING:world:logged in a request$")
    world.wait_for_log(f"stdout request_id={request_id} printed in a request$")
    world.wait_for_log(f"stderr request_id={request_id} .*UserWarning: warned in a request$")
    world.wait_for_log("written to the descriptor$")
    world.wait_for_log("said by a program$")
    world.wait_for_log("ERROR:world:logged in a thread$")


def test_what_is_said_at_import_is_logged(world):
    world.wait_for_log("INFO:world:configured at import$")
    world.wait_for_log("printed at import$")


def test_os_exit_in_a_request_is_a_death_like_any_other(serve):
    world = serve(SITE)
    world.expect_log("died|lost")
    [worker] = world.workers()

    assert world.post("/os-exit", b"once").status == 502

    world.wait_for_log(rf"worker died .*pid={worker}\b.*\b9\b")
    world.wait_for_workers(1, without=[worker])
    assert world.get("/signal").json == [True]


@pytest.mark.parametrize("preload", ["true", "false"])
def test_chance_differs_between_workers(serve, preload):
    site = SITE.replace("workers = 1", f'workers = 2\npreload = {preload}\nenv = {{ TEST_DIRECTORY = "{{directory}}" }}')
    world = serve(site)
    world.wait_for_log("2/2 workers")
    with world.connect() as one, world.connect() as other, Gate(world.directory, "chance") as gate:
        for client in (one, other):
            client.send(request_bytes("GET", "/chance"))
        gate.wait_until_reached()
        gate.let_through(2)
        told = [client.read_answer().json for client in (one, other)]

    assert all(first != second for first, second in zip(*told))


def test_functions_registered_with_atexit_run_at_a_graceful_stop(serve):
    world = serve(SITE)
    [worker] = world.workers()

    world.stop()

    assert [line for line in world.log.lines() if f"[{worker}]" in line and line.endswith("run at exit")]


@pytest.mark.parametrize("way", ["/thread", "/busy-thread"])
def test_a_thread_that_is_left_running_does_not_keep_a_worker_from_stopping(serve, way):
    world = serve(SITE + 'graceful_timeout = "1s"\n')
    assert world.get(way).json == 2
    [worker] = world.workers()

    world.signal(signal.SIGTERM)

    wait_until_gone(worker)
    assert world.wait_for_exit() == 0
