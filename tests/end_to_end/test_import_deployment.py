"""The deployment that gunicorn's documentation describes (https://docs.gunicorn.org/en/stable/deploy.html: nginx in front
of a unix socket, gunicorn started by systemd), re-created, and what `bundle import` makes of it: both answer alike."""

import os
import re
import shlex
import shutil
import signal

import pytest
from bench.stacks import Service, answers, unused_port
from support.bundle_process import APPS, TestDirectory, run_bundle
from support.processes import wait_until
from support.raw_client import RawClient, chunked, request_bytes

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
GUNICORN = shutil.which("gunicorn", path="/usr/bin")
pytestmark = pytest.mark.skipif(not NGINX or not GUNICORN,
                                reason="needs Debian's nginx and gunicorn: deploy/setup bench")

NGINX_CONF = """
    worker_processes 1;
    {user}
    pid {directory}/nginx.pid;
    error_log {directory}/error.log warn;

    events {{
        worker_connections 1024;  # more if there are many clients
        accept_mutex off;         # on with several worker_processes
    }}

    http {{
        include /etc/nginx/mime.types;
        default_type application/octet-stream;
        access_log {directory}/access.log combined;
        sendfile on;
        client_body_temp_path {directory}/body;
        proxy_temp_path {directory}/proxy;
        fastcgi_temp_path {directory}/fastcgi;
        uwsgi_temp_path {directory}/uwsgi;
        scgi_temp_path {directory}/scgi;

        upstream app_server {{
            server unix:{directory}/gunicorn.sock fail_timeout=0;
        }}

        server {{
            # nobody who does not know our name
            listen 127.0.0.1:{port} default_server;
            return 444;
        }}

        server {{
            listen 127.0.0.1:{port};
            client_max_body_size 4G;
            server_name example.com www.example.com;
            keepalive_timeout 5;
            root {directory}/public;

            location / {{
                # a file if there is one, else the application
                try_files $uri @proxy_to_app;
            }}

            location @proxy_to_app {{
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto $scheme;
                proxy_set_header Host $http_host;
                # the application says where it leads to
                proxy_redirect off;
                proxy_pass http://app_server;
            }}

            error_page 500 502 503 504 /500.html;
            location = /500.html {{
                root {directory}/public;
            }}
        }}
    }}
"""

UNIT = """
    [Unit]
    Description=gunicorn daemon
    Requires=gunicorn.socket
    After=network.target

    [Service]
    Type=notify
    WorkingDirectory={apps}
    ExecStart=/usr/bin/gunicorn --workers 2 --bind unix:{directory}/gunicorn.sock \\
        --timeout 60 deployed:app
    ExecReload=/bin/kill -s HUP $MAINPID
    KillMode=mixed
    TimeoutStopSec=5

    [Install]
    WantedBy=multi-user.target
"""

FILES = {"robots.txt": "User-agent: *\nDisallow:\n", "css/site.css": "body { color: green }\n", "500.html": "<h1>sorry</h1>\n",
         "a file.txt": "with a space\n"}
WRITTEN, WRITTEN_TEXT = 1700000000, "Tue, 14 Nov 2023 22:13:20 GMT"


class Deployment:
    """nginx and gunicorn as their files say; then bundle by the file that was made of theirs."""

    def __init__(self, directory):
        self.directory = directory
        self.port = unused_port()
        for name, text in FILES.items():
            (directory / "public" / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / "public" / name).write_text(text)
            os.utime(directory / "public" / name, (WRITTEN, WRITTEN))
        user = "user root;" if os.geteuid() == 0 else ""
        (directory / "nginx.conf").write_text(NGINX_CONF.format(directory=directory, port=self.port, user=user))
        unit = UNIT.format(directory=directory, apps=APPS)
        (directory / "gunicorn.service").write_text("\n".join(line.strip() for line in unit.splitlines()))
        self.imported = run_bundle("import", "--nginx", "nginx.conf", "--gunicorn", "gunicorn.service", cwd=directory)
        assert self.imported.returncode == 0, self.imported.stdout + self.imported.stderr
        self.services = []

    def start(self):
        start = re.search(r"ExecStart=(.*\\\n.*)", (self.directory / "gunicorn.service").read_text())[1]
        command = shlex.split(start.replace("\\\n", " "))
        self.services.append(Service([*command[:1], "--chdir", APPS, *command[1:]], self.directory, signal.SIGTERM))
        wait_until(lambda: (self.directory / "gunicorn.sock").exists(), "gunicorn's socket")
        nginx = [NGINX, "-c", self.directory / "nginx.conf", "-p", self.directory, "-g", "daemon off;"]
        self.services.insert(0, Service(nginx, self.directory, signal.SIGQUIT))
        wait_until(lambda: answers(self.port), "nginx")

    def stop(self):
        for service in self.services:
            service.stop()


@pytest.fixture(scope="module")
def deployment():
    directory = TestDirectory()
    made = Deployment(directory.path)
    try:
        made.start()
        yield made
        made.stop()
        made.services = []
        directory.remove()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def addresses(deployment, serve_for_module):
    """Of nginx, and of bundle."""
    text = (deployment.directory / "site.toml").read_text()
    # nginx has the port; the test hands another one over.
    text = re.sub(r"\n\[\[listen\]\]\n(?:.+\n)+", "\n", text)
    bundle = serve_for_module(text, settings=("log.path=-", "log.access.path=-"))
    bundle.expect_log(r"worker died|died")
    return ("127.0.0.1", deployment.port), bundle.address


FIELDS = ("content-type", "location", "content-range", "set-cookie", "x-app", "content-encoding")


def told(answer):
    """What both have to say alike. nginx does not name the charset of its files."""
    fields = [(name, re.sub("; *charset=utf-8", "", value)) for name, value in answer.fields if name in FIELDS]
    return answer.status, sorted(fields), answer.body


def ask(address, method, target, fields=(), body=None, **options):
    with RawClient(address) as client:
        return client.request(method, target, [("Host", "example.com"), *fields], body, **options)


def whole(*arguments, **options):
    return lambda address: told(ask(address, *arguments, **options))


def status(*arguments, **options):
    return lambda address: ask(address, *arguments, **options).status


def raw(*pieces, method="GET"):
    def exchange(address):
        with RawClient(address) as client:
            for piece in pieces:
                client.send(piece)
            return told(client.read_answer(method))
    return exchange


def is_closed_in_silence(data):
    def exchange(address):
        with RawClient(address) as client:
            client.send(data)
            return client.is_closed()
    return exchange


def twice_on_one_connection(address):
    with RawClient(address) as client:
        host = [("Host", "example.com")]
        return [told(client.request("GET", target, host)) for target in ("/robots.txt", "/", "/css/site.css")]


CHECKS = {
    "the front page is the application's": whole("GET", "/"),
    "HEAD of the application": whole("HEAD", "/"),
    "HEAD of a file": whole("HEAD", "/robots.txt"),
    "a file is served": whole("GET", "/robots.txt"),
    "a file in a folder has its type": whole("GET", "/css/site.css"),
    "a file whose name is encoded": whole("GET", "/a%20file.txt"),
    "a file with a query": whole("GET", "/robots.txt?v=2"),
    "a file that has not changed": status("GET", "/robots.txt", [("If-Modified-Since", WRITTEN_TEXT)]),
    "the beginning of a file": whole("GET", "/robots.txt", [("Range", "bytes=0-4")]),
    "the end of a file": whole("GET", "/robots.txt", [("Range", "bytes=-4")]),
    "a part that no file has": status("GET", "/robots.txt", [("Range", "bytes=1000-")]),
    "dots in a path are resolved": whole("GET", "/css/../robots.txt"),
    "slashes in a path are one": whole("GET", "//css//site.css"),
    "a folder is the application's": whole("GET", "/css/"),
    "a folder without its slash, too": whole("GET", "/css"),
    "what is not there is the application's 404": whole("GET", "/none"),
    "the page for errors is a file like others": whole("GET", "/500.html"),
    "the application finds path, query, host and scheme": whole("GET", "/echo?a=1&b=%20", [("X-Test", "1"), ("Cookie", "c=d")]),
    "a body with a length": whole("POST", "/echo", [("Content-Type", "text/plain")], b"x" * 1000),
    "a body in chunks": raw(request_bytes("POST", "/echo", [("Host", "example.com"), ("Transfer-Encoding", "chunked")]),
                            chunked(b"one", b"two")),
    "a large body": whole("PUT", "/echo", [], b"x" * (3 << 20)),
    "a body that waits to be asked for": whole("POST", "/echo", [("Expect", "100-continue")], b"body"),
    "an answer in pieces": whole("GET", "/stream"),
    "a large answer": whole("GET", "/large"),
    "two cookies": whole("GET", "/cookies"),
    "a redirect of the application stays as it is": whole("GET", "/leads"),
    "an answer without content": status("DELETE", "/empty"),
    "an application's own 304": status("GET", "/unchanged"),
    "an application's own error page": whole("GET", "/fails"),
    "a worker that dies is a 502 with the page for errors": whole("POST", "/dies", [], b""),
    "another name of the site": raw(request_bytes("GET", "/", [("Host", "www.example.com")])),
    "a name in capitals": raw(request_bytes("GET", "/", [("Host", "EXAMPLE.com")])),
    "a name with a port": raw(request_bytes("GET", "/echo", [("Host", "example.com:8080")])),
    "a host that is not ours": is_closed_in_silence(request_bytes("GET", "/", [("Host", "other.example")])),
    "no host at all": is_closed_in_silence(b"GET / HTTP/1.0\r\n\r\n"),
    "a connection is kept": twice_on_one_connection,
    "what is no request": status("GET", "/ x"),
}


@pytest.mark.parametrize("check", CHECKS)
def test_both_answer_alike(addresses, check):
    nginx, bundle = (CHECKS[check](address) for address in addresses)

    assert bundle == nginx


def test_what_is_told_names_files_and_lines(deployment):
    lines = deployment.imported.stdout.splitlines()

    def line(words):
        return next(found for found in lines if words in found)

    assert "nginx.conf:35" in line("client_max_body_size 4G")
    assert line("client_max_body_size 4G").endswith("site.max_body")
    assert "http.keepalive_timeout" in line("keepalive_timeout 5")
    assert "by itself" in line("proxy_set_header X-Forwarded-Proto $scheme")
    assert "gunicorn.service:10" in line("--workers 2")
    assert "app.main.request_timeout" in line("--timeout 60")
    assert "not translated: look at these:" not in lines


def test_the_file_is_what_a_person_would_have_written(deployment):
    text = (deployment.directory / "site.toml").read_text()
    lines = [line.split("  #")[0].strip() for line in text.splitlines()]

    for wanted in ('unknown_host = "close"', 'wsgi = "deployed:app"', "workers = 2", 'hosts = ["example.com", "www.example.com"]',
                   f'root = "{deployment.directory}/public"', 'max_body = "4G"', 'keepalive_timeout = "5s"', 'app = "main"',
                   f'directory = "{APPS}"'):
        assert wanted in lines, text
    assert run_bundle("check", "--conf", "site.toml", cwd=deployment.directory).returncode == 0
