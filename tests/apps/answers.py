"""Answers with the status and the fields that the query names: /?status=404&X-Frame-Options=DENY."""

from urllib.parse import parse_qsl


def app(environ, start_response):
    query = parse_qsl(environ["QUERY_STRING"])
    status = dict(query).get("status", "200")
    body = f"the application's own {status}".encode()
    start_response(f"{status} Told", [("Content-Type", "text/plain"), ("Content-Length", str(len(body))),
                                      *(field for field in query if field[0].lower().startswith("x-"))])
    return [body]
