"""Tells the environ as it is, and what of it can only be seen in the application."""

import json
import wsgiref.util

from .notes import note


def tell(start_response, told):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(told).encode()]


def told(environ, start_response):
    """Types of every value, and the values that are text."""
    return tell(start_response, {
        "types": {name: type(value).__name__ for name, value in environ.items()},
        "names": {type(name).__name__ for name in environ}.pop(),
        "texts": {name: value for name, value in environ.items() if isinstance(value, str)},
        "version": [type(environ["wsgi.version"]).__name__, *environ["wsgi.version"]],
        "flags": {name: environ[name] for name in ("wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once")},
        "url": wsgiref.util.request_uri(environ),
        "application_url": wsgiref.util.application_uri(environ),
    })


def reads_after(environ, start_response):
    """What the body is, and how long it is said to be."""
    return tell(start_response, {"body": environ["wsgi.input"].read().decode("latin-1"),
                                 "length": environ.get("CONTENT_LENGTH"),
                                 "coding": environ.get("HTTP_TRANSFER_ENCODING"),
                                 "expect": environ.get("HTTP_EXPECT")})


def ignores_its_body(environ, start_response):
    note("called")
    return tell(start_response, "ignored")
