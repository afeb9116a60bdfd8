"""gunicorn's server hooks: what a module of hooks may define, and the objects that its functions are given.

`emit(level, text)` writes to the error log.
"""

import inspect
import logging
import os
import signal
import types

NAMES = ("on_starting", "on_reload", "when_ready", "nworkers_changed", "pre_fork", "post_fork", "post_worker_init",
         "pre_request", "post_request", "worker_int", "worker_abort", "worker_exit", "child_exit", "on_exit")
NOT_CALLED = ("pre_exec", "ssl_context")
LONGEST_IN_ARBITER = 10.0  # seconds: while a hook runs there, nobody looks after the workers


class LogHandler(logging.Handler):
    """server.log and worker.log: a Python logger whose records go to the error log."""

    def __init__(self, emit):
        super().__init__()
        self._emit = emit

    def emit(self, record):
        self._emit(record.levelno, self.format(record))


def make_logger(emit):
    logger = logging.Logger("bundle.error", logging.DEBUG)
    logger.addHandler(LogHandler(emit))
    return logger


class Server:
    """The arbiter, as hooks know it."""

    def __init__(self, settings, log):
        self.pid = os.getpid()
        self.cfg = settings
        self.log = log
        self.proc_name = settings.proc_name
        self.num_workers = settings.workers
        self.WORKERS = {}  # pid: Worker


class Worker:
    """A worker. `age` counts those that were forked before it and it, `nr` the requests it has begun."""

    def __init__(self, server, slot, age):
        self.pid = "[booting]"
        self.ppid = server.pid
        self.slot = slot
        self.age = age
        self.nr = 0
        self.booted = False
        self.alive = True
        self.cfg = server.cfg
        self.log = server.log

    def __str__(self):
        return f"<Worker {self.pid}>"


class Request:
    """What pre_request and post_request are told of a request."""

    def __init__(self, environ):
        self.method = environ["REQUEST_METHOD"]
        self.uri = environ["RAW_URI"]
        self.path = self.uri.partition("?")[0]
        self.query = environ["QUERY_STRING"]
        self.version = tuple(int(part) for part in environ["SERVER_PROTOCOL"].partition("/")[2].split("."))
        self.scheme = environ["wsgi.url_scheme"]
        self.remote_addr = environ["REMOTE_ADDR"], environ["REMOTE_PORT"]
        self.headers = [(key[5:].replace("_", "-"), value) for key, value in environ.items()
                        if key.startswith("HTTP_")]
        self.headers += [(key.replace("_", "-"), environ[key]) for key in ("CONTENT_TYPE", "CONTENT_LENGTH")
                         if key in environ]


class Response:
    """What post_request is told of the answer; `status` is None when the application gave none."""

    def __init__(self, status, headers, sent):
        self.status = status
        self.status_code = int(status[:3]) if status else None
        self.headers = list(headers)
        self.response_length = self.sent = sent


def positional_count(function):
    return sum(parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
               for parameter in inspect.signature(function).parameters.values())


class Hooks:
    """Calls the functions of `module`; what they raise goes through."""

    def __init__(self, module, settings, emit):
        log = make_logger(emit)
        self.functions = {name: getattr(module, name) for name in NAMES if callable(getattr(module, name, None))}
        self.server = Server(types.SimpleNamespace(**settings), log)
        self.worker = None  # in a worker: itself
        self._born = 0
        for name in NOT_CALLED:
            if callable(getattr(module, name, None)):
                log.warning("the hook %s is never called", name)
        self.follows_requests = bool({"pre_request", "post_request"} & self.functions.keys())
        if "post_request" in self.functions:
            self._post_request_takes = positional_count(self.functions["post_request"])

    def _call(self, name, *arguments):
        if name in self.functions:
            self.functions[name](*arguments)

    def _call_in_time(self, name, *arguments):
        def expire(_number, _frame):
            raise TimeoutError(f"the hook {name} ran for {LONGEST_IN_ARBITER:g} s in the arbiter, and is ended here: "
                               "let a thread or another process do what takes long")
        if name not in self.functions:
            return
        handler = signal.signal(signal.SIGALRM, expire)
        timer = signal.setitimer(signal.ITIMER_REAL, LONGEST_IN_ARBITER, 1.0)
        try:
            self.functions[name](*arguments)
        finally:
            signal.setitimer(signal.ITIMER_REAL, *timer)
            signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)

    # --- in the arbiter ---------------------------------------------------------------------------------

    def on_starting(self):
        self._call("on_starting", self.server)

    def on_reload(self):
        self._call_in_time("on_reload", self.server)

    def nworkers_changed(self, new, old):
        self.server.num_workers = new
        self._call_in_time("nworkers_changed", self.server, new, old)

    def when_ready(self):
        self._call_in_time("when_ready", self.server)

    def pre_fork(self, slot):
        self._born += 1
        self.worker = Worker(self.server, slot, self._born)
        self._call_in_time("pre_fork", self.server, self.worker)

    def born(self, pid):
        self.worker.pid = pid
        self.server.WORKERS[pid] = self.worker

    def child_exit(self, pid):
        worker = self.server.WORKERS.pop(pid)
        worker.alive = False
        self._call_in_time("child_exit", self.server, worker)

    def on_exit(self):
        self._call("on_exit", self.server)

    # --- in a worker ------------------------------------------------------------------------------------

    def post_fork(self):
        self.worker.pid = os.getpid()
        self._call("post_fork", self.server, self.worker)

    def post_worker_init(self):
        self.worker.booted = True
        self._call("post_worker_init", self.worker)

    def begin_request(self, environ):
        self.worker.nr += 1
        request = Request(environ)
        self._call("pre_request", self.worker, request)
        return request

    def end_request(self, request, environ, status, headers, sent):
        if "post_request" in self.functions:
            arguments = (self.worker, request, environ, Response(status, headers, sent))
            self.functions["post_request"](*arguments[:self._post_request_takes])

    def worker_int(self):
        self._call("worker_int", self.worker)

    def worker_abort(self):
        self._call("worker_abort", self.worker)

    def worker_exit(self):
        self.worker.alive = False
        self._call("worker_exit", self.server, self.worker)
