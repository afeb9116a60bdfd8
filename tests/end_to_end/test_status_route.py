"""A route with status_page: what [admin] shows, on a site."""

import pytest
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

SITE = """
[app.main]
wsgi = "hello:app"
directory = "{apps}"
workers = 1
[[site]]
app = "main"
[[site.route]]
path = "/ops/"
status_page = true
allow = ["loopback"]
[[site.route]]
path = "/closed/"
status_page = true
deny = ["*"]
"""
BROWSER = [("Accept", "text/html")]


@pytest.fixture(scope="module")
def site(serve_for_module):
    return serve_for_module(SITE)


def test_the_page_and_its_parts_are_there(site):
    page = site.get("/ops/", BROWSER)

    assert (page.status, page.field("content-type")) == (200, "text/html; charset=utf-8")
    for part in ("page.css", "page.js", "icon.svg"):
        assert f"status/{part}" in page.text
        assert site.get(f"/ops/status/{part}").status == 200
    assert "bundle_requests_total" in site.get("/ops/metrics").text
    assert site.get("/ops/").json["apps"]


def test_without_its_slash_it_leads_to_it(site):
    answer = site.get("/ops", BROWSER)

    assert (answer.status, answer.field("location")) == (301, "/ops/")


def test_it_goes_on(site):
    with site.connect() as client:
        client.send(request_bytes("GET", "/ops/status/events"))
        head = client.read_head()
        events = b""
        while events.count(b"\n\n") < 4:  # what was, what is, and what then comes of it
            events += client.read_chunk()

    assert head.field("content-type") == "text/event-stream"
    assert b"event: history\n" in events


@pytest.mark.parametrize("target", ["/ops/live", "/ops/ready", "/ops/status", "/ops/other", "/opsx/"])
def test_nothing_else_of_admin_is_there(site, target):
    answer = site.get(target)

    assert (answer.status, "status/page.js" in answer.text) in [(404, False), (200, False)]


def test_who_is_not_allowed_sees_nothing(site):
    for target in ("/closed/", "/closed/metrics", "/closed/status/events"):
        assert site.get(target).status == 403
