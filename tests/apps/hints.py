"""/hints sends early hints; /asks waits until its client is gone; /endless yields until it is closed."""

import sys
import time

from gates import pass_gate

LINK = "</style.css>; rel=preload; as=style"


def endless():
    try:
        while True:
            yield b"tick\n" * 1000
    finally:
        print("closed", file=sys.stderr, flush=True)


def wait_until_gone(client_gone):
    while not client_gone():
        time.sleep(0.01)
    print("gone", file=sys.stderr, flush=True)


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/asks":
        assert not environ["bundle.client_gone"]()
        pass_gate()
        wait_until_gone(environ["bundle.client_gone"])
    if path == "/hints":
        environ["wsgi.early_hints"]([("Link", LINK)])
        environ["wsgi.early_hints"]([("Link", "</app.js>; rel=preload; as=script")])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return endless() if path == "/endless" else [b"done\n"]
