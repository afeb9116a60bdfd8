"""The error stream of a request."""

import logging

from .starts import noting

PLAIN = [("Content-Type", "text/plain")]


def answer(start_response):
    start_response("200 OK", PLAIN)
    return [b"logged"]


def write(environ, start_response):
    environ["wsgi.errors"].write("written with write()\n")
    return answer(start_response)


def writelines(environ, start_response):
    environ["wsgi.errors"].writelines(line for line in ["first of lines\n", "second of ", "lines\n"])
    return answer(start_response)


def flush(environ, start_response):
    environ["wsgi.errors"].write("a line without its end")
    environ["wsgi.errors"].flush()
    environ["wsgi.errors"].write(", and the rest\n")
    return answer(start_response)


def without_flush(environ, start_response):
    environ["wsgi.errors"].write("never flushed, never ended")
    return answer(start_response)


def unicode(environ, start_response):
    environ["wsgi.errors"].write("caf\xe9 \N{SNOWMAN} \ud800\n")
    return answer(start_response)


def forged(environ, start_response):
    environ["wsgi.errors"].write("one\n2026-01-01T00:00:00Z error forged[1] two\x1b[2J\r\n")
    return answer(start_response)


def mistakes(environ, start_response):
    for wrong in (b"bytes", None, 1):
        noting(environ["wsgi.errors"].write, wrong)
    return answer(start_response)


def prints(environ, start_response):
    print("printed to it", "in two words", file=environ["wsgi.errors"])
    return answer(start_response)


def handler(environ, start_response):
    logger = logging.getLogger("to-wsgi-errors")
    logger.propagate = False
    logger.addHandler(logging.StreamHandler(environ["wsgi.errors"]))
    logger.warning("by a handler of logging")
    logger.handlers.clear()
    return answer(start_response)


def long(environ, start_response):
    environ["wsgi.errors"].write("x" * 100_000 + " the end\n")
    return answer(start_response)
