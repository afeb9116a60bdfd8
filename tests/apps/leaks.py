"""Keeps 4 MB of each request. Answers name the worker."""

import os

kept = []


def app(environ, start_response):
    kept.append(bytearray(os.urandom(4096) * 1024))
    start_response("200 OK", [])
    return [str(os.getpid()).encode()]
