"""PEP 3333, Handling the Content-Length Header, and the answers that have no body at all."""

import pytest

WHOLE = b"one two three"


def ends(how, length="", status="200 OK"):
    return f"/bodies/ends/{how}?{length}", [("X-Status", status)]


@pytest.mark.parametrize("length", [0, 1, 4, 6, 12])
def test_the_server_should_not_transmit_more_bytes_than_the_content_length_allows(cases, length):
    with cases.connect() as client:
        answer = client.request("GET", *ends("well", length))
        assert answer.body == WHOLE[:length]
        cases.log_of(answer, f"longer than its Content-Length of {length}")

        assert client.request("GET", "/bodies/lines").status == 200  # the connection is in step


def test_the_server_should_stop_iterating_when_enough_data_has_been_sent(cases):
    answer = cases.get(*ends("endless", 100_000))

    assert answer.body == b"x" * 100_000
    assert cases.notes() == ["closed"]


@pytest.mark.parametrize("how", ["well", "without-a-piece"])
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_if_there_is_not_enough_data_the_server_should_close_the_connection_and_log_the_error(cases, how, version):
    target, fields = ends(how, 20)

    cases.broken_off("GET", target, r"a body of \d+ bytes where Content-Length says 20", fields, version)

    assert cases.notes() == ["closed"]


def test_a_length_that_is_right_is_sent_as_it_is(cases):
    answer = cases.get(*ends("well", len(WHOLE)))

    assert (answer.field("content-length"), answer.body) == (str(len(WHOLE)), WHOLE)


@pytest.mark.parametrize("kind", ["a list of one", "an object with a length of one"])
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_if_the_iterable_has_a_len_of_1_the_server_can_determine_the_content_length(cases, kind, version):
    with cases.connect() as client:
        answer = client.request("GET", f"/bodies/kind?{kind.replace(' ', '%20')}", version=version)

    assert (answer.field("content-length"), answer.body) == (str(len(WHOLE)), WHOLE)


def test_if_server_and_client_both_support_http_1_1_the_server_may_use_chunked_encoding(cases):
    answer = cases.get("/bodies/kind?a%20generator")

    assert answer.field("transfer-encoding") == "chunked"
    assert answer.body == WHOLE


def test_the_simplest_approach_is_to_close_the_connection_for_http_1_0(cases):
    with cases.connect() as client:
        answer = client.request("GET", "/bodies/kind?a%20generator", [("Connection", "keep-alive")], version="1.0")

        assert (answer.field("transfer-encoding"), answer.field("connection")) == (None, "close")
        assert answer.body == WHOLE


@pytest.mark.parametrize("how", ["list", "generator", "empty-pieces", "own"])
def test_an_iterable_that_yields_no_bytes_is_a_whole_answer_of_length_0(cases, how):
    with cases.connect() as client:
        answer = client.request("GET", f"/bodies/empty?{how}")

        assert (answer.status, answer.body, answer.field("content-length")) == (200, b"", "0")
        assert client.request("GET", "/bodies/lines").status == 200


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_204_and_304_have_no_body_whatever_the_application_returns(cases, method, status):
    target, fields = ends("well", status=status)
    with cases.connect() as client:
        answer = client.request(method, target, fields)

        assert (answer.status, answer.body) == (int(status[:3]), b"")
        assert client.request("GET", "/bodies/lines").status == 200
    assert cases.notes() == ["closed"]


@pytest.mark.parametrize("length", ["", 13, 20, 4])
def test_head_is_answered_as_get_is_and_never_with_a_body(cases, length):
    with cases.connect() as client:
        answer = client.request("HEAD", *ends("well", length))

        assert (answer.status, answer.body) == (200, b"")
        assert answer.field("content-length") == (str(length) if length else None)
        assert client.request("GET", "/bodies/lines").status == 200
    assert cases.notes() == ["closed"]


@pytest.mark.parametrize("status", ["100 Continue", "101 Switching Protocols", "102 Processing", "199 Own"])
def test_an_interim_status_is_no_answer(cases, status):
    target, fields = ends("well", status=status)

    answer = cases.refused(target, "the status of an answer is 200 or above", fields)

    assert answer.interim == ()
