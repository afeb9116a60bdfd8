"""Counts its requests with bundle.metrics, which it declares at import. /wait stands at the gate when it has counted.
Answers name the worker and the id of the request."""

import os

import bundle
from gates import pass_gate

REQUESTS = bundle.metrics.counter("demo_requests_total", 'Requests, "all" of them.', ["path"])
SIZE = bundle.metrics.gauge("demo_size", "What each worker was told last.")
LARGEST = bundle.metrics.gauge("demo_largest", "The same.", across="max")
TOOK = bundle.metrics.histogram("demo_took_seconds", "Nothing.", buckets=[0.5, 1])

REQUESTS.labels("/before the fork").inc()
ID_AT_IMPORT = bundle.request_id()


def fork_a_child_that_counts():
    child = os.fork()
    if child == 0:
        for number in range(100):
            REQUESTS.labels(f"child {number}").inc()
        os._exit(0)
    os.waitpid(child, 0)


def app(environ, start_response):
    path = environ["PATH_INFO"]
    REQUESTS.labels(path=path).inc()
    if environ["QUERY_STRING"]:
        SIZE.set(float(environ["QUERY_STRING"]))
        LARGEST.set(float(environ["QUERY_STRING"]))
    TOOK.observe(0.75)
    if path == "/wait":
        pass_gate()
    if path == "/many":
        for number in range(10_000):
            REQUESTS.labels(str(number)).inc()
    if path == "/fork":
        fork_a_child_that_counts()
        REQUESTS.labels("/after the fork").inc()
    body = f"{os.getpid()} {ID_AT_IMPORT} {bundle.request_id()}"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body.encode()]
