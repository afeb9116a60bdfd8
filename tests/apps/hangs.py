"""Paths that hang, each in another way, and nap() and report() that take their time; others answer at once."""

import ctypes
import itertools
import os
import threading
import time


def sleep(environ):
    time.sleep(3600)


def mutex(environ):
    libc = ctypes.CDLL(None)
    lock = ctypes.create_string_buffer(64)  # zeroed: PTHREAD_MUTEX_INITIALIZER
    libc.pthread_mutex_lock(lock)
    libc.pthread_mutex_lock(lock)


def c_loop(environ):
    sum(itertools.repeat(0))  # keeps the GIL, too


def pipe(environ):
    os.read(os.pipe()[0], 1)


def lock(environ):
    held = threading.Lock()
    held.acquire()
    held.acquire()


def begun(environ):
    yield b"begun"
    time.sleep(3600)


def nap(environ):
    time.sleep(float(environ["QUERY_STRING"]))
    return [b"rested"]


def report(environ):
    environ["bundle.extend_deadline"](30)
    time.sleep(float(environ["QUERY_STRING"]))
    return [f"{environ['bundle.deadline'] > time.monotonic()}".encode()]


PATHS = {f"/{function.__name__}": function for function in (sleep, mutex, c_loop, pipe, lock, begun, nap, report)}


def app(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    path = environ["PATH_INFO"]
    return PATHS[path](environ) if path in PATHS else [str(os.getpid()).encode()]
