"""Who may ask a site and its routes for what, how much they may send, and what of it is logged."""

import pytest
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

APP = """
[app.main]
wsgi = "echo:app"
directory = "{apps}"
workers = 1
"""


def put_files(directory):
    for name, text in {"public/a.txt": "a file", "static/b.txt": "b"}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)


# ---- who may ask ----


ACCESS = """
[trust]
proxies = ["127.0.0.1"]
""" + APP + """
[[site]]
root = "{directory}/public"
app = "main"
allow = ["192.0.2.0/24", "2001:db8::/32"]
deny = ["192.0.2.66"]
[[site.route]]
path = "/open/"
app = "main"
allow = ["*"]
[[site.route]]
path = "/office/"
app = "main"
allow = ["192.0.2.5", "192.0.2.66"]
[[site.route]]
path = "/files/"
directory = "{directory}/static"
deny = ["*"]
allow = ["192.0.2.5"]
[[site.route]]
path = "/moved/"
redirect = "/"
"""


@pytest.fixture(scope="module")
def access(serve_for_module):
    return serve_for_module(ACCESS, put_files)


@pytest.mark.parametrize(("client", "target", "status"), [
    ("192.0.2.5", "/", 200),
    ("192.0.2.66", "/", 403),
    ("198.51.100.1", "/", 403),
    ("2001:db8::7", "/", 200),
    ("2001:db9::7", "/", 403),
    ("198.51.100.1", "/a.txt", 403),
    ("192.0.2.5", "/a.txt", 200),
    ("198.51.100.1", "/moved/", 403),
    ("192.0.2.5", "/moved/", 301),
    ("198.51.100.1", "/open/", 200),
    ("192.0.2.66", "/open/", 403),
    ("192.0.2.5", "/office/", 200),
    ("192.0.2.6", "/office/", 403),
    ("192.0.2.66", "/office/", 403),
    ("192.0.2.5", "/files/b.txt", 200),
    ("192.0.2.6", "/files/b.txt", 403),
    ("198.51.100.1", "/files/b.txt", 403),
])
def test_the_client_that_a_trusted_proxy_names_may_or_may_not_come(access, client, target, status):
    assert access.get(target, [("X-Forwarded-For", client)]).status == status


def test_the_proxy_itself_is_no_allowed_client(access):
    assert access.get("/").status == 403


def test_what_a_client_claims_of_itself_opens_nothing(serve, directory):
    put_files(directory / "0")
    bundle = serve(ACCESS.replace('proxies = ["127.0.0.1"]', "proxies = []"))

    assert bundle.get("/", [("X-Forwarded-For", "192.0.2.5"), ("X-Real-IP", "192.0.2.5")]).status == 403
    assert bundle.get("/open/").status == 200


def test_whom_nobody_lets_in_sends_no_body(access):
    with access.connect() as client:
        client.send(request_bytes("POST", "/", [("Expect", "100-continue"), ("Content-Length", "1000000")]))
        answer = client.read_answer()

    assert (answer.status, answer.interim) == (403, ())


def test_a_connection_goes_on_after_a_403(access):
    with access.connect() as client:
        statuses = [client.request("GET", "/", [("X-Forwarded-For", address)]).status
                    for address in ("198.51.100.1", "192.0.2.5", "198.51.100.1")]

    assert statuses == [403, 200, 403]


# ---- limits and the access log ----


LIMITS = "[http]\nmax_body = 100\n" + APP + """
[[site]]
app = "main"
[[site.route]]
path = "/upload/"
max_body = 1000
[[site.route]]
path = "/small/"
app = "main"
max_body = 10
[[site.route]]
path = "/slow/"
body_timeout = "300ms"
[[site.route]]
path = "/quiet/"
access_log = false
"""


@pytest.fixture(scope="module")
def limits(serve_for_module):
    return serve_for_module(LIMITS)


@pytest.mark.parametrize(("target", "size", "status"), [
    ("/", 100, 200), ("/", 101, 413), ("/upload/", 1000, 200), ("/upload/", 1001, 413), ("/small/", 10, 200),
    ("/small/", 11, 413), ("/smaller", 100, 200),
])
def test_a_body_may_be_as_large_as_its_route_says(limits, target, size, status):
    assert limits.post(target, b"x" * size).status == status
    with limits.connect() as client:
        client.send(request_bytes("POST", target, [("Transfer-Encoding", "chunked")])
                    + b"%x\r\n%s\r\n0\r\n\r\n" % (size, b"x" * size))
        assert client.read_answer().status == status


def test_a_routes_own_limit_is_told_with_its_value(limits):
    assert limits.post("/small/", b"x" * 11).status == 413

    limits.wait_for_log(r"body larger than max_body \(10\) of its site or route: 413")


def test_a_client_may_be_silent_for_as_long_as_its_route_says(limits):
    with limits.connect() as client:
        client.send(request_bytes("POST", "/slow/", [("Content-Length", "10")]) + b"x")

        assert client.read_answer().status == 408


def test_a_route_may_leave_the_access_log_alone(limits):
    limits.get("/quiet/1")
    limits.get("/loud")
    limits.wait_for_access_log("/loud")

    assert not [line for line in limits.output.lines() if "/quiet/" in line]
