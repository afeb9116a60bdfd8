"""Keeps what it was asked, for a test that wants to know what reached an application; /~recorded tells and forgets it."""

import json

recorded = []


def app(environ, start_response):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/~recorded":
        told = json.dumps(recorded).encode()
        recorded.clear()
    else:
        texts = {name: value for name, value in environ.items() if isinstance(value, str)}
        recorded.append(texts | {"body": body.decode("latin-1")})
        told = b"recorded"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(told)))])
    return [told]
