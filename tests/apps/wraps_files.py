"""Gives a file of the test's directory to wsgi.file_wrapper, as the query says: name, read, length, status."""

import os
from urllib.parse import parse_qsl


def app(environ, start_response):
    query = dict(parse_qsl(environ["QUERY_STRING"]))
    file = open(os.path.join(os.environ["TEST_DIRECTORY"], query["name"]), "rb")
    file.read(int(query.get("read", 0)))
    fields = [("Content-Type", "application/octet-stream")]
    fields += [(name, query[key]) for key, name in (("length", "Content-Length"), ("range", "Content-Range")) if key in query]
    start_response(query.get("status", "200 OK"), fields)
    return environ["wsgi.file_wrapper"](file)
