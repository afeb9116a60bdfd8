"""Gives a file of the test's directory to wsgi.file_wrapper, as the query says: name, read, length, status, field."""

import os
import tempfile
from urllib.parse import parse_qsl


def app(environ, start_response):
    asked = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
    query = dict(asked)
    file = open(os.path.join(os.environ["TEST_DIRECTORY"], query["name"]), "rb")
    if "temporary" in query:
        copy = getattr(tempfile, query["temporary"])()
        copy.write(file.read())
        copy.seek(0)
        file = copy
    file.read(int(query.get("read", 0)))
    kind = query.get("type", "application/octet-stream")
    fields = [("Content-Type", kind), ("X-Of-App", "kept")][0 if kind else 1:]
    fields += [tuple(value.split(": ", 1)) for name, value in asked if name == "field"]
    fields += [(name, query[key]) for key, name in (("length", "Content-Length"), ("range", "Content-Range")) if key in query]
    start_response(query.get("status", "200 OK"), fields)
    return environ["wsgi.file_wrapper"](file)
