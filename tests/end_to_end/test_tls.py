"""Requests over TLS, and the ends of their connections."""

import socket
import ssl

import pytest
from support.processes import wait_until
from support.raw_client import RawClient, chunked, request_bytes
from support.tls_in_memory import in_memory_handshake

pytestmark = pytest.mark.front

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
MEGABYTE = 1 << 20


# --- a request ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [TLS12, TLS13])
def test_the_application_knows_of_the_tls(secure, authority, version):
    client = authority.client(minimum=version, maximum=version)

    environ = secure().get("/", tls=client).json["environ"]

    assert environ["wsgi.url_scheme"] == "https"
    assert environ["HTTPS"] == "on"
    assert environ["HTTP_X_FORWARDED_PROTO"] == "https"
    assert environ["SSL_PROTOCOL"] == {TLS12: "TLSv1.2", TLS13: "TLSv1.3"}[version]
    assert environ["SSL_CIPHER"] == {TLS12: "ECDHE-ECDSA-AES128-GCM-SHA256", TLS13: "TLS_AES_128_GCM_SHA256"}[version]
    assert environ["SSL_TLS_SNI"] == "test.example"
    assert not [name for name in environ if name.startswith("SSL_CLIENT")]


def test_a_client_cannot_forge_what_tls_says(secure, authority):
    environ = secure().get("/", [("SSL-Client-Verify", "SUCCESS"), ("SSL_PROTOCOL", "x")], tls=authority.client()).json[
        "environ"]

    assert "SSL_CLIENT_VERIFY" not in environ
    assert environ["SSL_PROTOCOL"] == "TLSv1.3"


def test_a_plain_listener_beside_it_stays_plain(secure):
    bundle = secure(listeners=2)

    with bundle.connect(listener=1) as client:
        environ = client.request("GET", "/").json["environ"]

    assert environ["wsgi.url_scheme"] == "http"
    assert not [name for name in environ if name.startswith(("SSL_", "HTTPS"))]


def test_a_connection_is_kept_and_requests_may_be_pipelined(secure, authority):
    with secure().connect(tls=authority.client()) as client:
        first = client.request("GET", "/1")
        client.send(request_bytes("GET", "/2") + request_bytes("POST", "/3", body=b"three"))
        second, third = client.read_answer(), client.read_answer()

    assert [answer.json["environ"]["PATH_INFO"] for answer in (first, second, third)] == ["/1", "/2", "/3"]
    assert third.json["body_length"] == 5


@pytest.mark.parametrize("version", [TLS12, TLS13])
def test_large_bodies_pass_both_ways(secure, authority, version):
    client = authority.client(maximum=version)
    body = bytes(range(256)) * 4 * 4096
    bundle = secure("transfers:app", settings=("http.max_body=64M",))

    assert bundle.post("/upload", body, tls=client).status == 200
    downloaded = bundle.get("/generator", tls=client).body
    assert len(downloaded) == 64 * MEGABYTE
    assert downloaded[:MEGABYTE] == bytes(range(256)) * 4096
    assert bundle.get("/whole", tls=client).body == bytes(range(256)) * 4096


def test_an_upload_in_many_small_records_arrives_whole(secure, authority):
    pieces = [b"%07d" % number for number in range(2000)]
    with secure().connect(tls=authority.client()) as client:
        client.send(request_bytes("POST", "/", [("Transfer-Encoding", "chunked")]))
        for piece in pieces:
            client.send(b"7\r\n" + piece + b"\r\n")
        client.send(chunked())
        answer = client.read_answer("POST")

    assert answer.json["body_length"] == 14_000


def test_files_and_ranges_are_sent(secure, authority, directory):
    content = bytes(range(256)) * 40_000
    (directory / "files").mkdir()
    (directory / "files" / "large.bin").write_bytes(content)
    route = f'[[site]]\n[[site.route]]\npath = "/files/"\ndirectory = "{directory}/files"\n'
    bundle = secure(more=route)

    with bundle.connect(tls=authority.client()) as client:
        assert client.request("GET", "/files/large.bin").body == content
        part = client.request("GET", "/files/large.bin", [("Range", "bytes=100000-8000000")])

    assert part.status == 206
    assert part.body == content[100_000:8_000_001]


def test_a_client_that_reads_slowly_gets_everything(secure, authority):
    bundle = secure("transfers:app")
    with bundle.connect(tls=authority.client(), receive_buffer=4096) as client:
        client.send(request_bytes("GET", "/generator"))
        head = client.read_head()
        wait_until(lambda: bundle.get("/whole", tls=authority.client()).status == 200, "the worker to be free")
        pieces = 0
        while piece := client.read_chunk():
            pieces += len(piece)

    assert head.status == 200
    assert pieces == 64 * MEGABYTE


# --- the end of a connection -------------------------------------------------------------------------------


def test_an_idle_connection_ends_with_close_notify(secure, authority):
    bundle = secure(settings=("http.keepalive_timeout=200ms",))
    with bundle.connect(tls=authority.client()) as client:
        client.request("GET", "/")
        assert client.socket.recv(1) == b""  # an end without close_notify is an SSLEOFError


def test_the_clients_close_notify_is_answered(secure, authority):
    with secure().connect(tls=authority.client()) as client:
        client.request("GET", "/")
        client.socket.unwrap()


def test_who_ends_its_side_behind_a_request_gets_the_answer(secure, authority, directory):
    context = authority.client()
    bundle = secure("hello:app")
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="test.example")
    with socket.create_connection(bundle.address, timeout=20) as plain:
        in_memory_handshake(tls, incoming, outgoing, plain)
        tls.write(request_bytes("GET", "/"))
        with pytest.raises(ssl.SSLWantReadError):
            tls.unwrap()
        plain.sendall(outgoing.read())
        while piece := plain.recv(65536):
            incoming.write(piece)

    assert tls.read(65536).endswith(b"Hello, World!")


def test_an_answer_that_is_cut_short_has_no_close_notify(secure, authority):
    bundle = secure("raises:app")
    bundle.expect_log("application error")

    with bundle.connect(tls=authority.client()) as client:
        client.send(request_bytes("GET", "/in-the-middle"))
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            while client.socket.recv(65536):
                pass


# --- behind a balancer ---------------------------------------------------------------------------------------


def test_tls_may_follow_the_proxy_protocol(secure, authority):
    bundle = secure(more='[trust]\nproxies = ["loopback"]\n', settings=["listen.0.proxy_protocol=true"])
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = authority.client().wrap_bio(incoming, outgoing, server_hostname="test.example")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    with socket.create_connection(bundle.address, timeout=20) as plain:
        plain.sendall(b"PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\n" + outgoing.read())
        incoming.write(plain.recv(65536))
        in_memory_handshake(tls, incoming, outgoing, plain)
        tls.write(request_bytes("GET", "/", [("Connection", "close")]))
        plain.sendall(outgoing.read())
        while piece := plain.recv(65536):
            incoming.write(piece)

    answer = tls.read(65536)
    assert b'"REMOTE_ADDR": "192.0.2.7"' in answer
    assert b'"wsgi.url_scheme": "https"' in answer


def test_a_stop_ends_handshakes_and_lets_requests_finish(secure, authority):
    bundle = secure("hello:app")
    with bundle.connect() as silent, bundle.connect(tls=authority.client()) as idle:
        silent.send(b"\x16")
        assert idle.request("GET", "/").status == 200
        bundle.stop()
        assert idle.socket.recv(1) == b""


def test_many_connections_at_a_time_are_told_apart(secure, authority):
    bundle = secure()
    clients = [RawClient(bundle.address, tls=authority.client()) for _ in range(30)]
    for number, client in enumerate(clients):
        client.send(request_bytes("GET", f"/{number}"))
    try:
        paths = [client.read_answer().json["environ"]["PATH_INFO"] for client in clients]
    finally:
        for client in clients:
            client.close()

    assert paths == [f"/{number}" for number in range(30)]
