"""Answers with its worker; beside it, as `hooks`, every hook writes a line to $TEST_DIRECTORY/hooks."""

import os


def note(*words):
    line = " ".join(map(str, words)) + "\n"
    with open(os.path.join(os.environ["TEST_DIRECTORY"], "hooks"), "a", encoding="utf-8") as file:
        file.write(line)


def on_starting(server):
    note("on_starting", server.pid == os.getpid())


def on_reload(server):
    note("on_reload", server.pid == os.getpid())


def nworkers_changed(server, new, old):
    note("nworkers_changed", new, old)


def when_ready(server):
    note("when_ready", len(server.WORKERS))


def pre_fork(server, worker):
    note("pre_fork", worker.age, worker.pid)


def post_fork(server, worker):
    note("post_fork", worker.pid == os.getpid(), worker.ppid == server.pid)
    server.log.info("worker %s is here", worker.pid)


def post_worker_init(worker):
    note("post_worker_init", worker.pid)


def pre_request(worker, req):
    note("pre_request", worker.pid, req.method, req.uri, dict(req.headers).get("X-ASKED"))
    req.seen_by = worker.pid
    if req.path == "/refused":
        raise PermissionError("not by me")


def post_request(worker, req, environ, resp):
    assert req.seen_by == worker.pid
    note("post_request", req.path, environ["REQUEST_METHOD"], resp.status, resp.status_code, resp.response_length)


def worker_int(worker):
    note("worker_int", worker.pid)


def worker_abort(worker):
    note("worker_abort", worker.pid)


def worker_exit(server, worker):
    note("worker_exit", worker.pid)


def child_exit(server, worker):
    note("child_exit", worker.pid, worker.alive)


def on_exit(server):
    note("on_exit", len(server.WORKERS))


def app(environ, start_response):
    body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body]
