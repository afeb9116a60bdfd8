"""Answers that lead to a file or to another route: X-Accel-Redirect and X-Sendfile, as the query says."""

import os
from urllib.parse import parse_qsl

KEPT = [
    ("Content-Type", "application/pdf"),
    ("Content-Disposition", 'attachment; filename="report.pdf"'),
    ("Cache-Control", "private, max-age=60"),
    ("Expires", "Thu, 01 Dec 2033 16:00:00 GMT"),
    ("Set-Cookie", "a=1"),
    ("Set-Cookie", "b=2"),
    ("Content-Security-Policy", "sandbox"),
]
OF_THE_BODY = [("ETag", '"of the body"'), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
               ("Content-Encoding", "identity"), ("Accept-Ranges", "none")]
SECRET = b"the application's own body"
FOR_SERVER = [("X-Accel-Charset", "koi8-r"), ("X-Accel-Limit-Rate", "1"), ("X-Accel-Expires", "60"),
              ("X-Accel-Buffering", "yes")]


def body_that_goes_nowhere():
    for _ in range(1000):
        yield SECRET * 100


def app(environ, start_response):
    query = dict(parse_qsl(environ["QUERY_STRING"]))
    fields = [(name, value.replace("{home}", os.environ["TEST_DIRECTORY"])) for name, value in query.items()
              if name.lower().startswith("x-")]
    fields += KEPT if "kept" in query else [("Content-Type", query.get("type", ""))]
    if environ["PATH_INFO"] == "/stream":
        start_response("200 OK", fields + OF_THE_BODY + FOR_SERVER)
        return body_that_goes_nowhere()
    length = [] if environ["REQUEST_METHOD"] == "HEAD" else [("Content-Length", str(len(SECRET)))]
    start_response(query.get("status", "200 OK"), fields + OF_THE_BODY + FOR_SERVER + length)
    return [SECRET]
