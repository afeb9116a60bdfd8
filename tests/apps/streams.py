"""Answers that come in pieces, or that are large."""

from gates import pass_gate

PIECE = bytes(range(256)) * 256  # 64 KiB
LARGE = 20 << 20


def pieces(count):
    for _ in range(count):
        yield PIECE


def gated():
    yield b"first\n"
    pass_gate()
    yield b"second\n"


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
        return pieces(LARGE // len(PIECE))
    if path.startswith("/pieces/"):
        return pieces(int(path.removeprefix("/pieces/")))
    return [b"ok"]
