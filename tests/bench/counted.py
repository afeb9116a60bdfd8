"""Load that is counted in requests, errors of the application among them."""

import re
import subprocess
import sys
from pathlib import Path

from load import found

CONNECTIONS = 64
SLICE = 2  # seconds; wrk knows durations only


def send(count, address, target="/", upload=0):
    """At least `count` requests, each with `upload` bytes; how many there were, and how many of them were refused."""
    sent = refused = 0
    while sent < count:
        command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{SLICE}s"]
        if upload:
            command += ["--script", Path(__file__).with_name("upload.lua")]
        command.append(f"http://{address[0]}:{address[1]}{target}")
        if upload:
            command += ["--", str(upload)]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SLICE + 60).stdout
        if "Socket errors" in said:
            sys.exit(f"connections broke:\n{said}")
        sent += int(found(r"(\d+) requests in", said)[1])
        others = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
        refused += int(others[1]) if others else 0
    return sent, refused
