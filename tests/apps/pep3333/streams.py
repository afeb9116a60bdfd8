"""Answers in pieces, each of which must be with the client before the next one is asked for."""

from gates import pass_gate

from .notes import note

PLAIN = [("Content-Type", "text/plain")]


def pieces():
    for number in (1, 2, 3):
        yield b"piece %d" % number
        pass_gate()


def yielded(environ, start_response):
    start_response("200 OK", PLAIN)
    return pieces()


def yielded_with_a_length(environ, start_response):
    start_response("200 OK", [*PLAIN, ("Content-Length", "21")])
    return pieces()


def written(environ, start_response):
    write = start_response("200 OK", PLAIN)
    for piece in pieces():
        write(piece)
    return []


def head_alone(environ, start_response):
    """The head may wait for the body: only then is there something to be seen."""
    start_response("200 OK", PLAIN)
    yield b""
    note("no byte yet")
    yield b"body"


def told_apart(environ, start_response):
    start_response("200 OK", PLAIN)
    yield b""
    pass_gate()
    try:
        raise ValueError
    except ValueError as error:
        start_response("409 Conflict", PLAIN, (type(error), error, error.__traceback__))
    yield b"body"
