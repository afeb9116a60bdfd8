"""Every case of tests/requests, sent whole and byte by byte to one bundle whose application records what it sees."""

import json
import socket

import pytest
from support.raw_client import request_bytes
from support.request_cases import request_cases

pytestmark = pytest.mark.front

SITE = """
[http]
max_body = "1K"
keepalive_requests = 1000000

[app.main]
wsgi = "records:app"
directory = "{apps}"
workers = 1

[[site]]
root = "{directory}/public"
app = "main"

[[site.route]]
path = "/static/"
directory = "{directory}/static"
"""

# Follows every case: answered when the connection stays open, and in step with us; never seen when it does not.
CANARY = request_bytes("GET", "/canary", host="canary.example")
CASES = request_cases()
LARGE = 4096  # bytes; larger cases go in small pieces, which take less time than single bytes


class Recorder:
    """One bundle for all cases, and a connection of its own on which it is asked what the application saw."""

    def __init__(self, bundle):
        self.bundle = bundle
        self._questions = bundle.connect()

    def recorded(self):
        """What the application saw since it was last asked."""
        return json.loads(self._questions.request("GET", "/~recorded").body)


def put_files(directory):
    for folder in ("public/folder", "static"):
        (directory / folder).mkdir(parents=True)
    (directory / "public/robots.txt").write_text("robots")
    (directory / "public/folder/index.html").write_text("index")
    (directory / "static/site.css").write_text("css")
    (directory / "secret").write_text("secret")


@pytest.fixture(scope="module")
def recorder(serve_for_module):
    return Recorder(serve_for_module(SITE, prepare=put_files))


def send_whole(client, case):
    if case.end == "unfinished":
        client.send(case.bytes)
        client.socket.shutdown(socket.SHUT_WR)
    else:
        client.send(case.bytes + CANARY)


def send_in_pieces(client, case):
    step = 1 if len(case.bytes) <= LARGE else 61
    try:
        for begin in range(0, len(case.bytes), step):
            client.send(case.bytes[begin:begin + step])
        if case.end == "unfinished":
            client.socket.shutdown(socket.SHUT_WR)
    except (BrokenPipeError, ConnectionResetError):
        assert case.end == "closed", "the connection broke, and should not"


def read_expected_answers(client, case, may_continue):
    for expected in case.answers:
        answer = client.read_answer("HEAD" if expected.is_head else "GET")
        assert answer.status == expected.status
        assert answer.interim == () or (may_continue and expected.status == 200)
        if expected.text is not None:
            assert answer.body.decode("latin-1") == expected.text


def check_end(client, case, canary_sent):
    if case.end == "open":
        if not canary_sent:
            client.send(CANARY)
        assert client.read_answer().status == 200
        return
    if case.end == "closed" and not canary_sent:
        try:
            client.send(CANARY)
        except (BrokenPipeError, ConnectionResetError):
            return
    assert client.is_closed(), "there is another answer, or the connection stays open"


def check_recorded(recorded, case):
    expected = [answer.facts for answer in case.answers if answer.is_by_application]
    if case.end == "open":
        expected.append({"PATH_INFO": "/canary", "HTTP_HOST": "canary.example", "body": ""})
    assert [seen["PATH_INFO"] for seen in recorded[len(expected):]] == [], "more requests than were sent"
    assert len(recorded) == len(expected)
    for seen, facts in zip(recorded, expected):
        assert {name: seen.get(name) for name in facts} == facts


@pytest.mark.parametrize("sent", ["whole", "byte_by_byte"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_raw_request(recorder, case, sent):
    whole = sent == "whole"
    try:
        with recorder.bundle.connect() as client:
            (send_whole if whole else send_in_pieces)(client, case)
            read_expected_answers(client, case, may_continue=not whole and case.expects_continue)
            check_end(client, case, canary_sent=whole)
    finally:
        recorded = recorder.recorded()  # or the next case would find it

    check_recorded(recorded, case)


def test_every_case_has_a_name_of_its_own():
    names = [case.name for case in CASES]

    assert sorted(names) == sorted(set(names))
