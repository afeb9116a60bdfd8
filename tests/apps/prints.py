"""Prints its query string, past Python's own buffers."""

import os


def app(environ, start_response):
    os.write(1, environ["QUERY_STRING"].encode() + b"\n")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "7")])
    return [b"printed"]
