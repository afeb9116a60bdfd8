"""Fails at every moment at which an application can fail; the path says when."""

import sys


class Closes:
    def __iter__(self):
        return iter([b"body"])

    def close(self):
        raise RuntimeError("in close")


def breaks_off():
    yield b"first half"
    raise RuntimeError("in the middle")


def late_start(start_response):
    raise_late = True
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b""
    if raise_late:
        raise RuntimeError("before the first byte")


def replaces_its_head(start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    try:
        raise ValueError("reconsidered")
    except ValueError:
        start_response("503 Service Unavailable", [("Content-Type", "text/plain")], sys.exc_info())
    return [b"replaced"]


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/before-head":
        raise RuntimeError("before the head")
    if path == "/before-first-byte":
        return late_start(start_response)
    if path == "/replaces-head":
        return replaces_its_head(start_response)
    if path == "/no-start":
        return [b"no start_response"]
    if path == "/exit":
        sys.exit(3)
    if path == "/bad-field":
        start_response("200 OK", [("X-Bad", "a\r\nSet-Cookie: forged=1")])
        return [b"never"]
    start_response("200 OK", [("Content-Type", "text/plain"),
                              *([("Content-Length", "100")] if path == "/too-short" else [])])
    if path == "/in-the-middle":
        return breaks_off()
    if path == "/in-close":
        return Closes()
    if path == "/not-bytes":
        return ["text"]
    return [b"fine"]
