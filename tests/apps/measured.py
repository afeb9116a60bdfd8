"""For tests/bench/leaks: a short answer, a body that is read, an error with its traceback."""


def app(environ, start_response):
    if environ["PATH_INFO"] == "/fails":
        raise RuntimeError("measured")
    length = sum(len(line) for line in environ["wsgi.input"])
    body = b"%d bytes" % length
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
