"""Workers that are there and do nothing: no client waits for them for long, and they are replaced."""

import os
import signal

from support.load import Load
from support.processes import wait_until, wait_until_gone

SITE = """
[app.main]
wsgi = "still:app"
directory = "{directory}"
workers = 2
request_timeout = "2s"
"""
# A pattern that backtracks for as good as ever, in C and with the GIL.
STILL = """
import ctypes, os, re, threading, time

def keep_the_gil():
    time.sleep(0.3)
    re.match(r"(a+)+$", "a" * 60 + "b")

def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/keep":
        threading.Thread(target=keep_the_gil, daemon=True).start()
    elif path == "/close":
        os.closerange(3, 4096)
    elif path == "/user":
        ctypes.CDLL(None).prctl(1, 0)  # as setuid() does: it dies no more when its parent does
    body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


def serve_still(serve, directory, site=SITE):
    (directory / "0").mkdir()
    (directory / "0" / "still.py").write_text(STILL)
    still = serve(site)
    still.wait_for_workers(int(site.partition("workers = ")[2][0]))
    return still


def test_a_worker_that_stands_still_loses_its_request_to_another_and_its_place(serve, directory):
    still = serve_still(serve, directory)
    stopped = int(still.get("/").text)

    os.kill(stopped, signal.SIGSTOP)
    with Load(still, clients=2, is_right=lambda answer: answer.text != str(stopped)) as load:
        still.wait_for_log(rf"worker does not begin what it was given, which goes to another pid={stopped}")
        load.wait_for_more(20)

    assert load.failures == []
    still.wait_for_log(rf"worker begins no request, killing it slot=\d pid={stopped} why=begins_nothing")
    still.expect_log(rf"worker died slot=\d pid={stopped} signal=SIGKILL sent_by=bundle why=begins_nothing")
    still.wait_for_workers(2, without=[stopped])


def test_a_thread_that_keeps_the_gil_keeps_no_client(serve, directory):
    still = serve_still(serve, directory, SITE.replace("workers = 2", "workers = 1"))
    [stuck] = still.workers()
    assert still.get("/keep").status == 200
    wait_until(lambda: os.sched_getaffinity(stuck) and cpu_seconds(stuck) > 0.2, "the GIL to be kept")

    assert still.get("/").status == 200  # by the one that takes its place

    still.expect_log(rf"worker does not begin .* pid={stuck}")
    still.expect_log(rf"worker begins no request, killing it .* pid={stuck}")
    still.expect_log(rf"worker died .*pid={stuck} .*why=begins_nothing")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_one_that_goes_on_after_all_serves_again(serve, directory):
    still = serve_still(serve, directory, SITE.replace('request_timeout = "2s"', 'request_timeout = "60s"'))
    stopped = int(still.get("/").text)
    os.kill(stopped, signal.SIGSTOP)
    with Load(still, clients=2):
        still.wait_for_log(rf"worker does not begin .* pid={stopped}")

    os.kill(stopped, signal.SIGCONT)

    wait_until(lambda: int(still.get("/").text) == stopped, "it to serve again")


def test_an_application_may_close_what_it_does_not_know(serve, directory):
    still = serve_still(serve, directory, SITE.replace("workers = 2", "workers = 1"))
    [worker] = still.workers()

    assert still.get("/close").status == 502  # its own connection was among them

    still.expect_log("request refused status=502")
    with Load(still, clients=2, is_right=lambda answer: answer.text == str(worker)) as load:
        load.wait_for_more(50)
    assert load.failures == []


def test_a_worker_whose_arbiter_is_gone_goes_too(serve, directory):
    still = serve_still(serve, directory, SITE.replace("workers = 2", "workers = 1"))
    [worker] = still.workers()
    assert still.get("/user").status == 200

    os.kill(still.arbiter(), signal.SIGKILL)
    still.expect_log("arbiter died")
    still.wait_for_workers(1, without=[worker])
    os.kill(still.front(), signal.SIGKILL)  # it looks around when it has nothing to do

    still.expect_log("front died")
    still.expect_log("the arbiter is gone, leaving")
    wait_until_gone(worker)
    wait_until(lambda: still.command("status").returncode == 0, "another front")
