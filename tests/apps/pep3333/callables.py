"""Every kind of callable that can be an application, and what it is called with."""

import functools

from .notes import note

PLAIN = [("Content-Type", "text/plain")]


def function(environ, start_response):
    start_response("200 OK", PLAIN)
    return [b"function"]


class Iterable:
    """The class is the application: an instance is what it returns."""

    def __init__(self, environ, start_response):
        self._start_response = start_response

    def __iter__(self):
        self._start_response("200 OK", PLAIN)
        yield b"Iterable"


class Site:
    def __call__(self, environ, start_response):
        start_response("200 OK", PLAIN)
        return [b"instance"]

    def answer(self, environ, start_response):
        start_response("200 OK", PLAIN)
        return [b"instance.answer"]


def greet(greeting, environ, start_response):
    start_response("200 OK", PLAIN)
    return [greeting]


instance = Site()
partial = functools.partial(greet, b"partial")


def generator(environ, start_response):
    start_response("200 OK", PLAIN)
    yield b"generator"


class Called:
    """Notes how it is called."""

    def __call__(self, *arguments, **named):
        environ, start_response = arguments
        note([len(arguments), sorted(named), type(environ) is dict, callable(start_response)])
        return function(environ, start_response)


called = Called()


def once(environ, start_response):
    note("called")
    return function(environ, start_response)


def changes_environ(environ, start_response):
    note(sorted(environ))
    environ.clear()
    environ["wsgi.version"] = environ[("not", "a", "str")] = b"\xff"
    return function(environ, start_response)


environs = []


def keeps_environ(environ, start_response):
    environs.append(environ)
    note(all(environ is not other for other in environs[:-1]))
    note([kept["QUERY_STRING"] for kept in environs])
    return function(environ, start_response)
