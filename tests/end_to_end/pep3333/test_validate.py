"""wsgiref.validate around applications: it raises when the server breaks PEP 3333, or when it sees the application do so."""

import pytest
from support.raw_client import chunked, request_bytes

BODY = b"one\ntwo\nthree\n"


def complaints(cases):
    # What the validator finds when an iterator is collected, it writes to wsgi.errors.
    return [line for line in cases.bundle.log.lines() if "AssertionError" in line or "garbage collected" in line]


@pytest.fixture
def ask(cases):
    """ask(method, name, ...) -> the answer of /validated/NAME; the validator must have nothing to say."""
    before = complaints(cases)

    def request(method, name, *arguments, **options):
        with cases.connect() as client:
            return client.request(method, f"/validated/{name}", *arguments, **options)
    yield request
    cases.notes()  # what the request leaves behind is gone by now
    assert complaints(cases) == before


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("name", ["reads", "reads_lines", "streams", "writes", "sends_a_file", "sends_memory", "logs"])
def test_the_validator_has_no_objection(ask, method, name):
    assert ask(method, name, [("Cookie", "a=1"), ("X-A", "1"), ("X-A", "2")]).status == 200


@pytest.mark.parametrize("name", ["reads", "reads_lines", "streams", "writes", "sends_a_file", "sends_memory"])
def test_nor_to_head(ask, name):
    answer = ask("HEAD", name)

    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("body", [b"", BODY, BODY * 20_000], ids=["empty", "in memory", "spooled"])
def test_nor_to_a_body_with_its_length(ask, body):
    assert ask("POST", "reads", body=body).body == body


def test_nor_to_a_body_with_a_type_and_a_query(ask):
    assert ask("POST", "reads?a=b", [("Content-Type", "text/plain")], body=BODY).body == BODY


@pytest.mark.parametrize("pieces", [[], [BODY], [BODY, b"more"], [BODY * 10_000] * 3])
def test_nor_to_a_chunked_body(cases, ask, pieces):
    with cases.connect() as client:
        client.send(request_bytes("POST", "/validated/reads", [("Transfer-Encoding", "chunked")]))
        client.send(chunked(*pieces))
        assert client.read_answer().body == b"".join(pieces)


@pytest.mark.parametrize("body", [BODY, BODY * 20_000], ids=["in memory", "spooled"])
def test_nor_to_a_body_that_is_read_by_lines(ask, body):
    assert ask("POST", "reads_lines", body=body).body.replace(b"|", b"") == body


def test_nor_to_a_stream(ask):
    assert ask("GET", "streams").body == b"".join(b"piece %d\n" % number for number in range(100))


def test_nor_to_write(ask):
    assert ask("GET", "writes").body == b"written returned"


@pytest.mark.parametrize("name", ["sends_a_file", "sends_memory"])
def test_nor_to_files(ask, name):
    assert ask("GET", name).body == b"a file's content"


def test_nor_to_the_error_stream(cases, ask):
    answer = ask("GET", "logs")

    for line in ("written", "line one", "line two"):
        cases.log_of(answer, f" {line}$")


@pytest.mark.parametrize(("name", "status"), [("has_no_content", 204), ("is_not_modified", 304), ("replaces", 503)])
def test_nor_to_a_status(ask, name, status):
    assert ask("GET", name).status == status


def test_an_error_passes_through_the_validator(cases):
    cases.refused("/validated/raises", "ValueError: within the validator")


@pytest.mark.parametrize(("name", "why"), [("raises_in_the_middle", "in the middle"), ("replaces_too_late", "too late")])
def test_an_error_in_the_middle_passes_through_the_validator(cases, name, why):
    cases.broken_off("GET", f"/validated/{name}", f"ValueError: {why}")


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize("target", ["reads/caf%C3%A9?a=%20", "reads//double", "reads/%ff", "reads?"])
def test_nor_to_any_target(ask, version, target):
    assert ask("GET", target, version=version).status == 200


def test_nor_when_there_is_no_host(ask):
    assert ask("GET", "reads", version="1.0", host=None).status == 200
