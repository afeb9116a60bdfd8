"""Tells in JSON what of the request arrived, and who answered."""

import hashlib
import json
import os

served = 0


def body_facts(stream):
    digest, length = hashlib.sha256(), 0
    while piece := stream.read(1 << 20):
        digest.update(piece)
        length += len(piece)
    return {"body_length": length, "body_sha256": digest.hexdigest()}


def app(environ, start_response):
    global served
    served += 1
    texts = {name: value for name, value in environ.items() if isinstance(value, str)}
    told = json.dumps({
        "environ": texts,
        "types": {name: type(value).__name__ for name, value in environ.items()},
        "version": environ["wsgi.version"],
        "multiprocess": environ["wsgi.multiprocess"],
        "multithread": environ["wsgi.multithread"],
        "run_once": environ["wsgi.run_once"],
        "pid": os.getpid(),
        "served": served,
        **body_facts(environ["wsgi.input"]),
    }).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(told))),
                              ("X-Method", environ["REQUEST_METHOD"])])
    return [told]
