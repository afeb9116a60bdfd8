"""Answers that come in pieces, or that are large."""

from gates import pass_gate

PIECE = bytes(range(256)) * 256  # 64 KiB
LARGE = 20 << 20


def gated():
    yield b"first\n"
    pass_gate()
    yield b"second\n"


def large():
    for _ in range(LARGE // len(PIECE)):
        yield PIECE


def with_write(start_response):
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    write(b"written\n")
    return [b"returned\n"]


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/written":
        return with_write(start_response)
    fields = [("Content-Type", "application/octet-stream")]
    if path == "/large-with-length":
        fields.append(("Content-Length", str(LARGE)))
    start_response("200 OK", fields)
    if path == "/gated":
        return gated()
    if path.startswith("/large"):
        return large()
    return [b"ok"]
