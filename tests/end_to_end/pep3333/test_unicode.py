"""PEP 3333, Unicode Issues and A Note On String Types, and Expect/Continue with the other features of HTTP."""

import pytest
from apps.frames import BAD_HEADS
from support.raw_client import request_bytes

NOT_NATIVE = ["status-bytes", "name-bytes", "status-a-number", "value-a-number", "value-none"]
NOT_LATIN_1 = ["status-not-latin-1", "status-in-fullwidth-digits", "value-not-latin-1"]


@pytest.fixture(scope="module")
def frames(serve_for_module):
    bundle = serve_for_module('[app.main]\nwsgi = "frames:app"\ndirectory = "{apps}"\nworkers = 1\n')
    bundle.expect_log("application error")
    return bundle


@pytest.mark.parametrize("name", NOT_NATIVE)
def test_strings_passed_to_start_response_must_be_native_strings(frames, name):
    assert frames.get(f"/bad/{name}").status == 500
    frames.wait_for_log("must be a str")


@pytest.mark.parametrize("name", NOT_LATIN_1)
def test_it_is_a_fatal_error_to_supply_strings_containing_any_other_code_point(frames, name):
    assert frames.get(f"/bad/{name}").status == 500
    frames.wait_for_log(r"has a character above U\+00FF")


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_servers_must_provide_transparent_support_for_expect_continue(cases, version):
    with cases.connect() as client:
        client.send(request_bytes("POST", "/environs/reads_after", [("Expect", "100-continue"), ("Content-Length", "4")],
                                  version=version))
        if version == "1.1":
            interim = client.read_head()
            assert interim.status == 100
        client.send(b"body")
        answer = client.read_answer()

    assert answer.interim == ()
    assert (answer.json["body"], answer.json["length"]) == ("body", "4")


def test_an_application_that_ignores_its_body_notices_nothing_of_expect(cases):
    with cases.connect() as client:
        client.send(request_bytes("POST", "/environs/ignores_its_body",
                                  [("Expect", "100-continue"), ("Content-Length", "4")]))
        assert client.read_head().status == 100
        client.send(b"body")
        assert client.read_answer().json == "ignored"
    assert cases.notes() == ["called"]


@pytest.mark.parametrize("field", [("Connection", "close"), ("Keep-Alive", "1"), ("TE", "trailers"), ("Upgrade", "h2c"),
                                   ("Trailer", "X-A"), ("Proxy-Connection", "close")])
def test_wsgi_servers_must_handle_inbound_hop_by_hop_headers_on_their_own(cases, field):
    texts = cases.get("/environs/told", [field]).json["texts"]

    assert "HTTP_" + field[0].upper().replace("-", "_") not in texts


def test_servers_play_dumb_and_allow_the_application_complete_control_over_its_output(cases):
    answer = cases.get("/starts/own_fields", [("If-None-Match", '"a"'), ("Range", "bytes=0-1"),
                                              ("If-Modified-Since", "Thu, 01 Jan 2037 00:00:00 GMT")])

    assert (answer.status, answer.body) == (200, b"body")
