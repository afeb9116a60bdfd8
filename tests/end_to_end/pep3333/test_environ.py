"""PEP 3333, environ Variables, and URL Reconstruction."""

import re

import pytest
from support.raw_client import request_bytes


@pytest.fixture
def told(cases):
    """told(target, fields) -> what the application found in its environ."""
    return lambda target="", fields=(): cases.get(f"/environs/told{target}", fields).json


def latin_1(text):
    """Text whose UTF-8 bytes were decoded as Latin-1: how PEP 3333 carries what is not ASCII."""
    return text.encode().decode("latin-1")


def test_cgi_defined_variables_must_be_native_strings_if_they_are_present_at_all(told):
    types = told("?a=%FF", [("Content-Type", "text/plain"), ("X-Latin-1", "caf\xe9")])["types"]

    cgi = {name: kind for name, kind in types.items() if name.partition(".")[0].isupper()}
    assert {"REQUEST_METHOD", "PATH_INFO", "HTTP_X_LATIN_1", "CONTENT_TYPE"} <= set(cgi)
    assert set(cgi.values()) == {"str"}


def test_the_names_of_variables_are_native_strings_too(told):
    assert told()["names"] == "str"


@pytest.mark.parametrize("method", ["GET", "POST", "BREW", "get"])
def test_request_method_can_not_ever_be_an_empty_string_and_so_is_always_required(cases, method):
    with cases.connect() as client:
        client.send(request_bytes(method, "/environs/told"))
        answer = client.read_answer()

    if answer.status == 200:
        assert answer.json["texts"]["REQUEST_METHOD"] == method
    else:  # what is no method of HTTP does not get as far as the application
        assert answer.status in (400, 405, 501)
        assert method not in ("GET", "POST")


def test_script_name_may_be_an_empty_string_if_the_application_corresponds_to_the_root(told):
    assert told()["texts"]["SCRIPT_NAME"] == ""


@pytest.mark.parametrize(("target", "path"), [
    ("/plain", "/plain"),
    ("/", "/"),
    ("/caf%C3%A9", latin_1("/caf\N{LATIN SMALL LETTER E WITH ACUTE}")),
    ("/%E2%82%AC", latin_1("/\N{EURO SIGN}")),
    ("/%ff%FE", "/\xff\xfe"),
    ("/a%20b", "/a b"),
    ("/a+b", "/a+b"),
    ("/a%2Bb", "/a+b"),
    ("/100%25", "/100%"),
    ("/%2541", "/%41"),
    ("/a;v=1/b:c@d", "/a;v=1/b:c@d"),
    ("/a%3Fb", "/a?b"),
    ("/a%23b", "/a#b"),
    ("/trailing/", "/trailing/"),
])
def test_path_info_is_the_decoded_remainder_of_the_path_as_latin_1(told, target, path):
    assert told(target)["texts"]["PATH_INFO"] == f"/environs/told{path}"


@pytest.mark.parametrize("query", ["", "a=1&b=2", "caf%C3%A9=%ff", "a+b=c%20d", "%", "?", "a=b?c=d/e", "=&;", "%2", "a=%00"])
def test_query_string_is_the_portion_of_the_request_url_that_follows_the_question_mark(told, query):
    assert told(f"?{query}")["texts"]["QUERY_STRING"] == query


def test_query_string_may_be_empty_or_absent(told):
    assert told()["texts"].get("QUERY_STRING", "") == ""


def test_the_target_is_told_as_the_client_sent_it(told):
    texts = told("/caf%C3%A9/%2541?q=%20")["texts"]

    assert texts["REQUEST_URI"] == texts["RAW_URI"] == "/environs/told/caf%C3%A9/%2541?q=%20"


@pytest.mark.parametrize("kind", ["text/html", "multipart/form-data; boundary=\"a b\"", "nonsense"])
def test_content_type_is_the_contents_of_any_content_type_fields(told, kind):
    texts = told("", [("Content-Type", kind)])["texts"]

    assert texts["CONTENT_TYPE"] == kind
    assert "HTTP_CONTENT_TYPE" not in texts


def test_content_type_may_be_empty_or_absent(told):
    assert told()["texts"].get("CONTENT_TYPE", "") == ""
    assert told("", [("Content-Type", "")])["texts"].get("CONTENT_TYPE", "") == ""


def test_content_length_is_the_contents_of_any_content_length_fields(cases):
    texts = cases.post("/environs/told", b"12345").json["texts"]

    assert texts["CONTENT_LENGTH"] == "5"
    assert "HTTP_CONTENT_LENGTH" not in texts


def test_content_length_may_be_empty_or_absent(told):
    assert told()["texts"].get("CONTENT_LENGTH", "") == ""


def test_a_content_length_of_zero_is_no_absent_one(cases):
    assert cases.post("/environs/told", b"").json["texts"]["CONTENT_LENGTH"] == "0"


@pytest.mark.parametrize("host", ["test.example", "test.example:8080", "127.0.0.1", "[::1]:81"])
def test_server_name_and_server_port_strings_can_never_be_empty_and_are_always_required(told, host):
    texts = told("", [("Host", host)])["texts"]

    assert texts["SERVER_NAME"]
    assert re.fullmatch(r"[1-9][0-9]*", texts["SERVER_PORT"])
    assert texts["HTTP_HOST"] == host


def test_server_name_and_server_port_are_there_when_http_host_is_not(cases):
    with cases.connect() as client:
        texts = client.request("GET", "/environs/told", version="1.0", host=None).json["texts"]

    assert texts["SERVER_NAME"]
    assert texts["SERVER_PORT"] == str(cases.bundle.address[1])
    assert "HTTP_HOST" not in texts


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_server_protocol_is_the_version_of_the_protocol_the_client_used(cases, version):
    with cases.connect() as client:
        texts = client.request("GET", "/environs/told", version=version).json["texts"]

    assert texts["SERVER_PROTOCOL"] == f"HTTP/{version}"


def test_http_variables_correspond_to_the_client_supplied_http_request_headers(told):
    texts = told("", [("User-Agent", "tests/1"), ("X-Custom-Field", "a b"), ("x-lower", "1"), ("X-Empty", "")])["texts"]

    assert texts["HTTP_USER_AGENT"] == "tests/1"
    assert texts["HTTP_X_CUSTOM_FIELD"] == "a b"
    assert texts["HTTP_X_LOWER"] == "1"
    assert texts["HTTP_X_EMPTY"] == ""


def test_the_absence_of_these_variables_corresponds_with_the_absence_of_the_header(told):
    told("", [("Cookie", "a=1"), ("Authorization", "Basic Og=="), ("X-Mine", "1")])

    texts = told()["texts"]
    assert not {"HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_X_MINE", "HTTP_ACCEPT"} & set(texts)


def test_fields_of_one_name_are_joined_with_commas_in_their_order(told):
    texts = told("", [("X-Many", "b"), ("Accept", "text/html"), ("x-many", "a"), ("X-MANY", "b")])["texts"]

    assert texts["HTTP_X_MANY"] == "b,a,b"
    assert texts["HTTP_ACCEPT"] == "text/html"


def test_cookie_fields_are_joined_with_semicolons(told):
    assert told("", [("Cookie", "a=1"), ("Cookie", "b=2; c=3")])["texts"]["HTTP_COOKIE"] == "a=1; b=2; c=3"


def test_values_of_fields_are_latin_1(told):
    every = "".join(map(chr, [*range(0x21, 0x7f), *range(0x80, 0x100)]))

    assert told("", [("X-Every", every)])["texts"]["HTTP_X_EVERY"] == every


def test_white_space_around_a_value_is_no_part_of_it(told):
    assert told("", [("X-Padded", " \t a  b\t ")])["texts"]["HTTP_X_PADDED"] == "a  b"


def test_missing_variables_such_as_remote_user_should_be_left_out(told):
    assert not {"REMOTE_USER", "AUTH_TYPE", "REMOTE_IDENT", "HTTPS", "PATH_TRANSLATED"} & set(told()["types"])


def test_a_server_should_attempt_to_provide_as_many_other_cgi_variables_as_are_applicable(told):
    texts = told()["texts"]

    assert texts["REMOTE_ADDR"] == "127.0.0.1"
    assert texts["REMOTE_PORT"].isdecimal()
    assert texts["SERVER_SOFTWARE"].startswith("bundle/")


def test_the_environ_dictionary_has_no_variables_of_the_operating_system(told):
    assert not {"PATH", "HOME", "LANG", "TEST_DIRECTORY"} & set(told()["types"])


def test_wsgi_version_is_the_tuple_1_0(told):
    assert told()["version"] == ["tuple", 1, 0]


def test_wsgi_url_scheme_is_the_scheme_portion_of_the_url(told):
    assert told()["texts"]["wsgi.url_scheme"] == "http"


def test_wsgi_multithread_multiprocess_and_run_once_are_false_for_one_worker_with_one_thread(told):
    answer = told()

    assert answer["flags"] == {"wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}
    assert {answer["types"][name] for name in answer["flags"]} == {"bool"}


def test_server_defined_variables_are_named_in_lower_case_with_a_prefix_of_their_own(told):
    own = [name for name in told()["types"] if not name.isupper() and not name.startswith("wsgi.")]

    assert own
    assert all(re.fullmatch(r"bundle\.[a-z0-9_.]+", name) for name in own)


@pytest.mark.parametrize(("target", "host", "url"), [
    ("?a=%20", "test.example", "http://test.example/environs/told?a=%20"),
    ("/a%20b", "test.example:8080", "http://test.example:8080/environs/told/a%20b"),
    ("/caf%C3%A9", "test.example:80", "http://test.example:80/environs/told/caf%C3%A9"),
])
def test_a_requests_complete_url_may_be_reconstructed(told, target, host, url):
    answer = told(target, [("Host", host)])

    assert answer["url"] == url
    assert answer["application_url"] == f"http://{host}/"


def test_the_url_may_be_reconstructed_without_a_host(cases):
    with cases.connect() as client:
        url = client.request("GET", "/environs/told", version="1.0", host=None).json["url"]

    assert re.fullmatch(rf"http://[^/:]+:{cases.bundle.address[1]}/environs/told", url)
