"""The stacks that are compared: each starts its processes, says which of them do what, and stops them."""

import os
import shutil
import signal
import socket
import subprocess

from support.bundle_process import APPS, BundleProcess
from support.processes import children_of, wait_until, wait_until_gone

CORES = len(os.sched_getaffinity(0))
WORKERS = 2 * CORES + 1


def unused_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    except ConnectionRefusedError:
        return False


def make_public_folder(directory, file_size):
    """What both fronts look into before they ask the application."""
    public = directory / "public"
    public.mkdir()
    if file_size:
        (public / "file.bin").write_bytes(os.urandom(file_size))


def stop(process, number):
    process.send_signal(number)
    process.wait(30)


class Bundle:
    """One front loop and the same number of workers as the others; access log to a file."""

    name = "bundle"

    SITE = """
        [app.main]
        wsgi = "{app}"
        directory = "{{apps}}"
        workers = {workers}

        [[site]]
        root = "{{directory}}/public"
        app = "main"

        [log.access]
        path = "{{directory}}/access.log"
    """

    def __init__(self, directory, app, *, file_size=0, workers=WORKERS, keepalive=75, settings=()):
        make_public_folder(directory, file_size)
        site = self.SITE.format(app=app, workers=workers)
        settings = [f"http.keepalive_timeout={keepalive}s", *settings]
        self._process = BundleProcess(directory, site, settings=settings).wait_until_ready()
        self.port = self._process.address[1]
        self.front = [self._process.front()]
        self.workers = self._process.wait_for_workers(workers)

    def stop(self):
        try:
            self._process.stop()
        finally:
            self._process.kill_everything()


class NginxGunicorn:
    """nginx in front of gunicorn's sync workers over a unix socket, as gunicorn's documentation configures it
    (https://docs.gunicorn.org/en/stable/deploy.html), with nginx's cache of open files; access log in nginx only."""

    name = "nginx + gunicorn"

    CONFIGURATION = """
        worker_processes 1;
        {user}
        daemon off;
        pid {directory}/nginx.pid;
        error_log {directory}/error.log warn;
        events {{
            worker_connections {connections};
            accept_mutex off;
        }}
        http {{
            include /etc/nginx/mime.types;
            default_type application/octet-stream;
            access_log {directory}/access.log combined;
            sendfile on;
            open_file_cache max=4096;
            open_file_cache_valid 1s;
            client_body_temp_path {directory}/body;
            proxy_temp_path {directory}/proxy;
            fastcgi_temp_path {directory}/fastcgi;
            uwsgi_temp_path {directory}/uwsgi;
            scgi_temp_path {directory}/scgi;
            upstream app_server {{
                server unix:{directory}/gunicorn.sock fail_timeout=0;
            }}
            server {{
                listen 127.0.0.1:{port} deferred;
                client_max_body_size 4G;
                keepalive_timeout {keepalive};
                root {directory}/public;
                location / {{
                    try_files $uri @proxy_to_app;
                }}
                location @proxy_to_app {{
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header Host $http_host;
                    proxy_redirect off;
                    proxy_pass http://app_server;
                }}
            }}
        }}
    """

    def __init__(self, directory, app, *, file_size=0, keepalive=5, connections=1024):
        make_public_folder(directory, file_size)
        self.port = unused_port()
        log = open(directory / "output", "wb")
        self._gunicorn = subprocess.Popen(
            ["/usr/bin/gunicorn", "--workers", str(WORKERS), "--bind", f"unix:{directory}/gunicorn.sock",
             "--chdir", APPS, app], stdout=log, stderr=log)
        wait_until(lambda: (directory / "gunicorn.sock").exists(), "gunicorn's socket")
        configuration = directory / "nginx.conf"
        configuration.write_text(self.CONFIGURATION.format(
            directory=directory, port=self.port, keepalive=keepalive, connections=connections,
            user="user root;" if os.geteuid() == 0 else ""))
        nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
        self._nginx = subprocess.Popen([nginx, "-c", configuration, "-p", directory], stdout=log, stderr=log)
        log.close()
        wait_until(lambda: answers(self.port), "nginx")
        self.front = wait_until(lambda: children_of(self._nginx.pid), "nginx's worker")
        self.workers = wait_until(
            lambda: len(found := children_of(self._gunicorn.pid)) == WORKERS and found, "gunicorn's workers")

    def stop(self):
        stop(self._nginx, signal.SIGQUIT)
        stop(self._gunicorn, signal.SIGTERM)
        for worker in self.workers:
            wait_until_gone(worker)


STACKS = (Bundle, NginxGunicorn)
