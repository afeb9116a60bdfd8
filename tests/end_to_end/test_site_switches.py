"""A site that leads to https, and one in maintenance."""

import pytest
from support.processes import kill, wait_until
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

BEHIND_A_PROXY = """
[trust]
proxies = ["127.0.0.1"]
[app.main]
wsgi = "echo:app"
directory = "{apps}"
workers = 1
"""

BY_HTTPS = [("X-Forwarded-Proto", "https")]


def put_files(directory):
    for name, text in {"public/a.txt": "a file", "public/.well-known/acme-challenge/token": "proof",
                       "503.html": "<h1>back soon</h1>"}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)


# ---- https ----


HTTPS = BEHIND_A_PROXY + """
[[site]]
hosts = ["*.shop.test", "shop.test"]
root = "{directory}/public"
app = "main"
https = "redirect"
hsts = "180d"
headers.set = { X-Site = "yes" }
[[site.route]]
path = "/returned/"
return = 200
[[site.route]]
path = "/moved/"
redirect = "$scheme://$host/new"
[[site]]
hosts = ["*.only.test"]
app = "main"
https = "redirect"
[[site]]
hosts = ["plain.test"]
app = "main"
"""


@pytest.fixture(scope="module")
def https(serve_for_module):
    return serve_for_module(HTTPS + "[server]\nunknown_host = \"first\"\n", put_files)


def ask(bundle, method, target, fields=(), host="shop.test", **options):
    with bundle.connect() as client:
        return client.request(method, target, fields, host=host, **options)


@pytest.mark.parametrize(("method", "target", "host", "status", "location"), [
    ("GET", "/", "shop.test", 301, "https://shop.test/"),
    ("HEAD", "/", "shop.test", 301, "https://shop.test/"),
    ("GET", "/a.txt", "shop.test", 301, "https://shop.test/a.txt"),
    ("GET", "/x/../a%20b?x=%2F&y", "Shop.Test:8000", 301, "https://shop.test/a%20b?x=%2F&y"),
    ("GET", "/", "de.shop.test", 301, "https://de.shop.test/"),
    ("GET", "/returned/", "shop.test", 301, "https://shop.test/returned/"),
    ("GET", "/moved/", "shop.test", 301, "https://shop.test/moved/"),
    ("POST", "/form", "shop.test", 308, "https://shop.test/form"),
    ("DELETE", "/thing", "shop.test", 308, "https://shop.test/thing"),
    ("GET", "/%0d%0aSet-Cookie:a=b", "shop.test", 301, "https://shop.test/%0D%0ASet-Cookie:a=b"),
    ("GET", "//evil.test/", "shop.test", 301, "https://shop.test/evil.test/"),
    ("GET", "/.well-known/other", "shop.test", 301, "https://shop.test/.well-known/other"),
    ("GET", "/.well-known/acme-challenge/../../x", "shop.test", 301, "https://shop.test/x"),
])
def test_what_came_by_http_is_led_to_https(https, method, target, host, status, location):
    answer = ask(https, method, target, host=host)

    assert (answer.status, answer.field("location")) == (status, location)
    assert answer.field("x-site") == "yes"
    assert answer.field("strict-transport-security") is None


def test_what_came_by_https_is_answered(https):
    answer = ask(https, "GET", "/cart", BY_HTTPS)

    assert answer.json["environ"]["wsgi.url_scheme"] == "https"
    assert ask(https, "GET", "/a.txt", BY_HTTPS).text == "a file"
    assert ask(https, "GET", "/moved/", BY_HTTPS).field("location") == "https://shop.test/new"


@pytest.mark.parametrize(("target", "status"), [("/cart", 200), ("/a.txt", 200), ("/moved/", 301), ("/returned/", 200)])
def test_every_answer_by_https_says_for_how_long_it_is_https_only(https, target, status):
    answer = ask(https, "GET", target, BY_HTTPS)

    assert (answer.status, answer.field("strict-transport-security")) == (status, "max-age=15552000")


def test_a_certificate_can_be_renewed_by_http(https):
    assert ask(https, "GET", "/.well-known/acme-challenge/token").text == "proof"
    by_app = ask(https, "GET", "/.well-known/acme-challenge/other")
    assert by_app.json["environ"]["PATH_INFO"] == "/.well-known/acme-challenge/other"


def test_another_site_of_the_same_server_stays_as_it_is(https):
    answer = ask(https, "GET", "/x", BY_HTTPS, host="plain.test")

    assert answer.status == 200
    assert answer.field("strict-transport-security") is None
    assert ask(https, "GET", "/x", host="plain.test").status == 200


def test_without_a_host_the_sites_own_stands_in_the_address(https):
    answer = ask(https, "GET", "/x", host=None, version="1.0")

    assert (answer.status, answer.field("location")) == (301, "https://shop.test/x")


def test_a_form_by_http_is_not_read(https):
    with https.connect() as client:
        client.send(request_bytes("POST", "/form", [("Expect", "100-continue"), ("Content-Length", "100000")],
                                  host="shop.test"))
        answer = client.read_answer()

    assert (answer.status, answer.interim, answer.field("connection")) == (308, (), "close")


def test_a_client_cannot_claim_https_for_itself(serve, directory):
    put_files(directory / "0")
    bundle = serve(HTTPS.replace('proxies = ["127.0.0.1"]', "proxies = []"))

    assert ask(bundle, "GET", "/cart", BY_HTTPS).status == 301


def test_a_redirect_that_can_never_end_is_doubted_at_start(serve, directory):
    put_files(directory / "0")
    bundle = serve(HTTPS.replace('proxies = ["127.0.0.1"]', "proxies = []"))

    bundle.wait_for_log("nobody can come by https")


# ---- maintenance ----


MAINTENANCE = BEHIND_A_PROXY + """
[[site]]
root = "{directory}/public"
app = "main"
maintenance = { on = true, retry_after = "10m", allow = ["192.0.2.5"] }
[[site.route]]
path = "/ping/"
return = 200
[[site.route]]
path = "/api/"
app = "main"
"""


@pytest.fixture(scope="module")
def maintenance(serve_for_module):
    return serve_for_module(MAINTENANCE, put_files)


@pytest.mark.parametrize("target", ["/", "/cart", "/api/x"])
def test_in_maintenance_the_application_is_not_asked(maintenance, target):
    answer = maintenance.get(target)

    assert (answer.status, answer.field("retry-after")) == (503, "600")
    assert "maintenance" in answer.text


def test_in_maintenance_what_needs_no_application_goes_on(maintenance):
    assert maintenance.get("/a.txt").text == "a file"
    assert maintenance.get("/ping/").status == 200


def test_in_maintenance_no_body_is_read(maintenance):
    with maintenance.connect() as client:
        client.send(request_bytes("POST", "/cart", [("Expect", "100-continue"), ("Content-Length", "100000")]))
        answer = client.read_answer()

    assert (answer.status, answer.interim, answer.field("retry-after")) == (503, (), "600")


def test_in_maintenance_the_site_goes_on_for_those_on_the_list(maintenance):
    us = [("X-Forwarded-For", "192.0.2.5")]

    assert maintenance.get("/cart", us).json["environ"]["PATH_INFO"] == "/cart"
    assert maintenance.post("/cart", b"x", us).json["body_length"] == 1
    assert maintenance.get("/cart", [("X-Forwarded-For", "192.0.2.6")]).status == 503


def test_maintenance_by_command_outlives_a_reload_and_the_front(serve_app):
    bundle = serve_app("echo:app")
    bundle.expect_log("front")

    ended = bundle.command("maintenance", "on")
    assert (ended.returncode, ended.stdout) == (0, "every site is in maintenance until: bundle maintenance off\n")
    answer = bundle.get("/")
    assert (answer.status, answer.field("retry-after")) == (503, "300")

    assert bundle.command("reload").returncode == 0
    assert bundle.get("/").status == 503
    kill(bundle.front())
    wait_until(lambda: bundle.get("/").field("retry-after") == "300", "another front in maintenance")

    ended = bundle.command("maintenance", "off")
    assert (ended.returncode, ended.stdout) == (0, "maintenance is over\n")
    assert bundle.get("/").status == 200


def test_what_the_file_keeps_in_maintenance_is_told(maintenance):
    ended = maintenance.command("maintenance", "off")

    assert ended.stdout == "maintenance is over, but for sites whose maintenance.on is true in the configuration\n"
    assert maintenance.get("/").status == 503


def test_the_page_of_maintenance_can_be_a_file(serve, directory):
    put_files(directory / "0")
    bundle = serve(MAINTENANCE.replace('app = "main"\nmaintenance', 'app = "main"\nerrors = { 503 = "503.html" }\n'
                                                                      "maintenance"))
    answer = bundle.get("/cart")

    assert (answer.status, answer.text, answer.field("retry-after")) == (503, "<h1>back soon</h1>", "600")


def test_a_site_that_is_not_in_maintenance_is_served(serve, directory):
    put_files(directory / "0")
    bundle = serve(MAINTENANCE.replace("on = true", "on = false"))

    assert bundle.get("/cart").status == 200


def test_maintenance_can_be_switched_on_from_the_command_line(serve, directory):
    put_files(directory / "0")
    bundle = serve(MAINTENANCE.replace("on = true", "on = false"), settings=["site.0.maintenance.on=true"])

    assert bundle.get("/cart").status == 503
