"""Who gets in by TLS, with what, and what is said to those who do not."""

import socket
import ssl
import subprocess

import pytest
from support.certificates import RSA, Authority
from support.http2_client import Http2Client
from support.raw_client import request_bytes
from support.tls_in_memory import in_memory_handshake

pytestmark = pytest.mark.front

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


# --- handshakes that go wrong ------------------------------------------------------------------------------


def test_a_handshake_may_come_byte_by_byte(secure, authority):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = authority.client().wrap_bio(incoming, outgoing, server_hostname="test.example")
    bundle = secure("hello:app")
    with socket.create_connection(bundle.address, timeout=20) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        in_memory_handshake(tls, incoming, outgoing, plain, step=1)
        tls.write(request_bytes("GET", "/"))
        for byte in outgoing.read():
            plain.sendall(bytes([byte]))
        while True:
            incoming.write(plain.recv(65536))
            try:
                answer = tls.read(65536)
                break
            except ssl.SSLWantReadError:  # tickets
                pass

    assert answer.endswith(b"Hello, World!")


def test_a_handshake_has_its_time(secure, authority):
    bundle = secure(settings=("tls.handshake_timeout=300ms",))

    with bundle.connect() as client:
        client.send(b"\x16\x03\x01")
        assert client.is_closed()

    bundle.wait_for_log(r"127\.0\.0\.1: TLS handshake not complete within tls\.handshake_timeout \(300ms\): closed")


def test_plain_http_is_told_that_the_port_speaks_tls(secure):
    bundle = secure()

    answer = bundle.get("/")

    assert answer.status == 400
    assert "plain HTTP was sent to an HTTPS port" in answer.text
    bundle.wait_for_log("info .* TLS failed: it speaks plain HTTP, and the listener has tls = true")


def test_tls_on_a_plain_port_is_logged(secure, authority):
    bundle = secure(listeners=2)

    with pytest.raises(ssl.SSLError):
        bundle.connect(listener=1, tls=authority.client())

    bundle.wait_for_log("info .* it speaks TLS, and the listener has not tls = true: 400")


def test_a_client_that_does_not_know_our_authority_is_told_of(secure):
    bundle = secure()

    with pytest.raises(ssl.SSLCertVerificationError):
        bundle.connect(tls=ssl.create_default_context())

    bundle.wait_for_log(r"it does not know the authority that issued our certificate \(unknown_ca\).* server_name=test.example")


def test_nobody_fills_the_log_with_failures(secure):
    bundle = secure()
    for _ in range(40):
        with bundle.connect() as client:
            client.send(b"x" * 100)
            client.read_to_end()

    bundle.wait_for_log(r"and TLS failed for \d+ more clients")


# --- profiles ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("settings", "refused", "accepted"), [
    ([], {"maximum": TLS12, "ciphers": "AES128-SHA"}, {"maximum": TLS12}),
    (["tls.profile=modern"], {"maximum": TLS12}, {"minimum": TLS13}),
    (["tls.min_version=1.3"], {"maximum": TLS12}, {"minimum": TLS13}),
    (["tls.profile=custom", "tls.ciphers=ECDHE-ECDSA-AES256-GCM-SHA384"],
     {"maximum": TLS12, "ciphers": "ECDHE-ECDSA-AES128-GCM-SHA256"},
     {"maximum": TLS12, "ciphers": "ECDHE-ECDSA-AES256-GCM-SHA384"}),
])
def test_a_profile_decides_versions_and_ciphers(secure, authority, settings, refused, accepted):
    bundle = secure("hello:app", settings=settings)

    with pytest.raises(ssl.SSLError):
        bundle.connect(tls=authority.client(**refused))
    assert bundle.get("/", tls=authority.client(**accepted)).status == 200


def test_client_and_listener_agree_on_a_protocol(secure, authority):
    bundle = secure("hello:app")

    for offered, agreed in ((["http/1.1", "h2"], "h2"), (["spdy/3", "http/1.1"], "http/1.1")):
        with bundle.connect(tls=authority.client(protocols=offered)) as client:
            assert client.socket.selected_alpn_protocol() == agreed
    with pytest.raises(ssl.SSLError, match="ALERT_NO_APPLICATION_PROTOCOL|application protocol"):
        bundle.connect(tls=authority.client(protocols=["spdy/3"]))


def test_a_client_that_wants_to_renegotiate_may_not(secure, authority):
    bundle = secure("hello:app")
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{bundle.address[1]}", "-servername", "test.example", "-tls1_2",
               "-CAfile", str(authority.file), "-verify_return_error"]

    asked = subprocess.run(command, input=b"R\n", capture_output=True, timeout=30, check=False)

    assert b"no renegotiation" in asked.stderr


# --- names -------------------------------------------------------------------------------------------------


def serial_shown(bundle, authority, name, **wishes):
    context = authority.client(**wishes)
    context.check_hostname = False
    with bundle.connect(tls=context, server_name=name) as client:
        return client.socket.getpeercert()["serialNumber"]


def test_the_server_name_chooses_the_certificate(secure, authority):
    first = authority.issue("a.example")
    ecdsa, rsa = authority.issue("*.b.example", "b.example"), authority.issue("*.b.example", kind=RSA)
    bundle = secure("hello:app", certificates=[first, ecdsa, rsa])

    assert serial_shown(bundle, authority, "a.example") == first.serial()
    assert serial_shown(bundle, authority, "www.b.example") == ecdsa.serial()
    assert serial_shown(bundle, authority, "www.b.example", maximum=TLS12, ciphers="aRSA") == rsa.serial()
    assert serial_shown(bundle, authority, "c.example") == first.serial()
    assert serial_shown(bundle, authority, None) == first.serial()


def test_unknown_names_can_be_rejected(secure, authority):
    bundle = secure("hello:app", settings=["tls.unknown_name=reject"])

    with pytest.raises(ssl.SSLError, match="(?i)unrecognized.name"):
        bundle.connect(tls=authority.client(), server_name="other.example")
    assert bundle.get("/", tls=authority.client()).status == 200
    bundle.wait_for_log("no certificate has the server name that it asks for.* server_name=other.example")


# --- tickets -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [TLS12, TLS13])
@pytest.mark.parametrize("shared", [False, True])
def test_a_ticket_spares_the_handshake(secure, authority, directory, version, shared):
    (directory / "tickets.key").write_bytes(bytes(range(160)))
    client = authority.client(minimum=version, maximum=version)
    bundles = [secure(settings=[f"tls.ticket_key_file={directory}/tickets.key"] if shared else [])
               for _ in range(2 if shared else 1)]

    with bundles[0].connect(tls=client) as first:
        assert first.request("GET", "/").json["environ"]["SSL_SESSION_RESUMED"] == "Initial"
        session = first.socket.session
    with bundles[-1].connect(tls=client, session=session) as second:
        assert second.request("GET", "/").json["environ"]["SSL_SESSION_RESUMED"] == "Resumed"
        assert second.socket.session_reused


def test_tickets_can_be_turned_off(secure, authority):
    client = authority.client()
    bundle = secure(settings=["tls.session_tickets=false"])

    with bundle.connect(tls=client) as first:
        first.request("GET", "/")
        assert not first.socket.session.has_ticket


# --- clients' certificates ---------------------------------------------------------------------------------


def with_client_ca(authority, verify):
    return [f"tls.client_ca={authority.file}", f"tls.client_verify={verify}"]


def test_the_application_is_told_who_the_client_is(secure, authority):
    alice = authority.issue("alice.example", subject="/O=Example/CN=alice", use="clientAuth")
    bundle = secure(settings=with_client_ca(authority, "optional"))

    with bundle.connect(tls=authority.client(certificate=alice)) as client:
        environ = client.request("GET", "/").json["environ"]
    nobody = bundle.get("/", tls=authority.client()).json["environ"]

    assert environ["SSL_CLIENT_VERIFY"] == "SUCCESS"
    assert environ["SSL_CLIENT_S_DN"] == "CN=alice,O=Example"
    assert environ["SSL_CLIENT_S_DN_CN"] == "alice"
    assert environ["SSL_CLIENT_I_DN"] == "CN=Test Root"
    assert environ["SSL_CLIENT_M_SERIAL"] == alice.serial()
    assert environ["SSL_CLIENT_CERT"].startswith("-----BEGIN CERTIFICATE-----\n")
    assert nobody["SSL_CLIENT_VERIFY"] == "NONE"
    assert "SSL_CLIENT_S_DN" not in nobody


def test_a_required_certificate_keeps_others_out(secure, authority, directory):
    (directory / "other").mkdir()
    stranger = Authority(directory / "other", "Other Root").issue("mallory.example", use="clientAuth")
    bundle = secure("hello:app", settings=with_client_ca(authority, "require"))

    for certificate in (None, stranger):
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            bundle.get("/", tls=authority.client(certificate=certificate))

    bundle.wait_for_log(r'it shows no certificate, and has to \(tls\.client_verify, site\.client_verify\)')
    bundle.wait_for_log("its certificate is not accepted: unable to get local issuer certificate|self-signed")


SITES = """
[[site]]
hosts = ["test.example"]
[[site]]
hosts = ["inner.example"]
client_verify = "require"
"""


@pytest.fixture
def inner(secure, authority):
    """A site that wants certificates of its clients, beside one that does not, with one certificate for both."""
    return secure("echo:app", more=SITES, certificates=[authority.issue("test.example", "inner.example")],
                  settings=[f"tls.client_ca={authority.file}"])


@pytest.fixture
def alice(authority):
    return authority.issue("alice.example", subject="/CN=alice", use="clientAuth")


def test_a_site_may_want_certificates_of_its_clients_alone(inner, authority, alice):
    assert "SSL_CLIENT_VERIFY" not in inner.get("/", tls=authority.client()).json["environ"]
    with inner.connect(tls=authority.client(certificate=alice), server_name="inner.example") as client:
        environ = client.request("GET", "/", host="inner.example").json["environ"]
        assert (environ["SSL_CLIENT_VERIFY"], environ["SSL_CLIENT_S_DN"]) == ("SUCCESS", "CN=alice")
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        with inner.connect(tls=authority.client(), server_name="inner.example") as client:
            client.request("GET", "/", host="inner.example")
    inner.wait_for_log("it shows no certificate, and has to")


def test_nobody_comes_to_it_by_the_name_of_another_site(inner, authority, alice):
    for certificate in (None, alice):
        with inner.connect(tls=authority.client(certificate=certificate)) as client:
            assert client.request("GET", "/", host="inner.example").status == 421
        with Http2Client(inner.address, tls=authority.client(certificate=certificate)) as client:
            assert client.request(1, scheme="https", authority="inner.example").status == 421
            assert client.request(3, scheme="https").status == 200


def test_nobody_resumes_a_session_of_another_site_there(inner, authority):
    context = authority.client(maximum=TLS12)  # whose tickets come with the handshake
    with inner.connect(tls=context) as client:
        session = client.socket.session
    assert session.has_ticket

    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        with inner.connect(tls=context, server_name="inner.example", session=session) as client:
            client.request("GET", "/", host="inner.example")
