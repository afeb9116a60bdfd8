"""Which site answers for which host, and what becomes of a host that is nobody's."""

import pytest
from support.bundle_process import run_bundle
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

SITES = """
[server]
unknown_host = "{unknown}"
[app.main]
wsgi = "echo:app"
directory = "{{apps}}"
workers = 1
[[site]]
hosts = ["example.com", "www.example.com"]
app = "off"
root = "{{directory}}/exact"
[[site]]
hosts = ["*.example.com", "[::1]", "xn--bcher-kva.test"]
app = "off"
root = "{{directory}}/wildcard"
[[site]]
hosts = ["*.eu.example.com", "echo.test"]
app = "main"
root = "{{directory}}/longer"
"""


def put_pages(directory):
    for site in ("exact", "wildcard", "longer"):
        (directory / site).mkdir(parents=True)
        (directory / site / "name.txt").write_text(site)


@pytest.fixture(scope="module")
def sites(serve_for_module):
    return serve_for_module(SITES.format(unknown="close"), put_pages)


def site_of(bundle, host, version="1.1"):
    with bundle.connect() as client:
        return client.request("GET", "/name.txt", host=host, version=version).text


def is_closed_without_an_answer(bundle, host, version="1.1", target="/name.txt"):
    with bundle.connect() as client:
        client.send(request_bytes("GET", target, host=host, version=version))
        return client.read_to_end() == b""


@pytest.mark.parametrize(("host", "site"), [
    ("example.com", "exact"),
    ("www.example.com", "exact"),
    ("EXAMPLE.com", "exact"),
    ("example.com.", "exact"),
    ("example.com:8000", "exact"),
    ("Www.Example.Com.:80", "exact"),
    ("shop.example.com", "wildcard"),
    ("a.b.example.com", "wildcard"),
    ("[::1]", "wildcard"),
    ("[::1]:8000", "wildcard"),
    ("xn--bcher-kva.test", "wildcard"),
    ("XN--BCHER-KVA.test", "wildcard"),
    ("a.eu.example.com", "longer"),
    ("echo.test", "longer"),
])
def test_a_host_leads_to_its_site(sites, host, site):
    assert site_of(sites, host) == site


@pytest.mark.parametrize("host", ["other.test", "notexample.com", "com", "192.0.2.1", "localhost:80"])
def test_an_unknown_host_is_closed_without_an_answer(sites, host):
    assert is_closed_without_an_answer(sites, host)


def test_what_is_closed_without_an_answer_stands_in_the_access_log_as_444(sites):
    assert is_closed_without_an_answer(sites, "other.test", target="/found-at-random")

    assert '"GET /found-at-random HTTP/1.1" 444 0 ' in sites.wait_for_access_log("found-at-random")


def test_a_request_without_a_host_is_for_an_unknown_one(sites):
    assert is_closed_without_an_answer(sites, None, version="1.0")


def test_http_1_0_with_a_host_reaches_its_site(sites):
    assert site_of(sites, "example.com", version="1.0") == "exact"


def test_the_host_of_an_absolute_target_counts(sites):
    with sites.connect() as client:
        answer = client.request("GET", "http://shop.example.com/name.txt", host="shop.example.com")

    assert answer.text == "wildcard"


def test_requests_of_one_connection_may_be_for_several_sites(sites):
    with sites.connect() as client:
        found = [client.request("GET", "/name.txt", host=host).text
                 for host in ("example.com", "a.example.com", "a.eu.example.com", "example.com")]

    assert found == ["exact", "wildcard", "longer", "exact"]


def test_a_body_for_an_unknown_host_is_not_read(sites):
    with sites.connect() as client:
        client.send(request_bytes("POST", "/", [("Expect", "100-continue")], b"", host="other.test")
                    .replace(b"Content-Length: 0", b"Content-Length: 1000"))

        assert client.read_to_end() == b""


def test_a_site_whose_app_is_off_has_files_only(sites):
    with sites.connect() as client:
        missing = client.request("GET", "/nothing", host="example.com")
        of_app = client.request("GET", "/nothing", host="echo.test")

    assert missing.status == 404
    assert of_app.json["environ"]["PATH_INFO"] == "/nothing"


def test_an_unknown_host_can_be_answered_421(serve, directory):
    put_pages(directory / "0")
    bundle = serve(SITES.format(unknown="421"))

    with bundle.connect() as client:
        assert client.request("GET", "/name.txt", host="example.com").text == "exact"
        answer = client.request("GET", "/name.txt", host="other.test")

    assert answer.status == 421
    assert "another site" in answer.text


@pytest.mark.parametrize(("unknown", "site"), [("first", "exact"), ("echo.test", "longer"), ("[::1]", "wildcard")])
def test_an_unknown_host_can_be_given_to_a_site(serve, directory, unknown, site):
    put_pages(directory / "0")
    bundle = serve(SITES.format(unknown=unknown))

    assert site_of(bundle, "other.test") == site
    assert site_of(bundle, None, version="1.0") == site


def test_without_hosts_every_host_is_known(serve_app):
    hello = serve_app("echo:app")

    for host in ("anything.test", "[::1]:80", "192.0.2.1"):
        with hello.connect() as client:
            assert client.request("GET", "/", host=host).json["environ"]["HTTP_HOST"] == host
    with hello.connect() as client:
        assert client.request("GET", "/", host=None, version="1.0").status == 200


def test_a_site_without_hosts_stands_behind_the_others(serve, directory):
    put_pages(directory / "0")
    bundle = serve(SITES.format(unknown="close").replace('unknown_host = "close"', "")
                   + '[[site]]\napp = "main"\n')

    with bundle.connect() as client:
        assert client.request("GET", "/name.txt", host="example.com").text == "exact"
        assert client.request("GET", "/x", host="other.test").json["environ"]["PATH_INFO"] == "/x"


@pytest.mark.parametrize(("hosts", "complaint"), [
    ('["example.com:80"]', "without scheme and port"),
    ('["b\u00fccher.test"]', "xn--"),
    ('["*"]', "leave them out"),
    ('["www.*.test"]', "whole labels in front"),
    ('["a.test", "A.test."]', "has A.test. once more"),
])
def test_a_host_that_no_request_can_have_is_refused_at_start(directory, hosts, complaint):
    site = directory / "site.toml"
    site.write_text(f'[app.main]\nwsgi = "echo:app"\n[[site]]\nhosts = {hosts}\n')

    checked = run_bundle("check", "--conf", site)

    assert checked.returncode == 2
    assert complaint in checked.stderr
