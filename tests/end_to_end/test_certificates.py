"""Certificates that are renewed while they are served."""

import os
import shutil
import ssl
import threading

import pytest
from support import processes
from support.certificates import Authority, Pair
from support.http2_client import Http2Client
from support.processes import wait_until

pytestmark = pytest.mark.front


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def served(directory):
    """Where the served pair lies."""
    (directory / "served").mkdir()
    return Pair(directory / "served" / "a.pem", directory / "served" / "a.key")


@pytest.fixture
def secure(serve_app, served):
    def start(module="hello:app", settings=(), **options):
        return serve_app(module, more=served.toml(), settings=("listen.0.tls=true", *settings), **options)
    return start


def install(new, served):
    """As certbot's deploy hooks do: each file is replaced at once."""
    for source, target in ((new.certificate, served.certificate), (new.key, served.key)):
        copy = target.with_suffix(".new")
        shutil.copyfile(source, copy)
        os.replace(copy, target)


def serial_shown(bundle, authority):
    with bundle.connect(tls=authority.client()) as client:
        return client.socket.getpeercert()["serialNumber"]


def wait_until_shown(bundle, authority, pair):
    wait_until(lambda: serial_shown(bundle, authority) == pair.serial(), "the new certificate")


def test_a_renewed_certificate_is_served_and_connections_stay(secure, served, authority):
    first, second = authority.issue("test.example"), authority.issue("test.example")
    install(first, served)
    bundle = secure()
    with bundle.connect(tls=authority.client()) as client:
        client.request("GET", "/")
        session = client.socket.session

        install(second, served)
        wait_until_shown(bundle, authority, second)

        assert client.request("GET", "/").status == 200
        assert bundle.connect(tls=authority.client(), session=None).socket.getpeercert()
    assert session is not None
    bundle.wait_for_log("info .* certificates are renewed")


@pytest.mark.timeout(900)  # with --full it is 100 times
def test_certificates_are_swapped_under_load(secure, served, authority, full):
    pairs = [authority.issue("test.example") for _ in range(2)]
    install(pairs[0], served)
    bundle = secure()
    done, failures, requests = threading.Event(), [], [0]

    def ask_by_http1(context):
        with bundle.connect(tls=context) as client:
            for _ in range(5):
                assert client.request("GET", "/").status == 200
                requests[0] += 1

    def ask_by_http2(context):
        with Http2Client(bundle.address, tls=context) as client:
            for stream in range(1, 11, 2):
                assert client.request(stream, scheme="https").status == 200
                requests[0] += 1

    def ask(way):
        context = authority.client()
        while not done.is_set():
            try:
                way(context)
            except Exception as error:  # noqa: BLE001, whatever it is, it is told
                failures.append(error)
                return

    clients = [threading.Thread(target=ask, args=[way]) for way in (ask_by_http1, ask_by_http1, ask_by_http2)]
    for client in clients:
        client.start()
    try:
        for swap in range(1, 101 if full else 6):
            install(pairs[swap % 2], served)
            wait_until_shown(bundle, authority, pairs[swap % 2])
    finally:
        done.set()
        for client in clients:
            client.join()

    assert not failures
    assert requests[0] > 0


def test_a_wrong_key_is_refused_and_the_old_certificate_stays(secure, served, authority):
    first, second = authority.issue("test.example"), authority.issue("test.example")
    install(first, served)
    bundle = secure()
    bundle.expect_log("a changed certificate is not used")

    install(Pair(second.certificate, first.key), served)
    line = bundle.wait_for_log("a changed certificate is not used")

    assert line.endswith(f"a changed certificate is not used: key {served.key} does not belong to certificate "
                         f"{served.certificate}; what served before goes on serving")
    assert serial_shown(bundle, authority) == first.serial()
    install(second, served)
    wait_until_shown(bundle, authority, second)


def test_a_link_that_leads_elsewhere_is_a_change(secure, served, authority, directory):
    """certbot: live/NAME/fullchain.pem is a link into archive/NAME."""
    first, second = authority.issue("test.example"), authority.issue("test.example")
    for file, target in ((served.certificate, first.certificate), (served.key, first.key)):
        file.symlink_to(target)
    bundle = secure()

    for file, target in ((served.certificate, second.certificate), (served.key, second.key)):
        link = directory / "link"
        link.symlink_to(target)
        os.replace(link, file)

    wait_until_shown(bundle, authority, second)


def test_a_renewed_certificate_that_soon_ends_is_told(secure, served, authority):
    install(authority.issue("test.example"), served)
    bundle = secure()

    install(authority.issue("test.example", days=5), served)

    bundle.wait_for_log(r"warn .* certificate .*/a\.pem expires on \d{4}-\d\d-\d\d, in 4 days|in 5 days")


def test_a_new_front_serves_what_the_old_one_did(secure, served, authority):
    first, second = authority.issue("test.example"), authority.issue("test.example")
    install(first, served)
    bundle = secure()
    bundle.expect_log("front died|front ended")
    install(second, served)
    wait_until_shown(bundle, authority, second)

    old = bundle.front()
    processes.kill(old)
    bundle.wait_for_new("bundle-front", old)

    assert serial_shown(bundle, authority) == second.serial()


def test_tickets_outlive_a_renewal(secure, served, authority):
    install(authority.issue("test.example"), served)
    bundle = secure("echo:app")
    client = authority.client(maximum=ssl.TLSVersion.TLSv1_2)
    with bundle.connect(tls=client) as first:
        first.request("GET", "/")
        session = first.socket.session
    second = authority.issue("test.example")

    install(second, served)
    wait_until_shown(bundle, authority, second)

    with bundle.connect(tls=client, session=session) as again:
        assert again.request("GET", "/").json["environ"]["SSL_SESSION_RESUMED"] == "Resumed"


def test_a_reload_changes_what_tls_speaks_and_connections_stay(secure, served, authority):
    install(authority.issue("test.example"), served)
    bundle = secure()
    old = authority.client(maximum=ssl.TLSVersion.TLSv1_2)
    with bundle.connect(tls=old) as client:
        client.request("GET", "/")
        bundle.site_file.write_text(bundle.site_file.read_text() + '[tls]\nprofile = "modern"\n')

        assert bundle.command("reload").returncode == 0

        assert client.request("GET", "/").status == 200
        with pytest.raises(ssl.SSLError):
            bundle.connect(tls=old)
        assert bundle.get("/", tls=authority.client()).status == 200


def test_a_reload_with_a_key_that_does_not_fit_changes_nothing(secure, served, authority):
    first, second = authority.issue("test.example"), authority.issue("test.example")
    install(first, served)
    bundle = secure()
    bundle.expect_log("a changed certificate is not used|reload failed|does not belong")
    install(Pair(second.certificate, first.key), served)

    ended = bundle.command("reload")

    assert ended.returncode != 0
    assert f"key {served.key} does not belong to certificate {served.certificate}" in ended.stderr
    assert serial_shown(bundle, authority) == first.serial()
