"""Requests and answers over HTTP/2: RFC 9113 in its sections 8 and 9. Each test is named for its section."""

import json

import pytest
from hyperframe.frame import DataFrame, RstStreamFrame
from support.http2_client import CANCEL, INTERNAL_ERROR, NO_ERROR, PROTOCOL_ERROR, Http2Client

pytestmark = pytest.mark.front

REQUEST = [(":method", "GET"), (":scheme", "http"), (":authority", "test.example"), (":path", "/")]


def without(name):
    return [pair for pair in REQUEST if pair[0] != name]


def replaced(name, value):
    return [(key, value if key == name else old) for key, old in REQUEST]


def environ_of(answer):
    return json.loads(answer.body)["environ"]


# --- 8.1: messages -------------------------------------------------------------------------------------------


def test_8_1_a_body_may_come_in_many_frames(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False), *[DataFrame(1, b"ab") for _ in range(100)],
                DataFrame(1, b"", flags=["END_STREAM"]))

    assert json.loads(client.answer(1).body)["body_length"] == 200


def test_8_1_trailers_end_a_request_and_are_dropped(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False), DataFrame(1, b"abc"),
                client.headers(1, [("x-checksum", "1")], end=True))
    answer = client.answer(1)

    assert json.loads(answer.body)["body_length"] == 3
    assert "HTTP_X_CHECKSUM" not in environ_of(answer)


def test_8_1_trailers_that_do_not_end_the_stream_are_malformed(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False), DataFrame(1, b"abc"),
                client.headers(1, [("x-checksum", "1")], end=False))

    assert client.connection_error_or_reset(1) == PROTOCOL_ERROR


def test_8_1_trailers_have_no_pseudo_fields(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False), DataFrame(1, b"abc"),
                client.headers(1, [(":path", "/other")], end=True))

    assert client.reset_of(1) == PROTOCOL_ERROR
    assert client.is_served(3)


def test_8_1_a_refused_body_is_answered_before_it_is_sent(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST", "/", [("content-length", "99999999")]), end=False))
    client.read_until(lambda: 1 in client.answers and client.answers[1].ended, "the refusal")

    assert client.answers[1].status == 413
    assert client.reset_of(1) == NO_ERROR
    assert client.is_served(3)


def test_8_1_a_client_may_take_a_request_back(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST"), end=False), RstStreamFrame(1, error_code=CANCEL))

    assert client.is_served(3)


# --- 8.1.1: malformed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", ["2", "4"])
def test_8_1_1_a_body_has_the_length_that_was_announced(http2, http2_site, length):
    client = http2()
    client.send(client.headers(1, client.fields("POST", f"/length/{length}", [("content-length", length)]), end=False),
                DataFrame(1, b"abc", flags=["END_STREAM"]))

    assert client.reset_of(1) == PROTOCOL_ERROR
    assert client.is_served(3)
    http2_site.wait_for_access_log(rf'"POST /length/{length} HTTP/2\.0" 400')


def test_8_1_1_a_head_that_ends_the_stream_announces_no_body(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST", "/", [("content-length", "3")])))

    assert client.reset_of(1) == PROTOCOL_ERROR


def test_8_1_1_a_body_of_length_0_may_end_with_an_empty_frame(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST", "/", [("content-length", "0")]), end=False),
                DataFrame(1, b"", flags=["END_STREAM"]))

    assert client.answer(1).status == 200


# --- 8.2: fields ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["X-Upper", "x space", "x\x00nul", "x\x7f", "x(y", ""])
def test_8_2_1_a_name_is_a_token_in_lower_case(http2, name):
    client = http2()
    client.send(client.headers(1, [*REQUEST, (name, "1")]))

    assert client.reset_of(1) == PROTOCOL_ERROR
    assert client.is_served(3)


@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "a\rb", " a", "a ", "\ta"])
def test_8_2_1_a_value_has_no_controls_and_no_white_space_around_it(http2, value):
    client = http2()
    client.send(client.headers(1, [*REQUEST, ("x-value", value)]))

    assert client.reset_of(1) == PROTOCOL_ERROR
    assert client.is_served(3)


@pytest.mark.parametrize("name", ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"])
def test_8_2_2_fields_of_the_connection_are_malformed(http2, name):
    client = http2()
    client.send(client.headers(1, [*REQUEST, (name, "close")]))

    assert client.reset_of(1) == PROTOCOL_ERROR
    assert client.is_served(3)


def test_8_2_2_te_says_trailers_or_nothing(http2):
    client = http2()
    client.send(client.headers(1, [*REQUEST, ("te", "gzip")]))

    assert client.reset_of(1) == PROTOCOL_ERROR
    assert client.request(3, more=[("te", "trailers")]).status == 200


def test_8_2_2_answers_have_no_fields_of_the_connection(http2):
    client = http2()
    answer = client.request(1)

    assert not {"connection", "keep-alive", "transfer-encoding"} & set(answer.fields)
    assert all(name == name.lower() for name in answer.fields)


def test_8_2_3_the_crumbs_of_a_cookie_are_joined(http2):
    client = http2()
    answer = client.request(1, more=[("cookie", "a=1"), ("cookie", "b=2"), ("cookie", "c=3")])

    assert environ_of(answer)["HTTP_COOKIE"] == "a=1; b=2; c=3"


# --- 8.3: pseudo-fields --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [":method", ":scheme", ":path"])
def test_8_3_1_a_request_has_these_pseudo_fields(http2, name):
    client = http2()
    client.send(client.headers(1, without(name)))

    assert client.reset_of(1) == PROTOCOL_ERROR
    assert client.is_served(3)


@pytest.mark.parametrize("name", [":method", ":scheme", ":path", ":authority"])
def test_8_3_a_pseudo_field_comes_once(http2, name):
    client = http2()
    client.send(client.headers(1, [*REQUEST, (name, dict(REQUEST)[name])]))

    assert client.reset_of(1) == PROTOCOL_ERROR


def test_8_3_pseudo_fields_come_first(http2):
    client = http2()
    client.send(client.headers(1, [*without(":path"), ("x-first", "1"), (":path", "/")]))

    assert client.reset_of(1) == PROTOCOL_ERROR


@pytest.mark.parametrize("name", [":status", ":unknown", ":protocol"])
def test_8_3_other_pseudo_fields_are_malformed(http2, name):
    client = http2()
    client.send(client.headers(1, [*REQUEST, (name, "200")]))

    assert client.reset_of(1) == PROTOCOL_ERROR


@pytest.mark.parametrize("path", ["", "relative", "http://test.example/", "*"])
def test_8_3_1_a_path_begins_with_a_slash(http2, path):
    client = http2()
    client.send(client.headers(1, replaced(":path", path)))

    assert client.reset_of(1) == PROTOCOL_ERROR


def test_8_3_1_options_may_ask_for_everything(http2):
    client = http2()
    answer = client.request(1, "*", method="OPTIONS")

    assert environ_of(answer)["REQUEST_METHOD"] == "OPTIONS"


def test_8_3_1_authority_is_the_host(http2):
    client = http2()
    environ = environ_of(client.request(1, authority="shop.example:8443"))

    assert environ["HTTP_HOST"] == "shop.example:8443"


def test_8_3_1_host_stands_in_for_authority(http2):
    client = http2()
    client.send(client.headers(1, [*without(":authority"), ("host", "test.example")]))

    assert environ_of(client.answer(1))["HTTP_HOST"] == "test.example"


def test_8_3_1_host_may_repeat_authority(http2):
    client = http2()

    assert environ_of(client.request(1, more=[("host", "test.example")]))["HTTP_HOST"] == "test.example"


def test_8_3_1_host_does_not_differ_from_authority(http2):
    client = http2()

    assert client.request(1, more=[("host", "other.example")]).status == 400
    assert client.is_served(3)


def test_8_3_1_one_of_host_and_authority_is_there(http2):
    client = http2()
    client.send(client.headers(1, without(":authority")))

    assert client.reset_of(1) == PROTOCOL_ERROR


@pytest.mark.parametrize("authority", ["user@test.example", "a b", "test.example/x"])
def test_8_3_1_authority_is_a_host(http2, authority):
    client = http2()
    client.send(client.headers(1, replaced(":authority", authority)))

    assert client.reset_of(1) == PROTOCOL_ERROR if client_resets(client) else client.answers[1].status == 400


def client_resets(client):
    client.read_until(lambda: 1 in client.answers and (client.answers[1].ended or client.answers[1].reset is not None),
                      "an answer")
    return client.answers[1].reset is not None


@pytest.mark.parametrize("scheme", ["ftp", "javascript"])
def test_8_3_1_another_scheme_than_https_is_refused(http2, scheme):
    client = http2()

    assert client.request(1, scheme=scheme).status == 400


@pytest.mark.parametrize(("method", "status"), [("TRACE", 405), ("NONSENSE", 501)])
def test_8_3_1_methods_are_those_of_http_1(http2, method, status):
    client = http2()

    assert client.request(1, method=method).status == status


def test_8_5_connect_is_refused(http2):
    client = http2()
    client.send(client.headers(1, [(":method", "CONNECT"), (":authority", "test.example:443")], end=True))

    assert client.answer(1).status == 405


def test_8_3_2_an_answer_has_a_status_and_nothing_else_of_that_kind(http2):
    client = http2()
    client.request(1)

    assert [name for name, _ in client.answers[1].heads[-1] if name.startswith(":")] == [":status"]


# --- the same checks as HTTP/1 -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/%zz", "/a%00b", "/../etc/passwd", "/a\"b"])
def test_a_target_that_http_1_refuses_is_refused(http2, http2_site, path):
    client = http2()

    assert client.request(1, path).status == http2_site.get(path).status


def test_an_application_sees_what_it_would_of_http_1(http2):
    client = http2()
    environ = environ_of(client.request(1, "/a%20b?c=d", more=[("x-some", "thing")]))

    assert environ["SERVER_PROTOCOL"] == "HTTP/2.0"
    assert environ["PATH_INFO"] == "/a b"
    assert environ["QUERY_STRING"] == "c=d"
    assert environ["HTTP_X_SOME"] == "thing"


def test_the_access_log_names_the_protocol(http2, http2_site):
    client = http2()
    client.request(1, "/logged?by=h2")

    http2_site.wait_for_access_log(r'"GET /logged\?by=h2 HTTP/2\.0" 200 [1-9]')


def test_10_1_1_an_expectation_is_met_before_the_body(http2):
    client = http2()
    client.send(client.headers(1, client.fields("POST", "/", [("expect", "100-continue"), ("content-length", "3")]),
                               end=False))
    client.read_until(lambda: 1 in client.answers and client.answers[1].heads, "100")
    assert client.answers[1].status == 100
    client.send(DataFrame(1, b"abc", flags=["END_STREAM"]))

    assert json.loads(client.answer(1).body)["body_length"] == 3


def test_a_large_head_of_an_answer_is_sent(serve_http2):
    bundle = serve_http2("streams:app")
    with Http2Client(bundle.address) as client:
        assert len(client.request(1, "/head/200").heads[-1]) > 200


def test_a_head_that_is_too_large_to_be_sent_is_logged(serve_http2):
    bundle = serve_http2("streams:app")
    with Http2Client(bundle.address) as client:
        bundle.expect_log("the answer's head is too large to be sent by HTTP/2")
        client.ask(1, "/head/2000")

        assert client.reset_of(1) == INTERNAL_ERROR
        bundle.wait_for_access_log(r'"GET /head/2000 HTTP/2\.0" 500')
        assert client.request(3, "/small").status == 200


def test_a_head_request_gets_no_body(http2):
    client = http2()
    answer = client.request(1, method="HEAD")

    assert answer.status == 200
    assert int(answer.fields["content-length"]) > 0
    assert answer.body == b""
