"""`bundle serve --dev-tls`: TLS on a developer's machine, with a certificate that nobody had to ask for."""

import hashlib
import re
import ssl
import stat

import pytest
from support.bundle_process import run_bundle


@pytest.fixture
def home(directory):
    created = directory / "home"
    created.mkdir()
    return created


@pytest.fixture
def dev_tls(serve_app, home):
    """dev_tls(more TOML) -> a bundle of its own certificate, of a user with that home."""
    def start(more=""):
        return serve_app("echo:app", more=more, arguments=("--dev-tls",), environment={"HOME": str(home)})
    return start


def certificate_of(home):
    return home / ".local/share/bundle/localhost.crt"


def fingerprint_told_by(bundle):
    return bundle.wait_for_log(r"SHA-256 ([0-9A-F:]{95})$")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_who_trusts_the_certificate_is_served_under_each_name_of_this_machine(dev_tls, home, name):
    bundle = dev_tls()
    client = ssl.create_default_context(cafile=certificate_of(home))

    with bundle.connect(tls=client, server_name=name) as connection:
        answer = connection.request("GET", "/")

    assert answer.status == 200
    assert answer.json["environ"]["wsgi.url_scheme"] == "https"


def test_who_does_not_trust_it_is_not(dev_tls):
    bundle = dev_tls()

    with pytest.raises(ssl.SSLCertVerificationError):
        bundle.connect(tls=ssl.create_default_context(), server_name="localhost")


def test_it_says_the_fingerprint_and_what_to_do_with_the_file(dev_tls, home):
    bundle = dev_tls()

    told = fingerprint_told_by(bundle).split()[-1]
    pem = certificate_of(home).read_text()
    assert told.replace(":", "").lower() == hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    bundle.wait_for_log(f"sudo cp {re.escape(str(certificate_of(home)))} ")


def test_the_next_run_has_the_same_and_the_key_is_the_owners_alone(dev_tls, home):
    first = dev_tls()
    told = fingerprint_told_by(first)
    first.stop()

    assert fingerprint_told_by(dev_tls()) == told
    key = certificate_of(home).with_suffix(".key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_it_survives_a_reload_and_stands_in_for_the_certificate_of_the_file(dev_tls, home, pair):
    bundle = dev_tls(pair.toml())
    client = ssl.create_default_context(cafile=certificate_of(home))

    assert bundle.command("reload").returncode == 0

    with bundle.connect(tls=client, server_name="localhost") as connection:
        assert connection.request("GET", "/").status == 200


def test_without_a_place_to_keep_it_that_is_said(directory):
    ended = run_bundle("serve", "--dev-tls", "hello:app", cwd=directory, environment={"HOME": ""})

    assert ended.returncode == 2
    assert "set HOME or XDG_DATA_HOME" in ended.stderr
