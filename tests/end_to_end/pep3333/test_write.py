"""PEP 3333, The write() Callable."""

import pytest


@pytest.mark.parametrize(("name", "body"), [("only", b"one two"), ("empty", b"body"), ("empty_does_not_end", b"one two"),
                                            ("of_the_replaced_head", b"body")])
def test_bytes_passed_to_write_are_treated_exactly_as_though_they_had_been_yielded(cases, name, body):
    assert cases.get(f"/writes/{name}").body == body


def test_bytestrings_yielded_are_transmitted_after_all_bytestrings_passed_to_write(cases):
    assert cases.get("/writes/then_returns").body == b"written returned"


def test_a_len_of_1_is_no_content_length_if_the_application_called_write(cases):
    answer = cases.get("/writes/then_one_piece")

    assert answer.body == b"written returned"
    assert answer.field("content-length") in (None, str(len(answer.body)))


def test_write_takes_a_single_parameter_a_bytestring(cases):
    answer = cases.get("/writes/mistakes")

    assert (answer.status, answer.body) == (200, b"body")
    assert [kind for kind, _ in cases.notes()] == ["TypeError"] * 6


def test_the_server_should_raise_an_error_if_the_application_tries_to_write_past_the_content_length(cases):
    answer = cases.get("/writes/past_the_length")

    assert answer.body == b"body"
    [[kind, said]] = cases.notes()
    assert kind == "ValueError"
    assert "Content-Length" in said


def test_an_application_must_return_an_iterable_object_even_if_it_uses_write(cases):
    cases.broken_off("GET", "/writes/returns_none", "the application returned NoneType")


def test_an_error_after_write_breaks_the_answer_off(cases):
    cases.broken_off("GET", "/writes/fails_afterwards", r"RuntimeError: after write\(\)")


def test_write_of_the_head_that_was_replaced_writes_to_the_new_one(cases):
    assert cases.get("/writes/of_the_replaced_head").status == 503
    assert cases.notes() == ["closed"]
