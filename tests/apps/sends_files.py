"""Sends this file by wsgi.file_wrapper: whole, from an offset, or something that is no real file."""

import io


def app(environ, start_response):
    wrap = environ["wsgi.file_wrapper"]
    start_response("200 OK", [("Content-Type", "text/x-python")])
    if environ["PATH_INFO"] == "/memory":
        return wrap(io.BytesIO(b"from memory"), 4)
    file = open(__file__, "rb")
    if environ["PATH_INFO"] == "/offset":
        file.seek(10)
    return wrap(file)
