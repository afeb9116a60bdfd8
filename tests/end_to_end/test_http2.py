"""HTTP/2 as clients speak it: curl, python3-h2, browsers that coalesce, proxies without TLS; files, applications, large
bodies both ways."""

import hashlib
import json
import ssl
import subprocess

import h2.config
import h2.connection
import h2.events
import pytest
from hyperframe.frame import DataFrame, SettingsFrame, WindowUpdateFrame
from support.gate import Gate
from support.http2_client import CANCEL, Http2Client
from support.raw_client import RawClient, request_bytes

pytestmark = pytest.mark.front


def curl(authority, bundle, *arguments, path="/"):
    host, port = bundle.address
    return subprocess.run(
        ["curl", "--silent", "--show-error", "--http2", "--cacert", authority.file,
         "--resolve", f"test.example:{port}:{host}", *arguments, f"https://test.example:{port}{path}"],
        capture_output=True, timeout=120, check=True).stdout


def slow_settings():
    return {SettingsFrame.INITIAL_WINDOW_SIZE: 0}


# --- clients ---------------------------------------------------------------------------------------------------


def test_curl_speaks_http2_by_tls(secure, authority):
    bundle = secure("echo:app")

    environ = json.loads(curl(authority, bundle))["environ"]

    assert environ["SERVER_PROTOCOL"] == "HTTP/2.0"
    assert environ["wsgi.url_scheme"] == "https"
    assert environ["SSL_PROTOCOL"] == "TLSv1.3"
    bundle.wait_for_access_log(r'"GET / HTTP/2\.0" 200')


def test_http_1_is_spoken_to_who_asks_for_it(secure, authority):
    bundle = secure("echo:app")
    with bundle.connect(tls=authority.client(protocols=["http/1.1"])) as client:
        assert client.request("GET", "/").json["environ"]["SERVER_PROTOCOL"] == "HTTP/1.1"


def test_a_listener_without_h2_does_not_offer_it(secure, authority):
    bundle = secure("echo:app", settings=['listen.0.protocols=["http/1.1"]'])

    assert json.loads(curl(authority, bundle))["environ"]["SERVER_PROTOCOL"] == "HTTP/1.1"


def test_python_h2_is_answered(secure, authority):
    bundle = secure("echo:app")
    tls = authority.client(protocols=["h2"])
    client = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    client.initiate_connection()
    stream = client.get_next_available_stream_id()
    client.send_headers(stream, Http2Client.fields("POST", "/form", scheme="https"))
    client.send_data(stream, b"a=1", end_stream=True)
    body = b""
    with RawClient(bundle.address, tls=tls) as connection:
        connection.socket.sendall(client.data_to_send())
        ended = False
        while not ended:
            for event in client.receive_data(connection.socket.recv(65536)):
                if isinstance(event, h2.events.DataReceived):
                    body += event.data
                    client.acknowledge_received_data(event.flow_controlled_length, stream)
                ended = ended or isinstance(event, h2.events.StreamEnded)
            connection.socket.sendall(client.data_to_send())

    assert json.loads(body)["body_length"] == 3


# --- without TLS -----------------------------------------------------------------------------------------------


def test_a_trusted_proxy_speaks_http2_with_prior_knowledge_and_names_its_client(http2):
    client = http2()

    answer = client.request(1, more=[("x-forwarded-for", "192.0.2.7"), ("x-forwarded-proto", "https")])

    environ = json.loads(answer.body)["environ"]
    assert environ["REMOTE_ADDR"] == "192.0.2.7"
    assert environ["wsgi.url_scheme"] == "https"


def test_a_proxy_may_name_its_client_by_the_proxy_protocol(serve_http2):
    bundle = serve_http2("echo:app", settings=["listen.0.proxy_protocol=true"])
    with Http2Client(bundle.address, begin=False) as client:
        client.send_bytes(b"PROXY TCP4 192.0.2.9 192.0.2.1 1234 80\r\n")
        client.begin({})

        assert json.loads(client.request(1).body)["environ"]["REMOTE_ADDR"] == "192.0.2.9"


def test_http_1_is_spoken_beside_it(http2_site):
    for piece in (b"", b"P", b"PR"):
        with http2_site.connect() as client:
            client.send(piece)
            client.send(request_bytes("PROPFIND" if piece else "GET", "/")[len(piece):])
            assert client.read_answer().status == 200


@pytest.mark.parametrize(("settings", "reason"), [
    (['listen.0.protocols=["h2", "http/1.1"]', 'trust.proxies=["192.0.2.1"]'], "is not in trust.proxies"),
    ([], 'the listener has no "h2"')], ids=["untrusted", "not-spoken"])
def test_others_who_begin_with_http2_are_told_505(serve_app, settings, reason):
    bundle = serve_app("echo:app", settings=settings)
    with bundle.connect() as client:
        client.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

        assert client.read_answer().status == 505
        assert client.is_closed()
    bundle.wait_for_log(reason)


# --- hosts -----------------------------------------------------------------------------------------------------

SITES = """
[[site]]
hosts = ["a.example"]
[[site]]
hosts = ["b.example"]
"""


def test_a_request_for_the_host_of_another_certificate_is_misdirected(secure, authority):
    bundle = secure("echo:app", more=SITES,
                    certificates=[authority.issue("a.example"), authority.issue("b.example")])
    with Http2Client(bundle.address, tls=authority.client(), server_name="a.example") as client:
        assert client.request(1, authority="a.example").status == 200
        assert client.request(3, authority="b.example").status == 421
        assert client.request(5, authority="a.example").status == 200


def test_a_certificate_for_both_hosts_serves_both(secure, authority):
    bundle = secure("echo:app", more=SITES, certificates=[authority.issue("a.example", "b.example")])
    with Http2Client(bundle.address, tls=authority.client(), server_name="a.example") as client:
        assert client.request(1, authority="b.example").status == 200


def test_a_host_of_no_site_costs_its_stream_alone(secure, authority):
    bundle = secure("echo:app", more=SITES, certificates=[authority.issue("a.example", "b.example")])
    with Http2Client(bundle.address, tls=authority.client(), server_name="a.example") as client:
        client.ask(1, authority="c.example")

        assert client.reset_of(1) == CANCEL
        assert client.request(3, authority="a.example").status == 200


# --- files and answers of our own ------------------------------------------------------------------------------

FILES = """
[[site]]
root = "{directory}/files"
[[site.route]]
path = "=/moved"
redirect = "https://www.example.com/"
"""


@pytest.fixture
def files(serve_http2, directory):
    folder = directory / "0" / "files"
    folder.mkdir(parents=True)
    (folder / "small.txt").write_text("small")
    (folder / "large.bin").write_bytes(bytes(range(256)) * 20000)
    (folder / "page.html").write_text("<p>" + "word " * 1000)
    return serve_http2("hello:app", more=FILES)


def test_a_file_is_served(files):
    with Http2Client(files.address) as client:
        answer = client.request(1, "/small.txt")
        assert (answer.status, answer.body) == (200, b"small")
        again = client.request(3, "/small.txt", more=[("if-none-match", answer.fields["etag"])])
        assert (again.status, again.body) == (304, b"")
        assert client.request(5, "/large.bin").body == bytes(range(256)) * 20000
        part = client.request(7, "/large.bin", more=[("range", "bytes=256-511")])
        assert (part.status, part.body) == (206, bytes(range(256)))
        assert client.request(9, "/large.bin", method="HEAD").fields["content-length"] == "5120000"


def test_what_is_compressed_redirected_or_an_error_page_is_as_with_http_1(files):
    with Http2Client(files.address) as client:
        assert client.request(1, "/page.html", more=[("accept-encoding", "gzip")]).fields["content-encoding"] == "gzip"
        assert client.request(3, "/moved").fields["location"] == "https://www.example.com/"
        page = client.request(5, "/small.txt", method="DELETE", more=[("accept", "text/html")])
        assert page.status == files_status_by_http_1(files)
        assert "x-request-id" in page.fields


def files_status_by_http_1(files):
    with files.connect() as client:
        return client.request("DELETE", "/small.txt", [("Accept", "text/html")]).status


def test_early_hints_go_out_before_the_answer(serve_http2):
    hints = serve_http2("hints:app")
    with Http2Client(hints.address) as client:
        heads = [dict(head) for head in client.request(1, "/hints").heads]

    assert [head[":status"] for head in heads] == ["103", "103", "200"]
    assert heads[0]["link"] == "</style.css>; rel=preload; as=style"


def test_a_stream_goes_out_as_it_comes(serve_http2):
    streams = serve_http2("streams:app")
    with Gate(streams.directory) as gate, Http2Client(streams.address) as client:
        client.ask(1, "/gated")
        client.read_until(lambda: 1 in client.answers and client.answers[1].body, "the first piece")
        assert client.answers[1].body == b"first\n"
        gate.let_through()
        assert client.answer(1).body == b"first\nsecond\n"


# --- large bodies ----------------------------------------------------------------------------------------------


def test_64_megabytes_go_up(secure, authority, directory):
    bundle = secure("uploads:app", more='[http]\nmax_body = "100M"\n')
    content = bytes(range(256)) * (64 << 12)
    (directory / "body").write_bytes(content)

    told = json.loads(curl(authority, bundle, "--data-binary", f"@{directory / 'body'}"))

    assert told["length"] == 64 << 20
    assert told["sha256"] == hashlib.sha256(content).hexdigest()


def test_100_megabytes_come_down(secure, authority, directory):
    folder = directory / "0" / "files"
    folder.mkdir(parents=True)
    content = bytes(range(250)) * (100 * 4000)
    (folder / "large.bin").write_bytes(content)
    bundle = secure("hello:app", more='[[site]]\nroot = "{directory}/files"\n')

    received = curl(authority, bundle, path="/large.bin")

    assert hashlib.sha256(received).hexdigest() == hashlib.sha256(content).hexdigest()


def test_a_slow_stream_holds_no_worker(serve_http2):
    streams = serve_http2("streams:app", workers=1)
    with Http2Client(streams.address, settings=slow_settings()) as client:
        client.ask(1, "/large")
        client.read_until(lambda: 1 in client.answers and client.answers[1].heads, "the head")
        for stream in range(3, 13, 2):
            client.ask(stream, "/pieces")
            client.send(WindowUpdateFrame(stream, window_increment=1 << 30))
            assert client.answer(stream).status == 200

        assert not client.answers[1].body
        client.send(WindowUpdateFrame(1, window_increment=1 << 30), WindowUpdateFrame(0, window_increment=1 << 30))
        assert len(client.answer(1).body) == 20 << 20


def test_100_streams_with_a_slow_one_are_served(serve_http2):
    echo = serve_http2("echo:app", workers=2)
    with Http2Client(echo.address, settings=slow_settings()) as client:
        for number in range(100):
            client.send(client.headers(1 + 2 * number))
            if number:
                client.send(WindowUpdateFrame(1 + 2 * number, window_increment=1 << 20))
        for number in range(1, 100):
            assert client.answer(1 + 2 * number).status == 200

        assert not client.answers[1].ended
        client.send(WindowUpdateFrame(1, window_increment=1 << 20))
        assert client.answer(1).status == 200


def large_and_small(client, *priorities):
    """Asks for a large answer, then for a small one; how much of the large one came before that ended."""
    for stream, path, priority in zip((1, 3), ("/large", "/small"), priorities):
        client.ask(stream, path, more=[("priority", priority)] if priority else [])
    client.read_until(lambda: 1 in client.answers and 3 in client.answers, "both heads")
    client.send(WindowUpdateFrame(1, window_increment=1 << 30), WindowUpdateFrame(3, window_increment=1 << 30),
                WindowUpdateFrame(0, window_increment=1 << 30))
    client.answer(3)
    return len(client.answers[1].body)


@pytest.mark.parametrize("priorities", [(None, None), ("u=3", "u=1")], ids=["without", "urgent"])
def test_a_short_answer_passes_a_long_one_unless_that_is_more_urgent(serve_http2, priorities):
    streams = serve_http2("streams:app", workers=2)
    with Http2Client(streams.address, settings=slow_settings(), window=0) as client:
        assert large_and_small(client, *priorities) < 20 << 20


def test_a_slow_upload_does_not_stop_the_others(serve_http2):
    echo = serve_http2("echo:app", workers=1)
    with Http2Client(echo.address) as client:
        client.send(client.headers(1, client.fields("POST"), end=False), DataFrame(1, b"slow"))
        for number in range(1, 50):
            assert client.request(1 + 2 * number, method="POST", body=b"x" * 10000).status == 200
        client.send(DataFrame(1, b"ly", flags=["END_STREAM"]))

        assert json.loads(client.answer(1).body)["body_length"] == 6


def test_a_client_that_leaves_takes_its_requests_with_it(serve_http2):
    waits = serve_http2("waits:app", workers=1)
    with Gate(waits.directory) as gate:
        with Http2Client(waits.address) as client:
            client.ask(1, "/wait")
            gate.wait_until_reached()
            client.ask(3, "/queued")
        waits.wait_for_access_log(r'"GET /queued HTTP/2\.0" 499')
        gate.let_through()

    assert waits.get("/").status == 200


def test_a_worker_that_dies_in_its_answer_costs_its_stream_alone(serve_http2):
    streams = serve_http2("streams:app", workers=2)
    with Gate(streams.directory) as gate, Http2Client(streams.address) as client:
        client.ask(1, "/gated")
        client.read_until(lambda: 1 in client.answers and client.answers[1].body, "the first piece")
        gate.wait_until_reached()
        streams.expect_log("application error")
        gate.close()

        assert client.reset_of(1) == 2  # INTERNAL_ERROR
        assert client.request(3, "/pieces").status == 200


def test_tls_is_not_needed_to_be_the_newest(secure, authority):
    bundle = secure("echo:app")
    context = authority.client(maximum=ssl.TLSVersion.TLSv1_2)
    with Http2Client(bundle.address, tls=context) as client:
        assert client.request(1, scheme="https").status == 200
