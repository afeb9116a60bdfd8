"""What an application keeps of a request, and uses in the next one."""

from .bodies import Closing
from .notes import note
from .starts import noting

PLAIN = [("Content-Type", "text/plain")]
kept = {}


def keep(environ, start_response):
    write = start_response("200 OK", PLAIN)
    kept.update(start_response=start_response, write=write, input=environ["wsgi.input"],
                errors=environ["wsgi.errors"], early_hints=environ["wsgi.early_hints"],
                client_gone=environ["bundle.client_gone"], environ=environ,
                extend_deadline=environ["bundle.extend_deadline"],
                file_wrapper=environ["wsgi.file_wrapper"])
    return Closing([b"kept"])


USES = {
    "start_response": lambda: kept["start_response"]("200 OK", PLAIN),
    "write": lambda: kept["write"](b"into another's answer"),
    "read": lambda: kept["input"].read(),
    "iterate": lambda: next(kept["input"]),
    "seek": lambda: kept["input"].seek(0),
    "early_hints": lambda: kept["early_hints"]([]),
    "extend_deadline": lambda: kept["extend_deadline"](5),
    "client_gone": lambda: kept["client_gone"](),
    "errors": lambda: kept["errors"].write("said later\n"),
    "environ": lambda: kept["environ"]["QUERY_STRING"],
    "file_wrapper": lambda: kept["file_wrapper"](Closing([])),
}


def use(environ, start_response):
    noting(USES[environ["QUERY_STRING"]])
    start_response("200 OK", PLAIN)
    return [b"the answer of this request"]


def forget(environ, start_response):
    kept.clear()
    start_response("200 OK", PLAIN)
    note("forgotten")
    return []
