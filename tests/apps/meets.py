"""/meet answers once PARTIES requests are in it at the same time; answers tell who served them, as JSON.

Each that comes to /meet is announced on standard error: "1 here", "2 here", ...
"""

import itertools
import json
import os
import sys
import threading

PARTIES = int(os.environ.get("TEST_PARTIES", "4"))
meeting = threading.Barrier(PARTIES)
arrivals = itertools.count(1)


def app(environ, start_response):
    if environ["PATH_INFO"] == "/meet":
        print(next(arrivals), "here", file=sys.stderr, flush=True)
        meeting.wait(timeout=10)
    body = json.dumps({"pid": os.getpid(), "thread": threading.get_ident(),
                       "multithread": environ["wsgi.multithread"], "path": environ["PATH_INFO"]}).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body]
