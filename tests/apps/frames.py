"""Answers with heads and bodies that fit each other, and others that do not; the path says which.

BAD_HEADS and BODIES are read by the test too: what stands there once cannot differ.
"""

# start_response() is given this, which must never be sent; then what the log says of it.
BAD_HEADS = {
    "status-without-reason": ("200", [], "three digits"),
    "status-without-space": ("200OK", [], "three digits"),
    "status-of-two-digits": ("20 OK", [], "three digits"),
    "status-of-four-digits": ("2000 OK", [], "three digits"),
    "status-with-a-sign": ("-20 OK", [], "three digits"),
    "status-of-words": ("OK 200", [], "three digits"),
    "status-empty": ("", [], "three digits"),
    "status-with-a-space-before": (" 200 OK", [], "three digits"),
    "status-with-a-line-end": ("200 OK\r\nX-Forged: 1", [], "control character"),
    "status-with-nul": ("200 O\0K", [], "control character"),
    "status-not-latin-1": ("200 \N{GREEK CAPITAL LETTER DELTA}", [], r"U\+00FF"),
    "status-in-fullwidth-digits": ("\uff12\uff10\uff10 OK", [], r"U\+00FF"),
    "status-a-number": (200, [], "must be a str"),
    "status-bytes": (b"200 OK", [], "must be a str"),
    "status-100": ("100 Continue", [], "200 or above"),
    "status-101": ("101 Switching Protocols", [], "200 or above"),
    "status-103": ("103 Early Hints", [], "200 or above"),
    "status-000": ("000 Nothing", [], "200 or above"),
    "name-empty": ("200 OK", [("", "a")], "not a header name"),
    "name-with-a-space": ("200 OK", [("X A", "a")], "not a header name"),
    "name-with-a-colon": ("200 OK", [("X-A:", "a")], "not a header name"),
    "name-with-a-line-end": ("200 OK", [("X-A: b\r\nX-Forged", "a")], "not a header name"),
    "name-with-nul": ("200 OK", [("X\0A", "a")], "not a header name"),
    "name-not-ascii": ("200 OK", [("X-\xe9", "a")], "not a header name"),
    "name-bytes": ("200 OK", [(b"X-A", "a")], "must be a str"),
    "value-with-cr": ("200 OK", [("X-A", "a\rX-Forged: 1")], "control character"),
    "value-with-lf": ("200 OK", [("X-A", "a\nX-Forged: 1")], "control character"),
    "value-with-cr-lf": ("200 OK", [("X-A", "a\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")], "control character"),
    "value-with-a-fold": ("200 OK", [("X-A", "a\r\n b")], "control character"),
    "value-with-nul": ("200 OK", [("X-A", "a\0b")], "control character"),
    "value-with-del": ("200 OK", [("X-A", "a\x7fb")], "control character"),
    "value-with-a-tab": ("200 OK", [("X-A", "a\tb")], "control character"),
    "value-not-latin-1": ("200 OK", [("X-A", "\N{EURO SIGN}")], r"U\+00FF"),
    "value-a-number": ("200 OK", [("X-A", 1)], "must be a str"),
    "value-none": ("200 OK", [("X-A", None)], "must be a str"),
    "fields-in-a-tuple": ("200 OK", (("X-A", "a"),), "must be a list"),
    "field-in-a-list": ("200 OK", [["X-A", "a"]], "must be a tuple"),
    "field-of-three": ("200 OK", [("X-A", "a", "b")], "must be a tuple"),
    "transfer-encoding": ("200 OK", [("Transfer-Encoding", "chunked")], "hop-by-hop"),
    "transfer-encoding-identity": ("200 OK", [("TRANSFER-ENCODING", "identity")], "hop-by-hop"),
    "te": ("200 OK", [("TE", "trailers")], "hop-by-hop"),
    "trailer": ("200 OK", [("Trailer", "X-A")], "hop-by-hop"),
    "upgrade": ("200 OK", [("Upgrade", "websocket")], "hop-by-hop"),
    "two-lengths": ("200 OK", [("Content-Length", "5"), ("Content-Length", "7")], "one number"),
    "two-equal-lengths": ("200 OK", [("Content-Length", "5"), ("content-length", "5")], "one number"),
    "length-a-list": ("200 OK", [("Content-Length", "5, 5")], "one number"),
    "length-empty": ("200 OK", [("Content-Length", "")], "one number"),
    "length-with-a-sign": ("200 OK", [("Content-Length", "+5")], "one number"),
    "length-negative": ("200 OK", [("Content-Length", "-1")], "one number"),
    "length-with-a-space": ("200 OK", [("Content-Length", "5 ")], "one number"),
    "length-too-large": ("200 OK", [("Content-Length", "18446744073709551616")], "one number"),
}

# Every way in which a body of "whole body" can be handed over.
BODIES = {
    "list": lambda: [b"whole body"],
    "pieces": lambda: [b"whole", b"", b" body"],
    "iterator": lambda: iter([b"whole", b"", b" body"]),
    "generator": lambda: (piece for piece in [b"", b"whole body"]),
}

STATUSES = {"no-content": "204 No Content", "not-modified": "304 Not Modified", "no-reason": "299 ",
            "unregistered": "599 Of Our Own", "latin-1": "200 caf\xe9"}


def app(environ, start_response):
    kind, _, name = environ["PATH_INFO"][1:].partition("/")
    if kind == "bad":
        status, fields, _ = BAD_HEADS[name]
        start_response(status, fields)
        return [b"never sent"]
    if kind == "status":
        length = environ["QUERY_STRING"]
        start_response(STATUSES[name], [("X-Value", "caf\xe9"), *([("Content-Length", length)] if length else [])])
        return [b"whole body"]
    # /length/LIST/12: a body of ten bytes that is said to have twelve.
    name, _, length = name.partition("/")
    start_response("200 OK", [("Content-Length", length)] if length else [])
    return BODIES[name]()
