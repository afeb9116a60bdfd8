"""Reads wsgi.input in the way that the path names and answers what it got, as JSON."""

import json


def ways(stream):
    return {
        "/readline": lambda: [stream.readline(), stream.readline(3), stream.readline(), stream.readline()],
        "/readlines": stream.readlines,
        "/iteration": lambda: list(stream),
        "/pieces": lambda: [stream.read(4), stream.read(0), stream.read(4), stream.read(), stream.read(), stream.read(1)],
    }


def app(environ, start_response):
    read = ways(environ["wsgi.input"])[environ["PATH_INFO"]]
    told = json.dumps([piece.decode("latin-1") for piece in read()]).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(told)))])
    return [told]
