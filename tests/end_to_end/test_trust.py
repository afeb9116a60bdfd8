"""Behind another proxy: who is believed about the client, and who is not."""

import struct

import pytest
from support.bundle_process import run_bundle
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

TRUSTING = """
[trust]
proxies = ["loopback", "10.0.0.0/8"]
"""
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


@pytest.fixture
def echo(serve_app):
    """echo(more TOML) -> a bundle that tells what arrived."""
    return lambda more=TRUSTING, **options: serve_app("echo:app", more=more, **options)


def environ_of(bundle, *fields, **options):
    return bundle.get("/", fields, **options).json["environ"]


def facts(environ):
    return [environ.get(name) for name in ("REMOTE_ADDR", "REMOTE_PORT", "wsgi.url_scheme", "HTTPS")]


# --- fields of a trusted proxy ----------------------------------------------------------------------------


def test_a_trusted_proxy_tells_who_the_client_is(echo):
    bundle = echo()

    environ = environ_of(bundle, ("X-Forwarded-For", "6.6.6.6, 192.0.2.7, 10.0.0.3"), ("X-Forwarded-Proto", "https"))

    assert facts(environ) == ["192.0.2.7", "", "https", "on"]
    assert environ["HTTP_X_FORWARDED_FOR"] == environ["HTTP_X_REAL_IP"] == "192.0.2.7"
    assert environ["HTTP_X_FORWARDED_PROTO"] == "https"
    assert environ["HTTP_X_FORWARDED_PORT"] == "443"
    assert environ["HTTP_X_FORWARDED_HOST"] == "test.example"
    assert bundle.wait_for_access_log("GET / ").startswith("192.0.2.7 - - ")


def test_what_one_request_says_does_not_hold_for_the_next(echo):
    bundle = echo()

    with bundle.connect() as proxy:
        first = proxy.request("GET", "/", [("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Proto", "https")])
        second = proxy.request("GET", "/")

    assert facts(first.json["environ"])[0] == "192.0.2.7"
    assert facts(second.json["environ"])[::2] == ["127.0.0.1", "http"]


def test_a_trusted_proxy_tells_where_the_client_went(echo):
    environ = environ_of(echo(), ("X-Forwarded-Host", "shop.example"), ("X-Forwarded-Port", "8443"),
                         ("X-Forwarded-Prefix", "/shop"))

    assert environ["HTTP_X_FORWARDED_HOST"] == "shop.example"
    assert environ["HTTP_X_FORWARDED_PORT"] == "8443"
    assert environ["HTTP_X_FORWARDED_PREFIX"] == "/shop"


def test_a_client_behind_the_proxy_cannot_delete_what_that_says(echo):
    environ = environ_of(echo(), ("Connection", "X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Prefix"),
                         ("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Prefix", "/a"))

    assert facts(environ)[::2] == ["192.0.2.7", "https"]
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.7"
    assert environ["HTTP_X_FORWARDED_PREFIX"] == "/a"


@pytest.mark.parametrize("fields", [
    [("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "http")],
    [("X-Forwarded-Proto", "https, http")],
])
def test_a_proxy_whose_fields_disagree_is_refused(echo, fields):
    bundle = echo()

    assert bundle.get("/", [("X-Forwarded-For", "192.0.2.7"), *fields]).status == 400
    assert bundle.wait_for_access_log(" 400 ").startswith("192.0.2.7 ")


def test_forwarded_is_read_and_written(echo):
    bundle = echo(TRUSTING + 'client_ip_header = "forwarded"\n')

    environ = environ_of(bundle, ("X-Forwarded-For", "6.6.6.6"),
                         ("Forwarded", 'for=6.6.6.6, for="[2001:db8::1]:4711";proto=https;host=shop.example'))

    assert facts(environ) == ["2001:db8::1", "4711", "https", "on"]
    assert environ["HTTP_X_FORWARDED_FOR"] == "2001:db8::1"
    assert environ["HTTP_X_FORWARDED_HOST"] == "shop.example"
    assert environ["HTTP_FORWARDED"] == 'for="[2001:db8::1]";proto=https;host=shop.example'
    assert bundle.get("/", [("Forwarded", 'for="6.6.6.6, for=192.0.2.1')]).status == 400
    assert "HTTP_FORWARDED" not in environ_of(bundle)


def test_another_field_may_name_the_client(echo):
    bundle = echo(TRUSTING + 'client_ip_header = "CF-Connecting-IP"\n')

    environ = environ_of(bundle, ("CF-Connecting-IP", "192.0.2.7"), ("X-Forwarded-For", "6.6.6.6"))

    assert environ["REMOTE_ADDR"] == environ["HTTP_X_FORWARDED_FOR"] == environ["HTTP_CF_CONNECTING_IP"] == "192.0.2.7"
    assert bundle.get("/", [("CF-Connecting-IP", "nobody")]).status == 400


def test_scheme_fields_may_have_other_names(echo):
    bundle = echo(TRUSTING + 'scheme_headers = { Front-End-Https = "on" }\n')

    assert environ_of(bundle, ("Front-End-Https", "on"))["wsgi.url_scheme"] == "https"
    assert environ_of(bundle, ("X-Forwarded-Proto", "https"))["wsgi.url_scheme"] == "http"


def test_a_request_id_of_a_trusted_proxy_is_kept_when_it_is_well_formed(echo):
    bundle = echo()

    good = bundle.get("/", [("X-Request-ID", "7f3c2a90-11d2-4f5e")])
    bad = bundle.get("/", [("X-Request-ID", "a b")])

    assert good.field("x-request-id") == good.json["environ"]["HTTP_X_REQUEST_ID"] == "7f3c2a90-11d2-4f5e"
    assert good.json["environ"]["bundle.request_id"] == "7f3c2a90-11d2-4f5e"
    assert len(bad.field("x-request-id")) == 26


def test_forwarded_allow_ips_is_obeyed_as_by_gunicorn(echo):
    bundle = echo("", environment={"FORWARDED_ALLOW_IPS": "127.0.0.1,::1"})

    assert environ_of(bundle, ("X-Forwarded-For", "192.0.2.7"))["REMOTE_ADDR"] == "192.0.2.7"


@pytest.mark.parametrize(("proxies", "told"), [('["unix"]', "192.0.2.7"), ('["loopback"]', "")])
def test_a_peer_on_a_unix_socket_is_trusted_by_its_own_word(serve, proxies, told):
    bundle = serve(f"""
[app.main]
wsgi = "echo:app"
directory = "{{apps}}"
workers = 1
[[listen]]
address = "unix:{{directory}}/web"
[trust]
proxies = {proxies}
""")
    bundle.addresses.append(str(bundle.directory / "web"))

    with bundle.connect(listener=1) as proxy:
        environ = proxy.request("GET", "/", [("X-Forwarded-For", "192.0.2.7")]).json["environ"]

    assert environ["REMOTE_ADDR"] == told


# --- nobody is trusted, or others are ---------------------------------------------------------------------

CLAIMS = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix",
          "X-Forwarded-Ssl", "X-Real-IP", "X-Request-ID", "Forwarded", "CF-Connecting-IP", "Front-End-Https", "Proxy"]


@pytest.mark.parametrize("proxies", ["[]", '["10.0.0.0/8", "unix"]'])
def test_an_untrusted_peer_is_believed_nothing(echo, proxies):
    bundle = echo(f"""
[trust]
proxies = {proxies}
client_ip_header = "cf-connecting-ip"
scheme_headers = {{ front-end-https = "forged" }}
""")

    environ = environ_of(bundle, *[(name, "forged") for name in CLAIMS], ("Connection", ", ".join(CLAIMS)))

    assert facts(environ)[::2] == ["127.0.0.1", "http"]
    assert "HTTPS" not in environ
    assert environ["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
    assert not [name for name, value in environ.items() if "forged" in value]
    assert bundle.wait_for_access_log("GET / ").startswith("127.0.0.1 ")


# --- names with "_" ---------------------------------------------------------------------------------------


def test_underscores_may_be_refused(echo):
    bundle = echo('[http]\nunderscore_headers = "refuse"\n')

    assert bundle.get("/", [("X_Token", "1")]).status == 400
    assert bundle.get("/", [("X-Token", "1")]).status == 200


def test_allowed_underscores_forge_nothing(echo):
    bundle = echo('[http]\nunderscore_headers = "allow"\n')

    environ = environ_of(bundle, ("Api_Key", "secret"), ("X_Forwarded_For", "forged"), ("X_Real-IP", "forged"),
                         ("X_Request_ID", "forged"), ("Proxy", "forged"), ("X-User", "me"), ("X_User", "forged"),
                         ("Connection", "X_Forwarded_For, X-Forwarded-For"))

    assert environ["HTTP_API_KEY"] == "secret"
    assert environ["HTTP_X_USER"] == "me"
    assert environ["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
    assert not [name for name, value in environ.items() if "forged" in value]


def test_each_site_and_route_has_underscores_of_its_own(serve):
    bundle = serve("""
[http]
underscore_headers = "refuse"
[app.main]
wsgi = "echo:app"
directory = "{apps}"
workers = 1
[[site]]
hosts = ["old.example"]
underscore_headers = "allow"
[[site.route]]
path = "/drop/"
underscore_headers = "drop"
[[site]]
hosts = ["new.example"]
""")

    def ask(host, path="/"):
        with bundle.connect() as client:
            return client.request("GET", path, [("Api_Key", "secret")], host=host)

    assert ask("old.example").json["environ"]["HTTP_API_KEY"] == "secret"
    assert "HTTP_API_KEY" not in ask("old.example", "/drop/").json["environ"]
    assert ask("new.example").status == 400


# --- the PROXY protocol -----------------------------------------------------------------------------------

VERSION_1 = b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n"
VERSION_2 = (SIGNATURE + b"\x21\x21" + struct.pack(">H", 36 + 7) + bytes.fromhex("20010db8" + "00" * 11 + "01")
             + bytes(15) + b"\x01" + struct.pack(">HH", 56324, 443) + b"\x04\x00\x04noop")
LOCAL = SIGNATURE + b"\x20\x00\x00\x00"
SET = "listen.0.proxy_protocol=true"


def request_behind(bundle, preface, *fields):
    with bundle.connect() as proxy:
        proxy.send(preface + request_bytes("GET", "/", fields))
        return proxy.read_answer().json["environ"]


@pytest.mark.parametrize(("preface", "told"), [
    (VERSION_1, ["192.0.2.7", "56324"]),
    (VERSION_2, ["2001:db8::1", "56324"]),
], ids=["version 1", "version 2"])
def test_the_proxy_protocol_names_the_client(echo, preface, told):
    bundle = echo(settings=[SET])

    environ = request_behind(bundle, preface, ("X-Forwarded-For", "6.6.6.6"))

    assert facts(environ)[:2] == told
    assert environ["HTTP_X_FORWARDED_FOR"] == told[0], "the proxy does not read its client's fields"
    assert bundle.wait_for_access_log("GET / ").startswith(told[0] + " ")


@pytest.mark.parametrize("preface", [VERSION_1, VERSION_2], ids=["version 1", "version 2"])
def test_the_preface_may_come_byte_by_byte_and_holds_for_the_connection(echo, preface):
    bundle = echo(settings=[SET])

    with bundle.connect() as proxy:
        proxy.send_byte_by_byte(preface + request_bytes("GET", "/"))
        first = proxy.read_answer().json["environ"]
        second = proxy.request("GET", "/").json["environ"]

    assert facts(first) == facts(second)
    assert first["REMOTE_PORT"] == "56324"


def test_behind_the_proxy_protocol_the_next_trusted_proxy_is_believed(echo):
    bundle = echo(settings=[SET])

    environ = request_behind(bundle, b"PROXY TCP4 10.0.0.9 198.51.100.1 1 443\r\n", ("X-Forwarded-For", "192.0.2.7"))

    assert environ["REMOTE_ADDR"] == "192.0.2.7"


def test_a_proxy_may_speak_for_itself(echo):
    bundle = echo(settings=[SET])

    assert request_behind(bundle, LOCAL)["REMOTE_ADDR"] == "127.0.0.1"
    assert request_behind(bundle, LOCAL, ("X-Forwarded-For", "192.0.2.7"))["REMOTE_ADDR"] == "192.0.2.7"


def test_a_client_that_the_proxy_does_not_know_is_not_trusted_in_its_place(echo):
    bundle = echo(settings=[SET])

    environ = request_behind(bundle, b"PROXY UNKNOWN\r\n", ("X-Forwarded-For", "6.6.6.6"))

    assert environ["REMOTE_ADDR"] == environ["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"


@pytest.mark.parametrize("bytes_", [request_bytes("GET", "/"), b"PROXY TCP4 1.2.3.4\r\n", b"\x16\x03\x01",
                                    SIGNATURE + b"\x31\x11\x00\x0c"], ids=["HTTP", "PROXY", "TLS", "version 3"])
def test_whoever_does_not_speak_the_proxy_protocol_is_closed_and_logged(echo, bytes_):
    bundle = echo(settings=[SET])

    with bundle.connect() as client:
        client.send(bytes_)
        assert client.is_closed()

    assert bundle.wait_for_log("connection closed client=127.0.0.1 ")


def test_whoever_is_not_trusted_may_not_speak_the_proxy_protocol(echo):
    bundle = echo('[trust]\nproxies = ["10.0.0.0/8"]\n', settings=[SET])

    with bundle.connect() as client:
        assert client.is_closed()

    assert "trust.proxies" in bundle.wait_for_log("connection closed client=127.0.0.1 ")


def test_a_preface_that_does_not_come_ends_with_the_head_timeout(echo):
    bundle = echo(TRUSTING + '[http]\nhead_timeout = "200ms"\n', settings=[SET])

    with bundle.connect() as silent, bundle.connect() as slow:
        slow.send(VERSION_1[:20])

        assert silent.is_closed()
        assert slow.is_closed()


def test_without_the_setting_the_proxy_protocol_is_no_http(echo):
    bundle = echo()

    with bundle.connect() as client:
        client.send(VERSION_1 + request_bytes("GET", "/"))
        assert client.read_answer().status == 400


# --- what `bundle check` says -----------------------------------------------------------------------------


def test_a_listener_that_could_let_nobody_in_is_told(directory):
    site = directory / "site.toml"
    site.write_text('[app.main]\nwsgi = "hello:app"\n[[listen]]\naddress = ":8000"\nproxy_protocol = true\n')

    checked = run_bundle("check", "--conf", site)

    assert checked.returncode == 2
    assert "listen.0.proxy_protocol is true, but nobody is trusted to speak it; write [trust] proxies =" in checked.stderr
