"""The imperative write() callable."""

from .bodies import Closing
from .starts import exc_info, noting

PLAIN = [("Content-Type", "text/plain")]


def only(environ, start_response):
    write = start_response("200 OK", PLAIN)
    write(b"one ")
    write(b"two")
    return []


def then_returns(environ, start_response):
    write = start_response("200 OK", PLAIN)
    write(b"written ")
    return [b"returned"]


def empty(environ, start_response):
    write = start_response("200 OK", PLAIN)
    write(b"")
    write(b"body")
    return []


def empty_does_not_end(environ, start_response):
    write = start_response("200 OK", PLAIN)
    write(b"one ")
    write(b"")
    write(b"two")
    return []


def then_one_piece(environ, start_response):
    """len() is 1, which says nothing of the body's length once write() was called."""
    start_response("200 OK", PLAIN)(b"written ")
    return [b"returned"]


def mistakes(environ, start_response):
    write = start_response("200 OK", PLAIN)
    for wrong in ("text", bytearray(b"x"), None, [b"x"]):
        noting(write, wrong)
    noting(write)
    noting(write, b"a", b"b")
    return [b"body"]


def past_the_length(environ, start_response):
    write = start_response("200 OK", [*PLAIN, ("Content-Length", "4")])
    write(b"bo")
    noting(write, b"dy and more")
    return []


def returns_none(environ, start_response):
    write = start_response("200 OK", PLAIN)
    write(b"written")


def fails_afterwards(environ, start_response):
    start_response("200 OK", PLAIN)(b"written")
    raise RuntimeError("after write()")


def of_the_replaced_head(environ, start_response):
    start_response("200 OK", PLAIN)
    write = start_response("503 Service Unavailable", PLAIN, exc_info())
    write(b"body")
    return Closing([])
