"""Ways to read wsgi.input. The tests run the same ones on io.BytesIO, which says what must come out."""

import json

MIDDLE = 70_000  # beyond the first of the windows in which a spooled body is read


def into(stream, size):
    buffer = bytearray(size)
    count = stream.readinto(buffer)
    return [count, bytes(buffer[:count])]


def until_empty(read):
    pieces = []
    while piece := read():
        pieces.append(piece)
    return [*pieces, read(), read()]


def raised(call):
    try:
        return [call()]
    except (ValueError, TypeError) as error:
        return [type(error).__name__]


WAYS = {
    "a server should allow read() to be called without an argument, and return the remainder":
        lambda s: [s.read(5), s.read()],
    "read(size) returns that many bytes": lambda s: [s.read(1), s.read(2), s.read(10)],
    "read(size) in pieces returns the whole": lambda s: until_empty(lambda: s.read(8191)),
    "read(size) returns what is there when it is less": lambda s: [len(s.read(1 << 30)), s.read(5)],
    "read(0) returns an empty bytestring": lambda s: [s.read(0), s.read(1)],
    "read(-1) returns the remainder": lambda s: [s.read(3), s.read(-1)],
    "read(None) returns the remainder": lambda s: [s.read(3), s.read(None)],
    "simulate an end-of-file condition past that point": lambda s: [len(s.read()), s.read(), s.read(1), s.read(0)],
    "return empty bytestrings from any attempt to read from an exhausted input stream":
        lambda s: [len(s.read()), s.read(), s.readline(), s.readlines(), list(s), into(s, 4)],
    "readline() returns a line": lambda s: [s.readline(), s.readline(), s.readline()],
    "readline() in turn returns every line": lambda s: until_empty(s.readline),
    "servers should support the optional size argument to readline()":
        lambda s: [s.readline(2), s.readline(2), s.readline(100), s.readline(0), s.readline(-1), s.readline(None)],
    "readline(size) across the windows of a file": lambda s: [s.seek(65_530), s.readline(20), s.readline()],
    "readlines() returns the rest": lambda s: [s.readline(), s.readlines()],
    "the hint argument to readlines() is optional": lambda s: [s.readlines(1), s.readlines(8), s.readlines(-1)],
    "readlines(0) and readlines(None) have no hint": lambda s: [s.readlines(0), s.seek(0), s.readlines(None)],
    "__iter__() gives the lines": lambda s: list(iter(s)),
    "__iter__() begins where reading left off": lambda s: [s.read(2), *s],
    "iteration and reading mixed": lambda s: [next(s), s.read(3), next(s), s.readline()],
    "readinto() fills a buffer": lambda s: [into(s, 4), into(s, 0), into(s, MIDDLE), into(s, 1 << 20), into(s, 8)],
    "readinto() takes a memoryview": lambda s: [s.readinto(memoryview(bytearray(10))[2:6]), s.tell()],
    "readinto() of what cannot be written": lambda s: raised(lambda: s.readinto(b"constant")),
    "tell() follows": lambda s: [s.tell(), s.read(7), s.tell(), s.readline(), s.tell(), len(s.read()), s.tell()],
    "seek() to the begin, from here and from the end":
        lambda s: [s.seek(6), s.read(3), s.seek(0), s.read(3), s.seek(2, 1), s.read(3), s.seek(-4, 2), s.read()],
    "seek() beyond the end": lambda s: [s.seek(1 << 33), s.read(), s.readline(), list(s), s.tell(), s.seek(1), s.read(2)],
    "seek() before the begin": lambda s: raised(lambda: s.seek(-1)),
    "seek() before the begin from here or from the end": lambda s: [s.seek(-1_000_000, 2), s.tell(), s.seek(-1, 1), s.read(2)],
    "seek() with a whence that is none": lambda s: raised(lambda: s.seek(0, 9)),
    "a read of a middle window, then of the first one": lambda s: [s.seek(MIDDLE), s.read(9), s.seek(1), s.read(9)],
    "sizes that are no number": lambda s: [raised(lambda: s.read("1")), raised(lambda: s.readline(1.5)),
                                           raised(lambda: s.read(1, 2))],
    "after close()": lambda s: [s.closed, s.close(), s.closed, raised(s.read), raised(s.readline), raised(s.tell),
                                raised(lambda: next(s)), s.close()],
    "what it can do": lambda s: [s.readable(), s.seekable(), s.isatty(), s.closed],
}


def printed(result):
    """Results as JSON: bytes become text."""
    return json.loads(json.dumps(result, default=lambda piece: piece.decode("latin-1")))


def way(environ, start_response):
    _, _, _, number = environ["PATH_INFO"].split("/")
    told = json.dumps(printed(list(WAYS.values())[int(number)](environ["wsgi.input"]))).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [told]


def nothing(environ, start_response):
    """Never looks at its body, nor ends it."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"not read"]


def by_wrapper(environ, start_response):
    """What frameworks make of it: io.BufferedReader would need readinto(), TextIOWrapper read1()."""
    import io
    text = io.TextIOWrapper(environ["wsgi.input"], encoding="utf-8")
    read = text.read()
    text.detach()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [read.encode()]


def sends_it_back(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return environ["wsgi.input"]
