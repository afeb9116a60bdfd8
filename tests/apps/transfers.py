"""Large bodies both ways, with as little work of the application's own as can be: what is left is the servers'."""

import json
import os
from pathlib import Path

PIECE = bytes(range(256)) * 256  # 64 KiB, also what Django and Werkzeug read of an upload at a time
MEGABYTE = PIECE * 16
LARGE = 64 << 20
FILE = Path(os.environ["TEST_DIRECTORY"]) / "large.bin"


def upload(environ, start_response):
    read, length = environ["wsgi.input"].read, 0
    while piece := read(len(PIECE)):
        length += len(piece)
    complete = length == int(environ["CONTENT_LENGTH"])
    start_response("200 OK" if complete else "500 Body Cut Short", [("Content-Type", "text/plain"), ("Content-Length", "3")])
    return [b"ok\n"]


def whole(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(MEGABYTE)))])
    return [MEGABYTE]


def generator(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream")])  # its length is not known, as in most
    return (PIECE for _ in range(LARGE // len(PIECE)))


def file(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(LARGE))])
    return environ["wsgi.file_wrapper"](open(FILE, "rb"), len(PIECE))


ROWS = json.dumps([{"id": number, "name": f"item {number}", "price": number * 7 % 1000, "stock": number % 13,
                    "words": f"the {number % 97} of all that is {number * 31 % 1009}"} for number in range(520)]).encode()


def json_rows(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(ROWS)))])
    return [ROWS]


VIEWS = {"/json": json_rows, "/upload": upload, "/whole": whole, "/generator": generator, "/file": file}


def app(environ, start_response):
    return VIEWS[environ["PATH_INFO"]](environ, start_response)
