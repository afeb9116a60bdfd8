"""Works for as long as WORK_SECONDS says, and writes down for whom: the target."""

import os
import time

SECONDS = float(os.environ.get("WORK_SECONDS", "0.1"))
JOURNAL = os.open(os.path.join(os.environ["TEST_DIRECTORY"], "journal"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def app(environ, start_response):
    time.sleep(SECONDS)
    os.write(JOURNAL, f"{environ['PATH_INFO']}\n".encode())
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
