"""What can be done with start_response(), rightly and wrongly; notes tell what it raised."""

import sys

from .notes import note

PLAIN = [("Content-Type", "text/plain")]
OTHER = [("X-Other", "yes")]


def noting(call, *arguments, **named):
    """Notes what the call raised, or that it did not."""
    try:
        call(*arguments, **named)
    except BaseException as error:
        note([type(error).__name__, str(error)])
        return error
    note("no error")
    return None


def exc_info():
    try:
        raise LookupError("reconsidered")
    except LookupError:
        return sys.exc_info()


def returns_a_callable(environ, start_response):
    note(callable(start_response("200 OK", PLAIN)))
    return [b"body"]


def by_position(environ, start_response):
    start_response("200 OK", PLAIN, None)
    return [b"body"]


def by_name(environ, start_response):
    start_response(status="200 OK", headers=PLAIN, exc_info=None)
    return [b"body"]


def without_headers(environ, start_response):
    noting(start_response, "200 OK")
    start_response("200 OK", PLAIN)
    return [b"body"]


def with_four_arguments(environ, start_response):
    noting(start_response, "200 OK", PLAIN, None, None)
    start_response("200 OK", PLAIN)
    return [b"body"]


def changes_its_list_later(environ, start_response):
    fields = [("X-A", "1")]
    start_response("200 OK", fields)
    fields.append(("X-B", "2"))
    return [b"body"]


def twice(environ, start_response):
    start_response("200 OK", PLAIN)
    start_response("201 Created", OTHER)
    return [b"body"]


def twice_and_goes_on(environ, start_response):
    start_response("200 OK", PLAIN)
    noting(start_response, "201 Created", OTHER)
    return [b"body"]


def again_after_an_error(environ, start_response):
    noting(start_response, "not a status", PLAIN)
    noting(start_response, "200 OK", PLAIN)
    return [b"body"]


def again_after_an_error_with_exc_info(environ, start_response):
    noting(start_response, "not a status", PLAIN)
    start_response("500 Own Error", OTHER, exc_info())
    return [b"body"]


def first_with_exc_info(environ, start_response):
    start_response("503 Service Unavailable", OTHER, exc_info())
    return [b"body"]


def replaces(environ, start_response):
    start_response("200 OK", [*PLAIN, ("Content-Length", "1000"), ("X-First", "1")])
    start_response("503 Service Unavailable", OTHER, exc_info())
    return [b"body"]


def replaces_between_empty_pieces(environ, start_response):
    start_response("200 OK", PLAIN)
    yield b""
    start_response("503 Service Unavailable", OTHER, exc_info())
    yield b"body"


def replaces_three_times(environ, start_response):
    start_response("200 OK", PLAIN)
    for status in ("500 One", "501 Two", "502 Three"):
        start_response(status, OTHER, exc_info())
    return [b"body"]


def replaces_after_the_head(environ, start_response):
    start_response("200 OK", PLAIN)
    yield b"first"
    start_response("500 Too Late", PLAIN, exc_info())
    yield b"never"


def replaces_after_the_head_and_sees(environ, start_response):
    start_response("200 OK", [*PLAIN, ("Content-Length", "4")])(b"body")
    given = exc_info()
    raised = noting(start_response, "500 Too Late", OTHER, given)
    note(raised is given[1])
    return []


def bad_exc_info(environ, start_response):
    start_response("200 OK", PLAIN)
    for wrong in (True, (None, None, None), "text", (1, 2, 3)):
        noting(start_response, "200 OK", PLAIN, wrong)
    return [b"body"]


class Tracked(Exception):
    def __del__(self):
        note("freed")


def keeps_no_exc_info(environ, start_response):
    start_response("200 OK", PLAIN)
    try:
        raise Tracked
    except Tracked:
        start_response("200 OK", PLAIN, sys.exc_info())
    note("left the handler")
    return [b"body"]


def raises_at_once(environ, start_response):
    error = noting(start_response, "200 OK", [("X-Bad", "a\nb")])
    note(isinstance(error, ValueError))
    raise error


def status(environ, start_response):
    start_response(environ["HTTP_X_STATUS"], [("X-Seen", "1")])
    return [b"body"]


def own_fields(environ, start_response):
    start_response("200 OK", [("dATE", "Thu, 01 Jan 1970 00:00:00 GMT"), ("Server", "mine/1"), ("X-Order", "b"),
                              ("Set-Cookie", "a=1"), ("x-order", "a"), ("Set-Cookie", "b=2"), ("X-Empty", ""),
                              ("Content-Type", "text/plain"), ("X-Latin-1", "caf\xe9")])
    return [b"body"]


def mime_words(environ, start_response):
    start_response("200 OK", [("X-Encoded", "=?utf-8?q?=E2=82=AC?=")])
    return [b"body"]


def subclasses(environ, start_response):
    class Text(str):
        pass

    class Fields(list):
        pass
    start_response(Text("200 OK"), Fields([(Text("X-Seen"), Text("1"))]))
    return [b"body"]
