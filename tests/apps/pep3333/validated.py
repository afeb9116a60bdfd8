"""Applications inside wsgiref.validate.validator, which watches them and the server alike."""

import io
import sys
import tempfile
from wsgiref.validate import validator

PLAIN = [("Content-Type", "text/plain")]


@validator
def reads(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [*PLAIN, ("Content-Length", str(len(body)))])
    return [body]


@validator
def reads_lines(environ, start_response):
    stream = environ["wsgi.input"]
    lines = [stream.readline(), stream.readline(3), *stream.readlines(1), *stream]
    start_response("200 OK", PLAIN)
    return [b"|".join(lines)]


@validator
def streams(environ, start_response):
    start_response("200 OK", PLAIN)
    return (b"piece %d\n" % number for number in range(100))


@validator
def writes(environ, start_response):
    write = start_response("200 OK", PLAIN)
    write(b"written ")
    return [b"returned"]


@validator
def sends_a_file(environ, start_response):
    file = tempfile.TemporaryFile()
    file.write(b"a file's content")
    file.seek(0)
    start_response("200 OK", PLAIN)
    return environ["wsgi.file_wrapper"](file)


@validator
def sends_memory(environ, start_response):
    start_response("200 OK", PLAIN)
    return environ["wsgi.file_wrapper"](io.BytesIO(b"a file's content"), 4)


@validator
def replaces(environ, start_response):
    start_response("200 OK", PLAIN)
    try:
        raise ValueError("reconsidered")
    except ValueError:
        start_response("503 Service Unavailable", PLAIN, sys.exc_info())
    return [b"replaced"]


@validator
def replaces_too_late(environ, start_response):
    start_response("200 OK", PLAIN)
    yield b"first"
    try:
        raise ValueError("too late")
    except ValueError:
        start_response("503 Service Unavailable", PLAIN, sys.exc_info())


@validator
def raises(environ, start_response):
    raise ValueError("within the validator")


@validator
def raises_in_the_middle(environ, start_response):
    start_response("200 OK", PLAIN)
    yield b"first"
    raise ValueError("in the middle")


@validator
def logs(environ, start_response):
    errors = environ["wsgi.errors"]
    errors.write("written\n")
    errors.writelines(["line one\n", "line two\n"])
    errors.flush()
    start_response("200 OK", PLAIN)
    return [b"logged"]


@validator
def has_no_content(environ, start_response):
    start_response("204 No Content", [])
    return []


@validator
def is_not_modified(environ, start_response):
    start_response("304 Not Modified", [("ETag", '"a"')])
    return []
