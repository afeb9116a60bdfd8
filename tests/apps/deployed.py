"""What an application behind a front end does: answers of many kinds, and what it was asked."""

import json
import os

TOLD = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "SCRIPT_NAME", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_TEST",
        "HTTP_COOKIE", "CONTENT_TYPE", "CONTENT_LENGTH", "wsgi.url_scheme")


def echo(environ, start_response):
    body = environ["wsgi.input"].read()
    told = {name: environ.get(name) for name in TOLD} | {"body": len(body)}
    start_response("200 OK", [("Content-Type", "application/json"), ("X-App", "echo")])
    return [json.dumps(told, sort_keys=True).encode()]


def stream(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return (b"piece %d\n" % number for number in range(100))


def large(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(1 << 20))])
    return [bytes(range(256)) * (1 << 12)]


def cookies(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2; Path=/")])
    return [b"two"]


def leads(environ, start_response):
    start_response("302 Found", [("Location", "/echo?from=there"), ("Content-Type", "text/plain")])
    return [b"there"]


def empty(environ, start_response):
    start_response("204 No Content", [])
    return []


def unchanged(environ, start_response):
    start_response("304 Not Modified", [("ETag", '"1"')])
    return []


def fails(environ, start_response):
    start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
    return [b"the application's own page"]


def dies(environ, start_response):
    os._exit(9)


PAGES = {"/echo": echo, "/stream": stream, "/large": large, "/cookies": cookies, "/leads": leads, "/empty": empty,
         "/unchanged": unchanged, "/fails": fails, "/dies": dies}


def app(environ, start_response):
    page = PAGES.get(environ["PATH_INFO"])
    if page:
        return page(environ, start_response)
    status = "200 OK" if environ["PATH_INFO"] == "/" else "404 Not Found"
    start_response(status, [("Content-Type", "text/html; charset=utf-8")])
    return [b"<p>" + environ["PATH_INFO"].encode("latin-1")]
