"""What becomes of a request stands in its path; others say their path and are answered at once."""

import os
import signal
import time

from gates import pass_gate


def app(environ, start_response):
    environ["wsgi.input"].read()
    path = environ["PATH_INFO"]
    print("asked for", path)
    if path.startswith("/wait"):
        pass_gate()
    elif path.startswith("/hang"):
        time.sleep(3600)
    elif path.startswith("/crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    elif path.startswith("/nap"):
        time.sleep(1)
    elif path.startswith("/work"):
        sum(range(3_000_000))
    elif path.startswith("/told"):
        told = [environ[key] for key in ("HTTP_X_REQUEST_START", "HTTP_TRACEPARENT") if key in environ]
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [" ".join(told).encode()]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"done"]
