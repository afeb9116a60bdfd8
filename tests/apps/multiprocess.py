"""prometheus_client in its multiprocess mode, as its documentation has it for gunicorn; also the module of its hooks.
/wait stands at the gate when it has counted."""

from gates import pass_gate
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest, multiprocess

SERVED = Counter("served", "Requests.")
ALIVE = Gauge("alive", "Workers that have served a request.", multiprocess_mode="livesum")


def child_exit(_server, worker):
    multiprocess.mark_process_dead(worker.pid)


def app(environ, start_response):
    SERVED.inc()
    ALIVE.set(1)
    if environ["PATH_INFO"] == "/wait":
        pass_gate()
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [generate_latest(registry)]
