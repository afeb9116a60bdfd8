"""What a site and its routes say of every answer: its fields, and the pages of errors."""

import pytest
from support.bundle_process import run_bundle
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

APP = """
[app.main]
wsgi = "{module}"
directory = "{{apps}}"
workers = 1
"""


def site(text, module="echo:app"):
    return APP.format(module=module) + "[[site]]\n" + text


def put_files(directory):
    for name, text in {"public/a.txt": "a file", "public/folder/index.html": "folder", "static/b.txt": "b",
                       "404.html": "<h1>nothing here</h1>", "5xx.html": "<h1>broken</h1>", "route.html": "of the route",
                       "403.txt": "go away"}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)


# ---- fields ----


HEADERS = site("""
root = "{directory}/public"
app = "main"
headers.preset = "basic"
headers.set = { X-Site = "yes", X-Both = "site", X-Method = "hidden" }
headers.append = { Vary = "Origin" }
headers.remove = ["ETag"]
[[site.route]]
path = "/static/"
directory = "{directory}/static"
headers.set = { X-Both = "route", X-Route = "yes" }
headers.remove = ["X-Frame-Options"]
[[site.route]]
path = "/moved/"
redirect = "/"
[[site.route]]
path = "/returned/"
return = 200
[[site.route]]
path = "/refused/"
return = 403
[[site.route]]
path = "/closed/"
app = "main"
deny = ["*"]
[[site.route]]
path = "/own/"
app = "main"
headers.set = { Server = "mine", Date = "never", X-Request-ID = "fixed" }
[[site.route]]
path = "/bare/"
app = "main"
headers.remove = ["Server", "Date", "X-Request-ID", "X-Site", "Content-Type"]
[[site.route]]
path = "/strict/"
app = "main"
headers.preset = "strict"
""")


@pytest.fixture(scope="module")
def headers(serve_for_module):
    return serve_for_module(HEADERS, put_files)


@pytest.mark.parametrize(("method", "target", "fields", "status"), [
    ("GET", "/app", [], 200),
    ("POST", "/app", [], 200),
    ("GET", "/a.txt", [], 200),
    ("HEAD", "/a.txt", [], 200),
    ("GET", "/a.txt", [("Range", "bytes=0-1")], 206),
    ("GET", "/a.txt", [("Range", "bytes=99-")], 416),
    ("GET", "/a.txt", [("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")], 304),
    ("GET", "/a.txt", [("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")], 412),
    ("GET", "/folder", [], 301),
    ("GET", "/static/none", [], 404),
    ("POST", "/static/b.txt", [], 405),
    ("GET", "/moved/x", [], 301),
    ("GET", "/returned/", [], 200),
    ("GET", "/refused/", [], 403),
    ("GET", "/closed/", [], 403),
    ("POST", "/app", [("Content-Length", "99999999")], 413),
])
def test_every_kind_of_answer_has_the_sites_fields(headers, method, target, fields, status):
    with headers.connect() as client:
        client.send(request_bytes(method, target, fields))
        answer = client.read_answer(method)

    assert answer.status == status
    assert answer.field("x-site") == "yes"
    assert answer.field("x-content-type-options") == "nosniff"
    assert answer.field("x-method") in (None, "hidden")
    assert "Origin" in [value for name, value in answer.fields if name == "vary"]
    assert answer.field("etag") is None


def test_a_request_that_is_no_http_is_refused_with_the_sites_fields(headers):
    with headers.connect() as client:
        client.send(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        answer = client.read_answer()

    assert (answer.status, answer.field("x-site")) == (400, "yes")


def test_what_is_set_stands_in_place_of_the_applications_own(headers):
    assert headers.get("/app").field("x-method") == "hidden"


def test_a_routes_fields_come_on_top_of_the_sites(headers):
    answer = headers.get("/static/b.txt")

    assert answer.field("x-site") == "yes"
    assert answer.field("x-both") == "route"
    assert answer.field("x-route") == "yes"
    assert answer.field("x-frame-options") is None
    assert answer.field("x-content-type-options") == "nosniff"
    assert headers.get("/app").field("x-both") == "site"


def test_our_own_fields_can_be_set(headers):
    answer = headers.get("/own/")

    assert (answer.field("server"), answer.field("date"), answer.field("x-request-id")) == ("mine", "never", "fixed")


def test_our_own_fields_can_be_removed(headers):
    names = {name for name, _ in headers.get("/bare/").fields}

    assert not names & {"server", "date", "x-request-id", "x-site", "content-type"}
    assert "content-length" in names


def test_the_strict_preset_is_stricter(headers):
    answer = headers.get("/strict/")

    assert answer.field("x-frame-options") == "DENY"
    assert answer.field("referrer-policy") == "same-origin"
    assert answer.field("cross-origin-opener-policy") == "same-origin"
    assert headers.get("/app").field("x-frame-options") == "SAMEORIGIN"


def test_a_preset_leaves_what_the_application_says(serve):
    bundle = serve(site('app = "main"\nheaders.preset = "strict"\n', module="answers:app"))

    answer = bundle.get("/?X-Frame-Options=SAMEORIGIN")

    assert answer.field("x-frame-options") == "SAMEORIGIN"
    assert answer.field("x-content-type-options") == "nosniff"


def test_the_fields_of_the_route_that_x_accel_redirect_leads_to_count(serve, directory):
    put_files(directory / "0")
    bundle = serve(site("""
app = "main"
headers.set = { X-Site = "yes" }
[[site.route]]
path = "/protected/"
directory = "{directory}/static"
internal = true
headers.set = { X-Route = "protected" }
""", module="answers:app"))

    answer = bundle.get("/?X-Accel-Redirect=/protected/b.txt")

    assert (answer.text, answer.field("x-site"), answer.field("x-route")) == ("b", "yes", "protected")


# ---- error pages ----


ERRORS = site("""
root = "{directory}/public"
app = "main"
errors = { 404 = "404.html", 5xx = "5xx.html", 403 = "403.txt" }
[[site.route]]
path = "/static/"
directory = "{directory}/static"
[[site.route]]
path = "/own/"
directory = "{directory}/static"
errors = { 404 = "route.html" }
[[site.route]]
path = "/refused/"
return = 403
[[site.route]]
path = "/down/"
return = 503
[[site.route]]
path = "/teapot/"
return = 418
""", module="raises:app")


@pytest.fixture(scope="module")
def errors(serve_for_module):
    return serve_for_module(ERRORS, put_files)


@pytest.mark.parametrize(("target", "status", "content_type", "text"), [
    ("/static/none", 404, "text/html; charset=utf-8", "<h1>nothing here</h1>"),
    ("/own/none", 404, "text/html; charset=utf-8", "of the route"),
    ("/refused/", 403, "text/plain; charset=utf-8", "go away"),
    ("/down/", 503, "text/html; charset=utf-8", "<h1>broken</h1>"),
])
def test_an_error_has_the_page_of_its_file(errors, target, status, content_type, text):
    answer = errors.get(target)

    assert (answer.status, answer.field("content-type"), answer.text) == (status, content_type, text)
    assert answer.field("cache-control") == "no-store"
    assert answer.field("x-request-id")


def test_an_error_without_a_file_has_the_built_in_page(errors):
    answer = errors.get("/teapot/", [("Accept", "application/json")])

    assert answer.status == 418
    assert answer.json["status"] == 418


def test_the_fields_that_a_status_demands_are_there_beside_the_file(errors):
    assert errors.get("/down/").field("retry-after")


def test_head_of_an_error_file_has_no_body(errors):
    with errors.connect() as client:
        head = client.request("HEAD", "/static/none")
        after = client.request("GET", "/static/b.txt")

    assert (head.status, head.field("content-length")) == (404, "21")
    assert after.text == "b"


def test_an_exception_of_the_application_has_the_file_for_500(serve, directory):
    put_files(directory / "0")
    bundle = serve(ERRORS)
    bundle.expect_log("application error")

    answer = bundle.get("/before-head")

    assert (answer.status, answer.text) == (500, "<h1>broken</h1>")


def test_an_error_of_the_application_is_its_own(serve, directory):
    put_files(directory / "0")
    bundle = serve(site("""
app = "main"
errors = { 4xx = "404.html" }
""", module="answers:app"))

    answer = bundle.get("/?status=404")

    assert (answer.status, answer.text) == (404, "the application's own 404")


def test_error_files_are_there_when_they_are_gone_from_the_disk(serve, directory):
    home = directory / "0"
    put_files(home)
    bundle = serve(ERRORS)
    for name in ("404.html", "5xx.html", "403.txt"):
        (home / name).unlink()

    assert bundle.get("/static/none").text == "<h1>nothing here</h1>"
    assert bundle.get("/down/").text == "<h1>broken</h1>"


def test_error_files_are_there_when_the_disk_takes_nothing_more(serve, directory):
    put_files(directory / "0")
    bundle = serve(ERRORS.replace("[app.main]", "[http]\nmax_body = \"1M\"\n[server]\ntemp_max = 0\n[app.main]"))

    with bundle.connect() as client:
        client.send(request_bytes("POST", "/x", [("Content-Length", "200000")]))
        answer = client.read_answer()

    assert (answer.status, answer.text) == (507, "<h1>broken</h1>")


def test_an_error_file_that_cannot_be_read_stops_the_start(directory):
    file = directory / "site.toml"
    file.write_text(site('app = "main"\nerrors = { 404 = "none.html" }\n').replace("{apps}", str(directory)))

    checked = run_bundle("check", "--conf", file)

    assert checked.returncode == 2
    assert "none.html" in checked.stderr
