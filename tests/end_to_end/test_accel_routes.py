"""X-Accel-Redirect to routes that are neither plain files nor an application: redirects, returns, fallbacks, access lists."""

from urllib.parse import urlencode

import pytest
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

SITE = """
[app.main]
wsgi = "leads_on:app"
directory = "{apps}"
workers = 1
env = { TEST_DIRECTORY = "{directory}" }

[[site]]
app = "main"
[[site.route]]
path = "/moved/"
redirect = "https://$host/elsewhere/$rest$query"
status = 302
internal = true
[[site.route]]
path = "=/gone"
return = 410
internal = true
[[site.route]]
path = "=/text.json"
return = 200
body = '{"from": "the front"}'
internal = true
[[site.route]]
path = "=/closed"
return = 444
internal = true
[[site.route]]
path = "/pictures/"
directory = "pictures"
fallback = "/default.txt"
internal = true
[[site.route]]
path = "/nothing/"
directory = "pictures"
fallback = "/none.txt"
internal = true
[[site.route]]
path = "/office/"
directory = "pictures"
deny = ["*"]
"""


def write_files(home):
    (home / "pictures").mkdir()
    (home / "pictures" / "cat.txt").write_text("a cat")
    (home / "pictures" / "default.txt").write_text("no picture")


@pytest.fixture(scope="module")
def site(serve_for_module):
    return serve_for_module(SITE, prepare=write_files)


def accel(path, **query):
    return "/?" + urlencode({"x-accel-redirect": path, **query})


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_redirect_is_answered_with_what_the_application_keeps(site, method):
    with site.connect() as client:
        answer = client.request(method, accel("/moved/a%20b?x=1", kept="1"), body=b"a body" if method == "POST" else None)

    assert (answer.status, answer.field("location")) == (302, "https://test.example/elsewhere/a%20b?x=1")
    assert [value for name, value in answer.fields if name == "set-cookie"] == ["a=1", "b=2"]


def test_a_return_is_answered_with_its_body_or_the_error_page(site):
    gone, text = site.get(accel("/gone")), site.get(accel("/text.json"))

    assert (gone.status, "410" in gone.text) == (410, True)
    assert (text.status, text.json, text.field("content-type")) == (200, {"from": "the front"}, "application/json")


def test_what_an_application_puts_into_a_path_leads_nowhere_else(site):
    for path in ("/pictures/../moved/x", "/pictures/%2e%2e/moved/x", "/pictures/..%2fmoved/x"):
        site.expect_log("X-Accel-Redirect leads to nothing")
        assert site.get(accel(path)).status == 404


def test_return_444_closes_the_connection_without_an_answer(site):
    with site.connect() as client:
        client.send(request_bytes("GET", accel("/closed")))
        assert client.read_to_end() == b""
    site.wait_for_access_log(r'closed HTTP/1.1" 444 ')


def test_where_there_is_no_file_its_fallback_answers(site):
    assert site.get(accel("/pictures/cat.txt")).text == "a cat"
    assert site.get(accel("/pictures/dog.txt")).text == "no picture"
    assert site.get(accel("/nothing/dog.txt")).status == 404


def test_the_access_list_of_the_route_counts_for_the_client(site):
    answer = site.get(accel("/office/cat.txt"))

    assert (answer.status, "a cat" in answer.text) == (403, False)


@pytest.mark.parametrize("path", ["/moved/", "/gone", "/text.json", "/closed", "/pictures/cat.txt"])
def test_a_client_cannot_ask_for_such_a_route_itself(site, path):
    assert site.get(path).status == 404
