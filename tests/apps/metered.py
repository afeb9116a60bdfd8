"""prometheus_client in its multiprocess mode: /metrics sums over all workers. Its own hooks module."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest, multiprocess

served = Counter("served", "Requests, over all workers")
living = Gauge("living", "One for each worker that lives", multiprocess_mode="liveall")


def child_exit(server, worker):
    multiprocess.mark_process_dead(worker.pid)


def metrics():
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/metrics":
        return [metrics()]
    served.inc()
    living.set(1)
    return [str(os.getpid()).encode()]
