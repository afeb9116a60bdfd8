"""The applications of the conformance suite: /MODULE/NAME calls that function of that module.

They note what happens to them; /~notes tells the notes as JSON and forgets them. There is one worker, so whoever asks
for the notes asks when the request before is over.
"""

import json

from . import bodies, callables, environs, errors, inputs, kept, starts, streams, validated, wrapped, writes
from .notes import take_notes

MODULES = {module.__name__.rpartition(".")[2]: module
           for module in (callables, environs, inputs, errors, starts, bodies, writes, streams, wrapped, validated, kept)}


def tell_notes(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(take_notes()).encode()]


def app(environ, start_response):
    if environ["PATH_INFO"] == "/~notes":
        return tell_notes(environ, start_response)
    _, module, name, *_ = environ["PATH_INFO"].split("/")
    return getattr(MODULES[module], name)(environ, start_response)
