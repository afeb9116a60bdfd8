"""A client of HTTP/2 that sends exactly the frames, or bytes, that it is told to, and keeps what comes back.

Frames are hyperframe's, heads are encoded and decoded by hpack. It opens the server's windows wide, unless told not to.
"""

import socket
import struct
from dataclasses import dataclass, field

import hpack
from hyperframe.frame import (ContinuationFrame, DataFrame, Frame, GoAwayFrame, HeadersFrame, PingFrame, RstStreamFrame,
                              SettingsFrame, WindowUpdateFrame)
from support.processes import DEADLINE

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT = 0, 1, 2, 3, 4
STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL, COMPRESSION_ERROR = 5, 6, 7, 8, 9
ENHANCE_YOUR_CALM = 11
WIDE = 1 << 24
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)


def raw_frame(kind, flags, stream, payload=b"", length=None):
    """Also what hyperframe does not make."""
    length = len(payload) if length is None else length
    return struct.pack(">I", length)[1:] + struct.pack(">BBI", kind, flags, stream) + payload


class ConnectionEnded(AssertionError):
    """The server closed the connection while something was awaited."""


@dataclass
class Answer:
    heads: list = field(default_factory=list)  # of fields; interim ones first
    body: bytearray = field(default_factory=bytearray)
    ended: bool = False
    reset: int = None

    @property
    def fields(self):
        return dict(self.heads[-1])

    @property
    def status(self):
        return int(self.fields[":status"])


class Http2Client:
    def __init__(self, address, *, tls=None, server_name="test.example", settings=None, begin=True, deadline=DEADLINE,
                 window=WIDE):
        self.socket = socket.create_connection(address[:2], timeout=deadline)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            tls.set_alpn_protocols(["h2"])
            self.socket = tls.wrap_socket(self.socket, server_hostname=server_name)
            assert self.socket.selected_alpn_protocol() == "h2"
        self._encoder, self._decoder = hpack.Encoder(), hpack.Decoder()
        self._decoder.max_header_list_size = 1 << 20
        self._bytes = b""
        self._block = b""
        self.answers = {}
        self.goaway = None
        self.settings = {}
        self.settings_acknowledged = 0
        self.acknowledges = True
        self.pings = []
        self.windows = {}  # stream -> what WINDOW_UPDATE gave
        self.ended = False
        if begin:
            self.begin({SettingsFrame.INITIAL_WINDOW_SIZE: window} if settings is None else settings, window)

    def begin(self, settings, window=WIDE):
        opening = SettingsFrame(0, settings=settings).serialize()
        if window > 65535:
            opening += WindowUpdateFrame(0, window_increment=window - 65535).serialize()
        self.send_bytes(PREFACE + opening)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    # --- sending -------------------------------------------------------------------------------------------

    def send_bytes(self, data):
        self.socket.sendall(data)

    def send(self, *frames):
        self.send_bytes(b"".join(frame.serialize() for frame in frames))

    def encoded(self, fields):
        return self._encoder.encode(fields)

    @staticmethod
    def fields(method="GET", path="/", more=(), authority="test.example", scheme="http"):
        return [(":method", method), (":scheme", scheme), (":authority", authority), (":path", path), *more]

    def headers(self, stream, fields=None, *, end=True, flags=(), block=None):
        block = self.encoded(fields if fields is not None else self.fields()) if block is None else block
        return HeadersFrame(stream, block, flags=["END_HEADERS", *(["END_STREAM"] if end else []), *flags])

    def ask(self, stream, path="/", method="GET", more=(), body=None, **options):
        frames = [self.headers(stream, self.fields(method, path, more, **options), end=body is None)]
        if body is not None:
            frames.append(DataFrame(stream, body, flags=["END_STREAM"]))
        self.send(*frames)

    def request(self, stream, path="/", **options):
        self.ask(stream, path, **options)
        return self.answer(stream)

    def reset(self, stream, code=CANCEL):
        self.send(RstStreamFrame(stream, error_code=code))

    # --- receiving -----------------------------------------------------------------------------------------

    def read_frame(self):
        """The next frame, noted; None at the end of the connection."""
        while True:
            if len(self._bytes) >= 9:
                frame, length = Frame.parse_frame_header(memoryview(self._bytes)[:9])
                if len(self._bytes) >= 9 + length:
                    frame.parse_body(memoryview(self._bytes)[9:9 + length])
                    self._bytes = self._bytes[9 + length:]
                    self._note(frame)
                    return frame
            try:
                some = self.socket.recv(1 << 18)
            except ConnectionResetError:
                some = b""
            if not some:
                self.ended = True
                return None
            self._bytes += some

    def _note(self, frame):
        if isinstance(frame, SettingsFrame):
            if "ACK" in frame.flags:
                self.settings_acknowledged += 1
            else:
                self.settings.update(frame.settings)
                self._send_if_open(SettingsFrame(0, flags=["ACK"]))
        elif isinstance(frame, PingFrame):
            self.pings.append(frame)
            if "ACK" not in frame.flags:
                self._send_if_open(PingFrame(0, frame.opaque_data, flags=["ACK"]))
        elif isinstance(frame, GoAwayFrame):
            self.goaway = frame
        elif isinstance(frame, WindowUpdateFrame):
            self.windows[frame.stream_id] = self.windows.get(frame.stream_id, 0) + frame.window_increment
        elif isinstance(frame, RstStreamFrame):
            self._of(frame).reset = frame.error_code
        elif isinstance(frame, (HeadersFrame, ContinuationFrame)):
            self._block += frame.data
            if "END_HEADERS" in frame.flags:
                self._of(frame).heads.append(self._decoder.decode(self._block))
                self._block = b""
        elif isinstance(frame, DataFrame):
            self._of(frame).body += frame.data
        if "END_STREAM" in frame.flags:
            self._of(frame).ended = True

    def _send_if_open(self, frame):
        try:
            if self.acknowledges:
                self.send(frame)
        except OSError:
            pass

    def _of(self, frame):
        return self.answers.setdefault(frame.stream_id, Answer())

    def read_until(self, condition, what):
        while not condition():
            if self.read_frame() is None:
                raise ConnectionEnded(f"the connection ended while {what} was awaited; GOAWAY: {self.goaway}")

    def answer(self, stream):
        """Once it is there to its end."""
        self.read_until(lambda: self._is_over(stream), f"the answer of stream {stream}")
        answer = self.answers[stream]
        assert answer.ended, f"stream {stream} was reset with {answer.reset}"
        return answer

    def _is_over(self, stream):
        answer = self.answers.get(stream)
        return answer is not None and (answer.ended or answer.reset is not None)

    def reset_of(self, stream):
        self.read_until(lambda: stream in self.answers and self.answers[stream].reset is not None,
                        f"RST_STREAM of stream {stream}")
        return self.answers[stream].reset

    def wait_for_settings(self):
        self.read_until(lambda: self.settings and self.settings_acknowledged, "SETTINGS and its acknowledgement")

    def connection_error(self):
        """The code of the GOAWAY with which the server ends the connection; None without any."""
        while not self.ended:
            self.read_frame()
        return self.goaway.error_code if self.goaway else None

    def connection_error_or_reset(self, stream):
        """The code of an error that may be the stream's or the connection's."""
        while not self.ended and self.goaway is None and self.answers.get(stream, Answer()).reset is None:
            self.read_frame()
        return self.goaway.error_code if self.goaway else self.answers[stream].reset

    def is_served(self, stream):
        """Whether the connection still answers."""
        return self.request(stream).status == 200
