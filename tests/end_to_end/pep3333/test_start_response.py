"""PEP 3333, The start_response() Callable."""

import pytest
from apps.frames import BAD_HEADS
from support.gate import Gate
from support.raw_client import request_bytes

STATUSES = ["200 OK", "201 Created", "299 Of Our Own", "404 not found", "599 A  b\xe9", "200 200", "500 "]


@pytest.mark.parametrize("name", ["by_position", "by_name", "subclasses"])
def test_start_response_accepts_two_required_positional_arguments_and_one_optional_argument(cases, name):
    answer = cases.get(f"/starts/{name}")

    assert (answer.status, answer.body) == (200, b"body")


@pytest.mark.parametrize("name", ["without_headers", "with_four_arguments"])
def test_start_response_with_other_arguments_is_a_type_error(cases, name):
    assert cases.get(f"/starts/{name}").status == 200

    [[kind, said]] = cases.notes()
    assert kind == "TypeError"
    assert "start_response" in said


def test_the_start_response_callable_must_return_a_write_callable(cases):
    cases.get("/starts/returns_a_callable")

    assert cases.notes() == [True]


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_is_a_code_and_a_reason_phrase_and_is_sent_as_it_is(cases, status):
    with cases.connect() as client:
        client.send(request_bytes("GET", "/starts/status", [("X-Status", status), ("Connection", "close")]))
        line, _, rest = client.read_to_end().partition(b"\r\n")

    # White space around a field of the request is no part of it: the last status arrives as "500".
    if status.endswith(" "):
        assert line.startswith(b"HTTP/1.1 500")
    else:
        assert line == b"HTTP/1.1 " + status.encode("latin-1")
        assert b"\r\n\r\n" in rest


@pytest.fixture(scope="module")
def frames(serve_for_module):
    bundle = serve_for_module('[app.main]\nwsgi = "frames:app"\ndirectory = "{apps}"\nworkers = 1\n')
    bundle.expect_log("application error")
    return bundle


@pytest.mark.parametrize("name", [name for name in BAD_HEADS if name.startswith("status")])
def test_a_status_must_be_of_that_form_without_control_characters(frames, name):
    assert frames.get(f"/bad/{name}").status == 500
    frames.wait_for_log(BAD_HEADS[name][2])


def test_the_headers_must_be_a_python_list(frames):
    assert frames.get("/bad/fields-in-a-tuple").status == 500
    frames.wait_for_log("the headers must be a list, not tuple")


@pytest.mark.parametrize("name", ["field-in-a-list", "field-of-three"])
def test_the_headers_must_be_a_list_of_tuples_of_name_and_value(frames, name):
    assert frames.get(f"/bad/{name}").status == 500
    frames.wait_for_log(r"must be a tuple \(name, value\)")


@pytest.mark.parametrize("name", [name for name in BAD_HEADS if name.startswith("name")])
def test_each_header_name_must_be_a_valid_http_header_field_name_without_a_colon(frames, name):
    assert frames.get(f"/bad/{name}").status == 500
    frames.wait_for_log(BAD_HEADS[name][2])


@pytest.mark.parametrize("name", [name for name in BAD_HEADS if name.startswith("value")])
def test_each_header_value_must_not_include_any_control_characters(frames, name):
    assert frames.get(f"/bad/{name}").status == 500
    frames.wait_for_log(BAD_HEADS[name][2])


@pytest.mark.parametrize("name", [name for name, head in BAD_HEADS.items() if head[2] == "hop-by-hop"])
def test_applications_are_forbidden_from_using_hop_by_hop_headers(frames, name):
    assert frames.get(f"/bad/{name}").status == 500
    frames.wait_for_log("is a hop-by-hop header, which is the server's to send")


def test_the_server_may_change_the_list_and_does_not_look_at_it_again(cases):
    answer = cases.get("/starts/changes_its_list_later")

    assert answer.field("x-a") == "1"
    assert answer.field("x-b") is None


def test_if_the_application_omits_a_header_required_by_http_the_server_must_add_it(cases):
    assert cases.get("/starts/by_position").field("date").endswith("GMT")


def test_headers_of_the_application_are_sent_as_they_are_and_in_their_order(cases):
    answer = cases.get("/starts/own_fields")

    own = [field for field in answer.fields if field[0] in ("x-order", "set-cookie", "x-empty", "x-latin-1")]
    assert own == [("x-order", "b"), ("set-cookie", "a=1"), ("x-order", "a"), ("set-cookie", "b=2"), ("x-empty", ""),
                   ("x-latin-1", "caf\xe9")]


def test_header_names_are_case_insensitive_so_the_server_does_not_add_what_is_there(cases):
    answer = cases.get("/starts/own_fields")

    assert answer.field("date") == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert answer.field("server") == "mine/1"


def test_headers_may_use_rfc_2047_mime_encoding(cases):
    assert cases.get("/starts/mime_words").field("x-encoded") == "=?utf-8?q?=E2=82=AC?="


def test_servers_check_for_errors_in_the_headers_at_the_time_start_response_is_called(cases):
    cases.refused("/starts/raises_at_once", "control character")

    [[kind, said], is_a_value_error] = cases.notes()
    assert kind == "ValueError"
    assert "X-Bad" in said
    assert is_a_value_error


def test_start_response_must_not_actually_transmit_the_response_headers(cases):
    with Gate(cases.bundle.directory) as gate, cases.connect() as client:
        client.send(request_bytes("GET", "/streams/told_apart"))
        gate.wait_until_reached()
        gate.let_through()

        # Had the first head left before the body began, it could not be replaced any more.
        assert client.read_answer().status == 409


def test_if_no_headers_have_been_output_exc_info_replaces_the_stored_ones(cases):
    answer = cases.get("/starts/replaces")

    assert (answer.status, answer.body) == (503, b"body")
    assert answer.field("x-other") == "yes"
    assert answer.field("x-first") is None
    assert answer.field("content-length") == "4"


@pytest.mark.parametrize("name", ["replaces_between_empty_pieces", "first_with_exc_info"])
def test_the_application_can_change_its_mind_as_long_as_nothing_was_sent(cases, name):
    answer = cases.get(f"/starts/{name}")

    assert (answer.status, answer.body) == (503, b"body")


def test_the_application_may_call_start_response_more_than_once_if_exc_info_is_provided(cases):
    assert cases.get("/starts/replaces_three_times").status == 502


def test_it_is_a_fatal_error_to_call_start_response_again_without_exc_info(cases):
    cases.refused("/starts/twice", "start_response.. was called a second time without exc_info")


def test_that_error_is_raised_in_the_application_and_the_first_head_stays(cases):
    answer = cases.get("/starts/twice_and_goes_on")

    assert (answer.status, answer.field("x-other")) == (200, None)
    assert [kind for kind, _ in cases.notes()] == ["AssertionError"]


def test_this_includes_the_case_where_the_first_call_to_start_response_raised_an_error(cases):
    answer = cases.get("/starts/again_after_an_error")

    assert answer.status == 500
    assert [kind for kind, _ in cases.notes()] == ["ValueError", "AssertionError"]


def test_after_such_an_error_exc_info_may_still_replace_the_head(cases):
    answer = cases.get("/starts/again_after_an_error_with_exc_info")

    assert (answer.status, answer.field("x-other")) == (500, "yes")
    assert answer.body == b"body"


def test_if_the_headers_have_been_sent_start_response_must_raise_an_error_and_abort(cases):
    cases.broken_off("GET", "/starts/replaces_after_the_head", "LookupError: reconsidered")


def test_it_reraises_using_the_exc_info_tuple(cases):
    answer = cases.get("/starts/replaces_after_the_head_and_sees")

    assert (answer.status, answer.body) == (200, b"body")
    assert cases.notes() == [["LookupError", "reconsidered"], True]


def test_exc_info_must_be_a_python_sys_exc_info_tuple(cases):
    answer = cases.get("/starts/bad_exc_info")

    assert (answer.status, answer.body) == (200, b"body")
    kinds = [kind for kind, _ in cases.notes()]
    assert kinds == ["TypeError"] * 4


def test_start_response_keeps_no_reference_to_exc_info(cases):
    cases.get("/starts/keeps_no_exc_info")

    assert cases.notes() == ["freed", "left the handler"]
