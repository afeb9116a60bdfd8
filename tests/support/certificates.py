"""Certificates for tests, made by the openssl command: none is kept in the repository."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

EC = ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
RSA = ["rsa:2048"]


def openssl(*arguments, stdin=None):
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@dataclass
class Pair:
    certificate: Path
    key: Path

    def toml(self):
        return f'[[tls.certificate]]\ncertificate = "{self.certificate}"\nkey = "{self.key}"\n'

    def serial(self):
        return openssl("x509", "-in", self.certificate, "-noout", "-serial").decode().strip().partition("=")[2]


class Authority:
    """A root that issues certificates into a directory."""

    def __init__(self, directory, name="Test Root"):
        self.directory = Path(directory)
        self._made = 0
        self.root = self._self_signed(name)

    @property
    def file(self):
        return self.root.certificate

    def _self_signed(self, name):
        stem = name.lower().replace(" ", "-")
        pair = Pair(self.directory / f"{stem}.pem", self.directory / f"{stem}.key")
        openssl("req", "-x509", "-newkey", *EC, "-nodes", "-keyout", pair.key, "-out", pair.certificate, "-days", 365,
                "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE")
        return pair

    def issue(self, *names, kind=EC, days=90, subject=None, stem=None, use="serverAuth"):
        """A pair for these DNS names; the file of the certificate has the root behind it, as a chain."""
        self._made += 1
        stem = stem or f"leaf-{self._made}"
        pair = Pair(self.directory / f"{stem}.pem", self.directory / f"{stem}.key")
        request = openssl("req", "-new", "-newkey", *kind, "-nodes", "-keyout", pair.key,
                          "-subj", subject or f"/CN={names[0]}")
        extensions = self.directory / f"{stem}.ext"
        wanted = [f"extendedKeyUsage={use}"]
        if names:
            wanted.append("subjectAltName=" + ",".join(f"DNS:{name}" for name in names))
        extensions.write_text("\n".join(wanted) + "\n")
        leaf = openssl("x509", "-req", "-CA", self.root.certificate, "-CAkey", self.root.key, "-CAcreateserial",
                       "-days", days, "-extfile", extensions, stdin=request)
        pair.certificate.write_bytes(leaf + self.root.certificate.read_bytes())
        return pair

    def client(self, *, minimum=None, maximum=None, certificate=None, ciphers=None, protocols=None):
        """An ssl.SSLContext that trusts this root."""
        context = ssl.create_default_context(cafile=str(self.root.certificate))
        if minimum:
            context.minimum_version = minimum
        if maximum:
            context.maximum_version = maximum
        if certificate:
            context.load_cert_chain(certificate.certificate, certificate.key)
        if ciphers:
            context.set_ciphers(ciphers)
        if protocols:
            context.set_alpn_protocols(protocols)
        return context
