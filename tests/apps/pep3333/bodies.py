"""Whatever an application may return, and may not; each says when it is closed."""

import array
import collections

from .notes import note

PLAIN = [("Content-Type", "text/plain")]
WHOLE = b"one two three"


class Closing:
    """An iterator of its own over `pieces`; an exception among them is raised."""

    def __init__(self, pieces):
        self._pieces = iter(pieces)

    def __iter__(self):
        return self

    def __next__(self):
        piece = next(self._pieces)
        if isinstance(piece, BaseException):
            raise piece
        return piece

    def close(self):
        note("closed")


class Sized(Closing):
    def __init__(self, pieces, size):
        super().__init__(pieces)
        self._size = size

    def __len__(self):
        return self._size


class RaisesInLen(Closing):
    def __len__(self):
        raise RuntimeError("no length today")


class BySequenceProtocol:
    """No __iter__: iteration by __getitem__, as in PEP 234."""

    def __getitem__(self, index):
        return [b"one ", b"two ", b"three"][index]


class Watched(Closing):
    """Notes which of its attributes are asked for."""

    def __getattribute__(self, name):
        if not name.startswith("_"):
            note(name)
        return super().__getattribute__(name)


def generator_with_finally():
    try:
        yield b"one "
        yield b"two three"
    finally:
        note("closed")


class SubclassOfBytes(bytes):
    pass


class SubclassOfList(list):
    def close(self):
        note("closed")


PIECES = [b"one ", b"two ", b"three"]
KINDS = {
    "a list": lambda: list(PIECES),
    "a tuple": lambda: tuple(PIECES),
    "a list of one": lambda: [WHOLE],
    "a generator": lambda: (piece for piece in PIECES),
    "a generator function's": generator_with_finally,
    "an iterator": lambda: iter(PIECES),
    "an object with __iter__ and close": lambda: Closing(PIECES),
    "an object with a length of one": lambda: Sized([WHOLE], 1),
    "an object with a length of three": lambda: Sized(PIECES, 3),
    "an object with __getitem__": BySequenceProtocol,
    "a deque": lambda: collections.deque(PIECES),
    "the keys of a dict": lambda: dict.fromkeys(PIECES).keys(),
    "map": lambda: map(bytes, PIECES),
    "a subclass of list": lambda: SubclassOfList(PIECES),
    "pieces of a subclass of bytes": lambda: [SubclassOfBytes(WHOLE)],
    "empty pieces first": lambda: iter([b"", b"", *PIECES]),
    "empty pieces between": lambda: [b"", b"one ", b"", b"two three", b""],
    "an object whose __len__ raises": lambda: RaisesInLen(PIECES),
}
MISTAKES = {
    "str": (lambda: WHOLE.decode(), "returned str"),
    "bytes": (lambda: WHOLE, "returned bytes"),
    "None": (lambda: None, "returned NoneType"),
    "a number": (lambda: 42, "not iterable"),
    "a list of str": (lambda: [WHOLE.decode()], "bytes, not str"),
    "a str behind bytes in a list": (lambda: [b"one ", "two"], "bytes, not str"),
    "a generator of str": (lambda: (piece.decode() for piece in PIECES), "bytes, not str"),
    "a list of numbers": (lambda: list(WHOLE), "bytes, not int"),
    "a bytearray in a list": (lambda: [bytearray(WHOLE)], "bytes, not bytearray"),
    "a memoryview in a list": (lambda: [memoryview(WHOLE)], "bytes, not memoryview"),
    "an array in a list": (lambda: [array.array("b", WHOLE)], "bytes, not array"),
    "None in a list": (lambda: [None], "bytes, not NoneType"),
}


def kind(environ, start_response):
    start_response("200 OK", PLAIN)
    return KINDS[environ["QUERY_STRING"].replace("%20", " ")]()


def mistake(environ, start_response):
    start_response("200 OK", PLAIN)
    return MISTAKES[environ["QUERY_STRING"].replace("%20", " ")][0]()


def empty(environ, start_response):
    start_response("200 OK", PLAIN)
    return {"list": [], "generator": iter(()), "empty-pieces": [b"", b""],
            "own": Closing([])}[environ["QUERY_STRING"]]


def lines(environ, start_response):
    start_response("200 OK", PLAIN)
    return [b"dos\r\n", b"unix\n", b"mac\r", bytes(range(256)), b"\r\n\r\n"]


def starts_when_iterated(environ, start_response):
    start_response("202 Accepted", PLAIN)
    yield WHOLE


def starts_after_empty_pieces(environ, start_response):
    yield b""
    yield b""
    start_response("202 Accepted", PLAIN)
    yield WHOLE


def starts_after_its_body(environ, start_response):
    yield WHOLE
    start_response("200 OK", PLAIN)


def never_starts(environ, start_response):
    return Closing([WHOLE])


def watched(environ, start_response):
    start_response("200 OK", PLAIN)
    return Watched(PIECES)


def endless():
    try:
        while True:
            yield b"x" * 65536
    finally:
        note("closed")


def fails_in_close(environ, start_response):
    start_response("200 OK", PLAIN)

    class Fails(Closing):
        def close(self):
            super().close()
            raise RuntimeError("close() failed")
    return Fails(PIECES)


# Each way in which a request can end: /bodies/ends/NAME
ENDS = {
    "well": lambda: Closing(PIECES),
    "without-a-piece": lambda: Closing([]),
    "in-an-error-before-the-first-piece": lambda: Closing([RuntimeError("iteration failed")]),
    "in-an-error-after-the-first-piece": lambda: Closing([b"one ", RuntimeError("iteration failed")]),
    "in-sys-exit": lambda: Closing([SystemExit(3)]),
    "with-a-str": lambda: Closing(["text"]),
    "endless": endless,
}


def ends(environ, start_response):
    fields = [("Content-Length", environ["QUERY_STRING"])] if environ["QUERY_STRING"] else []
    if environ["HTTP_X_STATUS"] != "none":
        start_response(environ["HTTP_X_STATUS"], fields)
    return ENDS[environ["PATH_INFO"].rpartition("/")[2]]()
