"""Logs that go to syslog and to journald, and logs that nobody reads."""

import json
import os
import re
import socket

import pytest
from support.processes import wait_until
from support.raw_client import RawClient

pytestmark = pytest.mark.front

SYSLOG = re.compile(r"<(?P<priority>\d+)>1 (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z) (?P<host>\S+) (?P<tag>\S+) "
                    r"(?P<pid>\d+) (?P<kind>access|error) - (?P<text>.*)", re.DOTALL)


class Service:
    """The other end: a socket that keeps what comes."""

    def __init__(self, family, kind, address):
        self.socket = socket.socket(family, kind)
        self.socket.bind(address)
        self.streams = []
        self._messages = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for stream in (self.socket, *self.streams):
            stream.close()

    def _receive(self):
        try:
            while True:
                self._messages.append(self.socket.recv(1 << 16, socket.MSG_DONTWAIT))
        except BlockingIOError:
            return

    def messages(self):
        self._receive()
        return list(self._messages)

    def wait_for(self, wanted, read=bytes.decode):
        """The first message that, as read, satisfies wanted()."""
        def found():
            return next((message for message in map(read, self.messages()) if wanted(message)), None)
        return wait_until(found, "a message")


class StreamService(Service):
    """Messages with their lengths before them, from any number of connections."""

    def __init__(self, family, address):
        super().__init__(family, socket.SOCK_STREAM, address)
        self.socket.listen()
        self._received = {}

    def _receive(self):
        try:
            while True:
                self.socket.settimeout(0)
                stream, _ = self.socket.accept()
                stream.setblocking(False)
                self.streams.append(stream)
                self._received[stream] = b""
        except BlockingIOError:
            pass
        for stream in self.streams:
            try:
                while data := stream.recv(1 << 16):
                    self._received[stream] += data
            except BlockingIOError:
                pass

    def messages(self):
        self._receive()
        found = []
        for rest in self._received.values():
            while rest:
                length, _, rest = rest.partition(b" ")
                message, rest = rest[:int(length)], rest[int(length):]
                found.append(message)
        return found


def syslog(text):
    match = SYSLOG.fullmatch(text)
    assert match, text
    return match


def services(directory):
    """By name: the service, and how the configuration names it."""
    path = str(directory / "log.sock")

    def of_ip(make, prefix):
        service = make()
        host, port = service.socket.getsockname()
        return service, f"{prefix}{host}:{port}"
    return {
        "udp": lambda: of_ip(lambda: Service(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)), ""),
        "tcp": lambda: of_ip(lambda: StreamService(socket.AF_INET, ("127.0.0.1", 0)), "tcp:"),
        "datagrams": lambda: (Service(socket.AF_UNIX, socket.SOCK_DGRAM, path), f"unix:{path}"),
        "stream": lambda: (StreamService(socket.AF_UNIX, path), f"unix:{path}"),
    }


@pytest.mark.parametrize("transport", ["udp", "tcp", "datagrams", "stream"])
def test_both_logs_may_go_to_syslog(serve_app, directory, transport):
    service, server = services(directory)[transport]()
    with service:
        fates = serve_app("fates:app", ready=False, more=f'[log]\npath = "syslog:server={server},tag=shop"\n'
                          f'[log.access]\npath = "syslog:server={server},facility=local7,tag=shop-access"\n')
        ready = service.wait_for(lambda message: ": ready" in message)
        answer = fates.get("/page")
        access = syslog(service.wait_for(lambda message: "GET /page HTTP/1.1" in message))
        printed = syslog(service.wait_for(lambda message: "asked for /page" in message))
        fates.stop()

    assert syslog(ready)["tag"] == "shop"
    assert (access["priority"], access["tag"], access["kind"]) == (str(23 * 8 + 6), "shop-access", "access")
    assert access["text"].endswith('"-" "-"') and "\n" not in access["text"]
    assert printed["priority"] == str(3 * 8 + 6)
    assert printed["text"] == f"main worker 0: stdout request_id={answer.field('x-request-id')} asked for /page"
    assert fates.output.lines() == []


def journal_fields(message):
    fields = {}
    while message:
        line, _, rest = message.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not equals:
            size = int.from_bytes(rest[:8], "little")
            value, rest = rest[8:8 + size], rest[8 + size + 1:]
        fields[name.decode()] = value.decode()
        message = rest
    return fields


def test_journald_has_fields_to_find_requests_by(serve_app, directory):
    path = str(directory / "journal.sock")
    with Service(socket.AF_UNIX, socket.SOCK_DGRAM, path) as journald:
        fates = serve_app("fates:app", ready=False,
                          more=f'[log]\npath = "journald:{path}"\n[log.access]\npath = "journald:{path}"\n')
        journald.wait_for(lambda fields: fields["MESSAGE"].startswith("ready"), journal_fields)
        request_id = fates.get("/page").field("x-request-id")

        def of_the_request(log):
            return journald.wait_for(lambda fields: fields["BUNDLE_LOG"] == log
                                     and fields.get("BUNDLE_REQUEST_ID") == request_id, journal_fields)
        access, printed = of_the_request("access"), of_the_request("error")
        fates.stop()

    assert (access["BUNDLE_STATUS"], access["BUNDLE_TARGET"], access["BUNDLE_APP"]) == ("200", "/page", "main")
    assert (access["SYSLOG_IDENTIFIER"], access["PRIORITY"]) == ("bundle", "6")
    assert float(access["BUNDLE_T_TOTAL"]) >= 0
    assert (printed["BUNDLE_PROCESS"], printed["PRIORITY"]) == ("main worker 0", "6")
    assert printed["MESSAGE"].endswith("asked for /page")


def test_a_service_that_is_not_there_costs_no_request(serve_app, directory):
    hello = serve_app("hello:app", more=f'[log.access]\npath = "syslog:server=unix:{directory}/nobody.sock"\n'
                                        '[admin]\naddress = "unix:{directory}/admin.sock"\n')

    for _ in range(3):
        assert hello.get("/").status == 200

    hello.wait_for_log(r"access log syslog:server=unix:\S+: what takes it is too slow, or not there; [1-3] lines lost so far")
    wait_until(lambda: lost_lines(hello) == {"bundle_log_lost_lines_total": 3, "bundle_error_log_lost_lines_total": 0},
               "three lost lines")


def test_a_log_that_cannot_be_written_is_named_with_the_reason(serve_app):
    hello = serve_app("hello:app", more='[log.access]\npath = "/dev/full"\n')

    assert hello.get("/").status == 200

    hello.wait_for_log(r"warn front\[\d+\] access log /dev/full: No space left on device; 1 lines lost so far "
                       r"\(bundle_log_lost_lines_total\)$")


def lost_lines(bundle):
    with RawClient(str(bundle.directory / "admin.sock")) as admin:
        text = admin.request("GET", "/metrics").text
    return {name: int(value) for name, value in re.findall(r"^(\w+_lost_lines_total) (\d+)$", text, re.MULTILINE)}


class FifoReader:
    """Reads only when it is told to."""

    def __init__(self, path):
        self._reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self):
        text = b""
        try:
            while piece := os.read(self._reader, 1 << 16):
                text += piece
        except BlockingIOError:
            pass
        return text.decode()

    def close(self):
        os.close(self._reader)


def test_pipes_that_nobody_reads_cost_no_request(serve_app, directory):
    """Both logs stall: together the requests tell more of themselves than is kept for a slow reader."""
    home = directory / "0"
    home.mkdir()
    for name in ("access.fifo", "error.fifo"):
        os.mkfifo(home / name)
    access, error = FifoReader(home / "access.fifo"), FifoReader(home / "error.fifo")
    fates = serve_app("fates:app", ready=False, workers=2, more=(
        '[log]\npath = "{directory}/error.fifo"\n[log.access]\npath = "{directory}/access.fifo"\n'
        '[[site]]\napp = "main"\nhealth = true\n[admin]\naddress = "unix:{directory}/admin.sock"\n'))
    wait_until(lambda: is_ready(fates), "a ready bundle")

    long_name = "x" * 7000
    for _ in range(2):
        with fates.connect() as client:
            for _ in range(400):
                assert client.request("GET", f"/page/{long_name}").status == 200
        assert fates.command("reload").returncode == 0
    with fates.connect() as client:
        for _ in range(20):
            client.request("GET", "/page")
    wait_until(lambda: lost_lines(fates)["bundle_log_lost_lines_total"] > 50, "lost lines")

    access.read()
    error.read()
    assert fates.get("/after").status == 200
    wait_until(lambda: '"GET /after HTTP/1.1" 200' in access.read(), "the access log to go on")

    told = []

    def is_told(pattern):
        access.read()
        fates.get("/again")
        told.append(error.read())
        return re.search(pattern, "".join(told))
    wait_until(lambda: is_told(r"main worker \d\[\d+\] the error log took no more: \d+ lines are lost\n"),
               "the error log to tell of what was lost")
    wait_until(lambda: is_told(r"access log \S+/access\.fifo: takes lines again; \d+ are lost\n"),
               "the error log to tell that the access log goes on")
    fates.stop()
    access.close()
    error.close()


def is_ready(bundle):
    try:
        return bundle.get("/-/ready").status == 200
    except OSError:
        return False


def test_the_error_log_may_be_json(serve_app):
    fates = serve_app("fates:app", ready=False, more='[log]\nformat = "json"\n')
    fates.wait_for_log('"message":"ready')

    request_id = fates.get("/page").field("x-request-id")

    line = json.loads(fates.wait_for_log("asked for /page"))
    assert (line["level"], line["process"], line["request_id"]) == ("info", "main worker 0", request_id)
    assert line["message"] == f"stdout request_id={request_id} asked for /page"


def test_nothing_that_is_sent_or_printed_passes_for_a_request_id(serve_app):
    fates = serve_app("fates:app", ready=False, more='[log]\nformat = "json"\n')
    fates.wait_for_log('"message":"ready')

    request_id = fates.get("/request_id=FORGED").field("x-request-id")
    with fates.connect() as client:
        client.send(b"GET /refused?request_id=FORGED HTTP/1.1\r\n\r\n")
        refused = client.read_answer()

    assert json.loads(fates.wait_for_log("asked for /request_id=FORGED"))["request_id"] == request_id
    assert json.loads(fates.wait_for_log("begins=.*request_id=FORGED"))["request_id"] == refused.field("x-request-id")
