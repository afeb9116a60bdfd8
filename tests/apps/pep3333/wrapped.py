"""wsgi.file_wrapper around everything that has a read()."""

import gzip
import io
import os
import tempfile
import threading

from .notes import note

PLAIN = [("Content-Type", "text/plain")]
CONTENT = b"0123456789abcdefghij"


class Noting(io.FileIO):
    """A real file, as a subclass: its read() and close() are the application's own."""

    def close(self):
        if not self.closed:
            note("closed")
        super().close()


class OnlyReads:
    """All that "file-like" asks for."""

    def __init__(self):
        self._inside = io.BytesIO(CONTENT)

    def read(self, size=-1):
        note(size)
        return self._inside.read(size)


class Closes(OnlyReads):
    def close(self):
        note("closed")


class LiesAboutFileno(Closes):
    def fileno(self):
        return 0


class Fails(Closes):
    def read(self, size=-1):
        raise OSError("the disk is gone")


def real_file():
    file = tempfile.TemporaryFile()
    file.write(CONTENT)
    file.seek(0)
    return file


def named_file():
    file = tempfile.NamedTemporaryFile()
    file.write(CONTENT)
    file.seek(0)
    return file


def packed():
    packed_content = io.BytesIO(gzip.compress(CONTENT))
    return gzip.GzipFile(fileobj=packed_content)


def pipe():
    reading, writing = os.pipe()

    def fill():
        with open(writing, "wb") as end:
            end.write(CONTENT)
    threading.Thread(target=fill).start()
    return open(reading, "rb")


def noting_file():
    handle = os.memfd_create("noting")
    os.write(handle, CONTENT)
    os.lseek(handle, 0, os.SEEK_SET)
    return Noting(handle)


def spooled():
    file = tempfile.SpooledTemporaryFile(max_size=5)
    file.write(CONTENT)
    file.seek(0)
    return file


FILES = {
    "a real file": real_file,
    "a named temporary file": named_file,
    "a spooled temporary file": spooled,
    "BytesIO": lambda: io.BytesIO(CONTENT),
    "a pipe": pipe,
    "GzipFile": packed,
    "a subclass of FileIO": noting_file,
    "an object with only read()": OnlyReads,
    "an object with read() and close()": Closes,
    "an object that lies about fileno()": LiesAboutFileno,
}


def file(environ, start_response):
    start_response("200 OK", PLAIN)
    return environ["wsgi.file_wrapper"](FILES[environ["QUERY_STRING"].replace("%20", " ")]())


def with_block_size(environ, start_response):
    start_response("200 OK", PLAIN)
    return environ["wsgi.file_wrapper"](OnlyReads(), 7)


def from_its_middle(environ, start_response):
    """The position counts at the time when the transmission begins, not when the wrapper was made."""
    start_response("200 OK", PLAIN)
    opened = real_file() if environ["QUERY_STRING"] == "real" else io.BytesIO(CONTENT)
    wrapper = environ["wsgi.file_wrapper"](opened)
    opened.seek(10)
    return wrapper


def with_a_length(environ, start_response):
    start_response("200 OK", [*PLAIN, ("Content-Length", environ["HTTP_X_LENGTH"])])
    return environ["wsgi.file_wrapper"](FILES[environ["QUERY_STRING"].replace("%20", " ")]())


def closed_once(environ, start_response):
    """A real file that is sent by descriptor, and whose close() is seen."""
    opened = noting_file()
    start_response("200 OK", PLAIN)
    return environ["wsgi.file_wrapper"](io.BufferedReader(opened))


def unused(environ, start_response):
    opened = Closes()
    environ["wsgi.file_wrapper"](opened)
    start_response("200 OK", PLAIN)
    return [b"another body"]


def by_hand(environ, start_response):
    """Middleware may iterate it as any other iterable."""
    start_response("200 OK", PLAIN)
    wrapper = environ["wsgi.file_wrapper"](real_file(), 4)
    return [b"|".join(wrapper)]


def attributes(environ, start_response):
    wrapper = environ["wsgi.file_wrapper"]
    note([hasattr(wrapper(Closes()), "close"), hasattr(wrapper(OnlyReads()), "close"), iter(wrapper(Closes())) is not None])
    start_response("200 OK", PLAIN)
    return []


def fails(environ, start_response):
    start_response("200 OK", PLAIN)
    return environ["wsgi.file_wrapper"](Fails())


def bad_call(environ, start_response):
    environ["wsgi.file_wrapper"]()
