"""What a worker does to get warm: /cache fills a cache, /large writes more than a socket holds, /broken fails."""

import os

warm = []


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/broken":
        raise RuntimeError("the cache cannot be filled")
    if path == "/unavailable":
        start_response("503 Service Unavailable", [])
        return [b"later"]
    if environ["HTTP_USER_AGENT"] == "bundle warmup":
        warm.append(environ["HTTP_HOST"] + path + "?" + environ["QUERY_STRING"])
    start_response("200 OK", [("X-Worker", str(os.getpid()))])
    return [b"x" * (1 << 20)] * 8 if path == "/large" else [" ".join(warm).encode()]
