"""What an application keeps of a request raises cleanly when it is used later, and harms no other request."""

import pytest

OVER = "the request that this belonged to is over"
USES = {
    "start_response": ("RuntimeError", OVER),
    "write": ("RuntimeError", OVER),
    "early_hints": ("RuntimeError", OVER),
    "extend_deadline": ("RuntimeError", OVER),
    "client_gone": ("RuntimeError", OVER),
    "read": ("ValueError", "wsgi.input is closed, or its request has ended"),
    "iterate": ("ValueError", "wsgi.input is closed, or its request has ended"),
    "seek": ("ValueError", "wsgi.input is closed, or its request has ended"),
}


@pytest.fixture(params=[5, 100_000], ids=["in memory", "spooled"])
def kept(cases, request):
    answer = cases.post("/kept/keep?mine", b"x" * request.param)
    assert answer.body == b"kept"
    assert cases.notes() == ["closed"]
    yield answer
    cases.get("/kept/forget")


@pytest.mark.parametrize("use", USES)
def test_it_raises_when_it_is_used(cases, kept, use):
    answer = cases.get(f"/kept/use?{use}")

    assert (answer.status, answer.body) == (200, b"the answer of this request")
    assert cases.notes() == [list(USES[use])]


def test_the_error_stream_still_logs_for_its_own_request(cases, kept):
    cases.get("/kept/use?errors")

    assert cases.notes() == ["no error"]
    cases.log_of(kept, rf"request_id={kept.field('x-request-id')} said later$")


@pytest.mark.parametrize("use", ["environ", "file_wrapper"])
def test_what_is_plain_python_goes_on_working(cases, kept, use):
    assert cases.get(f"/kept/use?{use}").status == 200
    assert "no error" in cases.notes()
