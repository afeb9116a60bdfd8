"""A client that sends exactly the bytes it is told to and reads answers with a strict, tiny parser of its own."""

import json
import re
import socket
import struct
from dataclasses import dataclass

from support.processes import DEADLINE

STATUS_LINE = re.compile(rb"^HTTP/1\.([01]) ([1-5][0-9][0-9]) ([\t\x20-\x7e]*)$")
FIELD = re.compile(rb"^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*?)[ \t]*$")


class BadAnswer(AssertionError):
    """The server sent what no server may send, or ended an answer in its middle."""


@dataclass
class Answer:
    status: int
    fields: list  # of (lower-case name, value)
    body: bytes
    version: str
    interim: tuple = ()  # statuses of the 1xx answers before it

    def field(self, name):
        """The only value of a field, or None."""
        values = [value for key, value in self.fields if key == name.lower()]
        if len(values) > 1:
            raise BadAnswer(f"{name} occurs {len(values)} times")
        return values[0] if values else None

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def request_bytes(method, target, fields=(), body=None, version="1.1", host="test.example"):
    """A request as text; Content-Length is set for a body unless the fields frame it themselves."""
    lines = [f"{method} {target} HTTP/{version}"]
    names = {name.lower() for name, _ in fields}
    if "host" not in names and host is not None:
        lines.append(f"Host: {host}")
    lines += [f"{name}: {value}" for name, value in fields]
    if body is not None and not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def chunked(*pieces):
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


class RawClient:
    def __init__(self, address, *, deadline=DEADLINE, receive_buffer=None, source=None, tls=None, server_name="test.example",
                 session=None):
        family = socket.AF_UNIX if isinstance(address, str) else (
            socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(deadline)
        if source:
            self.socket.bind((source, 0))
        if family != socket.AF_UNIX:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect(address)
        if tls:  # an ssl.SSLContext; an end without close_notify is an error
            plain = self.socket
            try:
                self.socket = tls.wrap_socket(plain, server_hostname=server_name, session=session,
                                              suppress_ragged_eofs=False)
            except Exception:
                plain.close()
                raise
        self._unread = bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        """Leaves without a goodbye: the server sees a reset, not the end of what we send."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    # --- sending ------------------------------------------------------------------------------------------

    def send(self, data):
        self.socket.sendall(data)

    def send_byte_by_byte(self, data):
        for index in range(len(data)):
            self.socket.sendall(data[index:index + 1])

    def request(self, method, target, fields=(), body=None, **options):
        self.send(request_bytes(method, target, fields, body, **options))
        return self.read_answer(method)

    # --- receiving ----------------------------------------------------------------------------------------

    def read_answer(self, method="GET"):
        """One whole answer, after any 1xx ones."""
        interim = []
        while True:
            answer, framing = self._read_head(method)
            if answer.status >= 200:
                break
            interim.append(answer.status)
        answer.interim = tuple(interim)
        answer.body = self._read_body(framing)
        return answer

    def read_head(self, method="GET"):
        """An answer without its body, which read_exactly, read_chunk or read_to_end then take."""
        return self._read_head(method)[0]

    def read_exactly(self, count):
        while len(self._unread) < count:
            if not self._receive():
                raise BadAnswer(f"the connection ended {count - len(self._unread)} bytes early")
        data = bytes(self._unread[:count])
        del self._unread[:count]
        return data

    def read_to_end(self):
        while self._receive():
            pass
        data = bytes(self._unread)
        self._unread.clear()
        return data

    def read_chunk(self):
        """The data of one chunk; b"" is the last one."""
        line = self._read_line()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", line):
            raise BadAnswer(f"chunk size {line!r}")
        size = int(line, 16)
        data = self.read_exactly(size)
        if self.read_exactly(2) != b"\r\n":
            raise BadAnswer("a chunk does not end in CRLF")
        return data

    def is_closed(self):
        """Waits for the server to close; True when it does so without another byte."""
        try:
            return not self._unread and not self._receive()
        except ConnectionResetError:
            return True

    def _receive(self):
        data = self.socket.recv(1 << 16)
        self._unread += data
        return len(data)

    def _read_line(self):
        while b"\n" not in self._unread:
            if not self._receive():
                raise BadAnswer(f"the connection ended within a line: {bytes(self._unread)!r}")
        line, _, rest = self._unread.partition(b"\n")
        self._unread = bytearray(rest)
        if not line.endswith(b"\r") or b"\r" in line[:-1]:
            raise BadAnswer(f"a line must end in CRLF: {bytes(line)!r}")
        return bytes(line[:-1])

    def _read_head(self, method):
        first = self._read_line()
        status_line = STATUS_LINE.match(first)
        if not status_line:
            raise BadAnswer(f"status line {first!r}")
        fields = []
        while line := self._read_line():
            field = FIELD.match(line)
            if not field:
                raise BadAnswer(f"field {line!r}")
            fields.append((field[1].decode().lower(), field[2].decode("latin-1")))
        answer = Answer(int(status_line[2]), fields, b"", "1." + status_line[1].decode())
        return answer, self._framing(answer, method)

    @staticmethod
    def _framing(answer, method):
        """Number of body bytes, "chunked", or None: until the connection ends (RFC 9112 section 6.3)."""
        length, coding = answer.field("content-length"), answer.field("transfer-encoding")
        if length is not None and coding is not None:
            raise BadAnswer("both Content-Length and Transfer-Encoding")
        if length is not None and not length.isdecimal():
            raise BadAnswer(f"Content-Length {length!r}")
        if answer.status < 200 or answer.status in (204, 304) or method == "HEAD":
            if answer.status in (204,) or answer.status < 200:
                if length is not None or coding is not None:
                    raise BadAnswer(f"a {answer.status} answer has no body and says how long it is")
            return 0
        if coding is not None:
            if coding != "chunked":
                raise BadAnswer(f"Transfer-Encoding {coding!r}")
            return "chunked"
        return None if length is None else int(length)

    def _read_body(self, framing):
        if framing == "chunked":
            pieces = []
            while piece := self.read_chunk():
                pieces.append(piece)
            return b"".join(pieces)
        return self.read_to_end() if framing is None else self.read_exactly(framing)
