"""PEP 3333, Input and Error Streams: wsgi.errors, which is the error log."""

import re

import pytest


@pytest.mark.parametrize(("name", "lines"), [
    ("write", ["written with write()"]),
    ("writelines", ["first of lines", "second of lines"]),
    ("flush", ["a line without its end", ", and the rest"]),
    ("without_flush", ["never flushed, never ended"]),
    ("unicode", ["caf\xe9 \N{SNOWMAN} \\ud800"]),
    ("prints", ["printed to it in two words"]),
    ("handler", ["by a handler of logging"]),
])
def test_the_methods_of_the_error_stream_must_be_supported(cases, name, lines):
    answer = cases.get(f"/errors/{name}")

    assert answer.body == b"logged"
    for line in lines:
        cases.log_of(answer, rf"wsgi\.errors request_id={answer.field('x-request-id')} {re.escape(line)}$")


def test_a_line_that_an_application_writes_is_no_line_of_the_log_of_its_own(cases):
    answer = cases.get("/errors/forged")

    cases.log_of(answer, r"wsgi\.errors request_id=\S+ 2026-01-01T00:00:00Z error forged\[1\] two\\x1b\[2J\\x0d$")


def test_the_error_stream_is_a_text_mode_stream(cases):
    cases.get("/errors/mistakes")

    assert [kind for kind, _ in cases.notes()] == ["TypeError"] * 3


def test_a_line_of_any_length_is_logged(cases):
    cases.log_of(cases.get("/errors/long"), "xxx the end$")
