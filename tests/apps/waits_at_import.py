"""Stands at the gate while it is imported."""

from gates import pass_gate

pass_gate()


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"imported"]
