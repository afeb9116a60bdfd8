"""Hashes the body, and tells which of its open descriptors are unlinked files: how a spooled body arrives."""

import hashlib
import json
import os


def unlinked_files():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
            if target.endswith("(deleted)") and not target.startswith("/memfd:bundle"):
                found.append({"path": target, "size": os.fstat(int(name)).st_size})
        except OSError:
            pass  # the descriptor that listdir itself used
    return found


def app(environ, start_response):
    spooled = unlinked_files()
    stream, digest, length = environ["wsgi.input"], hashlib.sha256(), 0
    while piece := stream.read(1 << 18):
        digest.update(piece)
        length += len(piece)
    told = json.dumps({"length": length, "sha256": digest.hexdigest(), "spooled": spooled,
                       "content_length": environ.get("CONTENT_LENGTH"), "pid": os.getpid()}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(told)))])
    return [told]
