"""PEP 3333: if the iterable has a close() method, the server must call that method upon completion of the request."""

import pytest
from support.raw_client import request_bytes


def ends(how, length="", status="200 OK"):
    return f"/bodies/ends/{how}?{length}", [("X-Status", status)]


@pytest.mark.parametrize("how", ["well", "without-a-piece"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_whether_the_request_was_completed_normally(cases, how, method):
    with cases.connect() as client:
        assert client.request(method, *ends(how)).status == 200

    assert cases.notes() == ["closed"]


@pytest.mark.parametrize(("how", "why"), [("in-an-error-before-the-first-piece", "iteration failed"),
                                          ("in-sys-exit", "SystemExit"), ("with-a-str", "bytes, not str")])
def test_or_terminated_early_due_to_an_application_error_before_the_first_byte(cases, how, why):
    target, fields = ends(how)

    cases.refused(target, why, fields)

    assert cases.notes() == ["closed"]


def test_or_terminated_early_due_to_an_application_error_during_iteration(cases):
    target, fields = ends("in-an-error-after-the-first-piece")

    cases.broken_off("GET", target, "RuntimeError: iteration failed", fields)

    assert cases.notes() == ["closed"]


def test_or_an_early_disconnect_of_the_browser(cases):
    with cases.connect() as client:
        client.send(request_bytes("GET", *ends("endless")))
        client.read_head()
        client.read_chunk()
        client.reset()

    assert cases.notes() == ["closed"]


def test_or_because_enough_data_had_been_sent(cases):
    assert cases.get(*ends("well", 4)).body == b"one "

    assert cases.notes() == ["closed"]


@pytest.mark.parametrize("status", ["200", "999", "204 No Content", "304 Not Modified", "none"])
def test_whatever_became_of_the_head(cases, status):
    target, fields = ends("well", status=status)

    answer = cases.get(target, fields)

    # With a status that is none, start_response() raises and nothing is returned that could be closed.
    assert answer.status == (500 if len(status) <= 4 else int(status[:3]))
    assert cases.notes() == ([] if status in ("200", "999") else ["closed"])


def test_a_generator_that_is_not_consumed_is_closed(cases):
    with cases.connect() as client:
        answer = client.request("HEAD", *ends("endless", 10))

    assert answer.field("content-length") == "10"
    assert cases.notes() == ["closed"]


def test_an_error_in_close_does_no_harm_to_the_answer(cases):
    answer = cases.get("/bodies/fails_in_close")

    assert answer.body == b"one two three"
    cases.log_of(answer, "application error in close")
    assert cases.notes() == ["closed"]


def test_a_subclass_of_list_with_a_close_method_is_closed_too(cases):
    assert cases.get("/bodies/kind?a%20subclass%20of%20list").body == b"one two three"

    assert cases.notes() == ["closed"]
