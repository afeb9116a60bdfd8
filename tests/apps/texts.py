"""Answers text as the query says: type, size, pieces, announced (Content-Length), field=Name:value, file, gate, status."""

import os
from urllib.parse import parse_qsl

from gates import pass_gate

LINE = b"All work and no play makes Jack a dull boy.\n"


def text(size):
    return (LINE * (size // len(LINE) + 1))[:size]


def gated(piece):
    yield piece
    pass_gate()
    yield piece


def app(environ, start_response):
    query = parse_qsl(environ["QUERY_STRING"])
    said = dict(query)
    size = int(said.get("size", 5000))
    fields = [tuple(value.split(":", 1)) for key, value in query if key == "field"]
    if "type" in said:
        fields.append(("Content-Type", said["type"]))
    if "announced" in said:
        fields.append(("Content-Length", said["announced"]))
    write = start_response(said.get("status", "200 OK"), fields)
    if "write" in said:
        write(text(size))
    if "file" in said:
        return environ["wsgi.file_wrapper"](open(os.path.join(os.environ["TEST_DIRECTORY"], said["file"]), "rb"))
    if "gate" in said:
        return gated(text(size))
    return (text(size) for _ in range(int(said["pieces"]))) if "pieces" in said else [text(size)]
