"""PEP 3333, Input and Error Streams: wsgi.input, which reads as io.BytesIO does, in memory and from a file."""

import io

import pytest
from apps.pep3333.inputs import WAYS, printed
from support.raw_client import chunked, request_bytes

SMALL = b"one\ntwo\r\nthree\n\nfive, without an end"
# Larger than http.body_memory; a line spans the windows in which the file is read, and another starts with one.
LARGE = SMALL + b"\n" + b"x" * 70_000 + b"\n" + b"short\n" * 5_000 + b"y" * 140_000
BODIES = {"empty": b"", "in memory": SMALL, "at the limit of memory": LARGE[:65_536], "spooled": LARGE}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("way", WAYS)
def test_the_input_reads_like_bytes_io(cases, way, body):
    expected = outcome(lambda: WAYS[way](io.BytesIO(BODIES[body])))

    answer = cases.post(f"/inputs/way/{list(WAYS).index(way)}", BODIES[body])

    if expected is StopIteration:
        assert answer.status == 500
    else:
        assert answer.json == printed(expected)


def outcome(call):
    try:
        return call()
    except StopIteration:
        return StopIteration


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_a_request_without_a_body_has_an_empty_stream(cases, method):
    with cases.connect() as client:
        answer = client.request(method, "/inputs/sends_it_back")

    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("pieces", [[], [b"one"], [b"one", b" two\n", b"three"], [b"x" * 70_000] * 3])
def test_an_inbound_chunked_coding_is_decoded_by_the_server(cases, pieces):
    with cases.connect() as client:
        client.send(request_bytes("POST", "/environs/reads_after", [("Transfer-Encoding", "chunked")]))
        client.send(chunked(*pieces))
        told = client.read_answer().json

    body = b"".join(pieces).decode()
    assert told == {"body": body, "length": str(len(body)), "coding": None, "expect": None}


@pytest.mark.parametrize("size", [5, 200_000])
def test_the_server_must_not_read_past_the_clients_specified_content_length(cases, size):
    with cases.connect() as client:
        client.send(request_bytes("POST", "/environs/reads_after", body=b"x" * size) +
                    request_bytes("POST", "/environs/reads_after", body=b"next"))

        assert client.read_answer().json["body"] == "x" * size
        assert client.read_answer().json["body"] == "next"


@pytest.mark.parametrize("size", [5, 200_000])
def test_an_application_need_not_read_its_input(cases, size):
    with cases.connect() as client:
        for _ in range(2):
            answer = client.request("POST", "/inputs/nothing", body=b"x" * size)
            assert answer.body == b"not read"


@pytest.mark.parametrize("body", ["in memory", "spooled"])
def test_what_frameworks_wrap_around_the_input_reads_it_whole(cases, body):
    assert cases.post("/inputs/by_wrapper", BODIES[body]).body == BODIES[body].replace(b"\r\n", b"\n")


@pytest.mark.parametrize("body", ["in memory", "spooled"])
def test_the_input_can_be_the_body_of_the_answer(cases, body):
    assert cases.post("/inputs/sends_it_back", BODIES[body]).body == BODIES[body]
