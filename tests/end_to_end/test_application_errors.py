"""An application that fails, at every moment at which it can."""

import pytest
from support.raw_client import BadAnswer

pytestmark = pytest.mark.front


@pytest.fixture
def raises(serve_app):
    bundle = serve_app("raises:app", workers=1)
    bundle.expect_log(r"")  # the errors are this application's purpose; each test looks for its own
    return bundle


@pytest.mark.parametrize(("target", "logged"), [
    ("/before-head", "before the head"),
    ("/before-first-byte", "before the first byte"),
    ("/no-start", "start_response"),
    ("/not-bytes", "bytes"),
    ("/bad-field", "X-Bad"),
])
def test_a_failure_before_the_first_byte_is_a_500_with_the_request_id(raises, target, logged):
    answer = raises.get(target)

    assert answer.status == 500
    request_id = answer.field("x-request-id")
    assert request_id
    assert request_id in answer.text
    raises.wait_for_log(logged)
    raises.wait_for_log(request_id)
    assert raises.get("/").body == b"fine"


def test_no_forged_field_reaches_the_client(raises):
    assert raises.get("/bad-field").field("set-cookie") is None


def test_the_client_is_told_nothing_of_the_traceback(raises):
    assert "Traceback" not in raises.get("/before-head").text


def test_the_traceback_is_in_the_error_log(raises):
    raises.get("/before-head")

    raises.wait_for_log("Traceback")
    raises.wait_for_log(r"raises\.py")


@pytest.mark.parametrize("target", ["/in-the-middle", "/too-short"])
def test_a_failure_after_the_head_is_never_a_clean_end(raises, target):
    with pytest.raises((BadAnswer, ConnectionResetError)):
        raises.get(target)

    assert raises.get("/").body == b"fine"


def test_start_response_with_exc_info_replaces_the_head(raises):
    answer = raises.get("/replaces-head")

    assert answer.status == 503
    assert answer.body == b"replaced"


def test_a_failure_in_close_does_not_harm_the_answer(raises):
    assert raises.get("/in-close").body == b"body"
    assert raises.get("/").body == b"fine"


def test_sys_exit_in_the_application_is_an_error_of_that_request(raises):
    answer = raises.get("/exit")

    assert answer.status in (500, 502)
    assert raises.get("/").body == b"fine"
