"""Answers that come in pieces, or that are large."""

from gates import pass_gate

PIECE = bytes(range(256)) * 256  # 64 KiB
LARGE = 20 << 20


def pieces(count, piece=PIECE):
    for _ in range(count):
        yield piece


def gated():
    yield b"first\n"
    pass_gate()
    yield b"second\n"


class Closing:
    """What it has to do after its answer, as a Response.call_on_close() of Flask."""

    def __iter__(self):
        return iter([b"bo", b"dy"])

    def close(self):
        pass_gate()


def with_write(start_response):
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    write(b"written\n")
    return [b"returned\n"]


# Fields by which nginx is told not to hold a stream back; none is needed here.
STREAM_FIELDS = {
    "plain": [("Content-Type", "text/plain")],
    "events": [("Content-Type", "text/event-stream")],
    "unbuffered": [("Content-Type", "text/plain"), ("X-Accel-Buffering", "no")],
    "buffered": [("Content-Type", "text/plain"), ("X-Accel-Buffering", "yes")],
}


def app(environ, start_response):
    path = environ["PATH_INFO"]
    kind = environ["QUERY_STRING"]
    if kind:
        start_response("200 OK", STREAM_FIELDS[kind])
        return gated() if path.endswith("/gated") else pieces(LARGE // len(PIECE))
    if path == "/written":
        return with_write(start_response)
    fields = [("Content-Type", "application/octet-stream")]
    if path == "/large-with-length":
        fields.append(("Content-Length", str(LARGE)))
    if path.startswith("/head/"):
        fields += [("X-Part", "x" * 1000)] * int(path.removeprefix("/head/"))
    start_response("200 OK", fields)
    if path == "/closing":
        return Closing()
    if path == "/gated":
        return gated()
    if path.startswith("/large"):
        return pieces(LARGE // len(PIECE))
    if path.startswith("/pieces/"):
        return pieces(int(path.removeprefix("/pieces/")))
    if path.startswith("/small-pieces/"):
        return pieces(int(path.removeprefix("/small-pieces/")), PIECE[:1024])
    return [b"ok"]
