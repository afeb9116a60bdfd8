"""/wait stands at the gate before it answers; every other path answers at once. Answers name the worker."""

import os

from gates import pass_gate


def app(environ, start_response):
    environ["wsgi.input"].read()
    if environ["PATH_INFO"].startswith("/wait"):
        pass_gate()
    body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
