"""The stacks that are compared: each starts its processes, says which of them do what, and stops them.

All have one event loop in front and WORKERS processes that run Python, write their access log in the front, to a file,
and else what their documentation tells to set; each further setting says why it is there."""

import os
import shutil
import signal
import socket
import subprocess

from support.bundle_process import APPS, BundleProcess, bundle_environment
from support.processes import children_of, descendants_of, kill, processes_of_session, wait_until

CORES = len(os.sched_getaffinity(0))
WORKERS = 2 * CORES + 1
MEGABYTE = 1 << 20
THREADS = 4  # of each worker, where it has threads


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
        (public / "file.bin").write_bytes(os.urandom(min(file_size, MEGABYTE)) * max(file_size // MEGABYTE, 1))


class Bundle:
    """Its defaults, but for the limit of a body, which is off in the others, too."""

    name = "bundle"

    SITE = """
        [app.main]
        wsgi = "{app}"
        directory = "{{apps}}"
        workers = {workers}
        env = {{ TEST_DIRECTORY = "{{directory}}" }}

        [http]
        max_body = "4G"

        [[site]]
        root = "{{directory}}/public"
        app = "main"

        [log.access]
        path = "{{directory}}/access.log"
    """

    def __init__(self, directory, app, *, file_size=0, workers=WORKERS, keepalive=75, settings=(), pair=None):
        make_public_folder(directory, file_size)
        site = self.SITE.format(app=app, workers=workers)
        if pair:  # as nginx is told: connections are kept for as long as the load runs
            site += pair.toml()
            settings = ["listen.0.tls=true", "http.keepalive_requests=1000000000", *settings]
        settings = [f"http.keepalive_timeout={keepalive}s", *settings]
        self._process = BundleProcess(directory, site, settings=settings)
        try:
            self._process.wait_until_ready()
            self.port = self._process.address[1]
            self.front = [self._process.front()]
            self.workers = self._process.wait_for_workers(workers)
        except BaseException:
            self._process.kill_everything()
            raise

    def processes(self):
        return [self._process.pid, *descendants_of(self._process.pid)]

    def stop(self):
        try:
            self._process.stop()
        finally:
            self._process.kill_everything()


class Service:
    """A master in a session of its own, so that none of its processes can outlive it unseen."""

    def __init__(self, command, directory, stop_signal):
        self._stop_signal = stop_signal
        with open(directory / "output", "ab") as log:
            self._process = subprocess.Popen(
                command, cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env=bundle_environment({"TEST_DIRECTORY": str(directory)}))
        self.pid = self._process.pid

    def wait_for_children(self, count, what):
        def enough():
            assert self._process.poll() is None, f"{what} ended at once; see its output"
            return len(found := children_of(self.pid)) == count and found
        return wait_until(enough, what)

    def stop(self):
        try:
            self._process.send_signal(self._stop_signal)
            self._process.wait(30)
        finally:
            for pid in processes_of_session(self.pid):
                try:
                    kill(pid)
                except ProcessLookupError:
                    pass
            self._process.wait()


class BehindNginx:
    """nginx before an application server on a unix socket, as gunicorn's documentation configures it
    (https://docs.gunicorn.org/en/stable/deploy.html), with nginx's cache of open files."""

    CONFIGURATION = """
        worker_processes 1;  # one event loop, as the others
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
            open_file_cache max=4096;  # a file that is asked for again and again need not be opened each time
            open_file_cache_valid 1s;
            gzip on;  # as bundle does unless it is told not to
            gzip_comp_level 5;
            gzip_min_length 1k;
            gzip_proxied any;
            gzip_types text/css text/javascript application/javascript application/json image/svg+xml;
            client_body_temp_path {directory}/body;
            proxy_temp_path {directory}/proxy;
            fastcgi_temp_path {directory}/fastcgi;
            uwsgi_temp_path {directory}/uwsgi;
            scgi_temp_path {directory}/scgi;
            upstream app_server {{
                server unix:{directory}/app.sock fail_timeout=0;
                {upstream}
            }}
            server {{
                listen 127.0.0.1:{port}{listen} deferred;
                {tls}
                client_max_body_size 4G;
                keepalive_timeout {keepalive};
                root {directory}/public;
                location / {{
                    try_files $uri @app;
                }}
                location @app {{
                    {to_app}
                }}
            }}
        }}
    """

    HTTP_TO_APP = """
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header Host $http_host;
                    proxy_redirect off;
                    proxy_pass http://app_server;
    """
    TLS = """
                ssl_certificate {pair.certificate};
                ssl_certificate_key {pair.key};
                keepalive_requests 1000000000;
    """
    UPSTREAM = ""
    TO_APP = HTTP_TO_APP

    def __init__(self, directory, app, *, file_size=0, keepalive=5, connections=1024, pair=None):
        make_public_folder(directory, file_size)
        self._tls = self.TLS.format(pair=pair) if pair else ""
        self._listen = " ssl http2" if pair else ""
        self.port = unused_port()
        self._services = []
        try:
            self._start(directory, app, keepalive, connections)
        except BaseException:
            self.stop()
            raise

    def _start(self, directory, app, keepalive, connections):
        server = Service(self.command(directory, app), directory, signal.SIGTERM)
        self._services.append(server)
        wait_until(lambda: (directory / "app.sock").exists(), f"the socket of {self.name}")
        configuration = directory / "nginx.conf"
        configuration.write_text(self.CONFIGURATION.format(
            directory=directory, port=self.port, keepalive=keepalive, connections=connections,
            upstream=self.UPSTREAM, to_app=self.TO_APP, tls=self._tls, listen=self._listen,
            user="user root;" if os.geteuid() == 0 else ""))
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
        nginx = Service([program, "-c", configuration, "-p", directory], directory, signal.SIGQUIT)
        self._services.insert(0, nginx)  # to be stopped first
        wait_until(lambda: answers(self.port), "nginx")
        self.front = nginx.wait_for_children(1, "nginx's worker")
        self.workers = server.wait_for_children(WORKERS, f"the workers of {self.name}")

    def processes(self):
        return [pid for service in self._services for pid in (service.pid, *descendants_of(service.pid))]

    def stop(self):
        failure = None
        for service in self._services:
            try:
                service.stop()
            except subprocess.SubprocessError as error:
                failure = error
        if failure:
            raise failure


class NginxGunicorn(BehindNginx):
    """gunicorn's default workers: one request at a time, a connection for each."""

    name = "nginx + gunicorn"

    def command(self, directory, app):
        # /dev/shm: gunicorn's FAQ advises it for the heartbeat files, which else may wait for a disk.
        return ["/usr/bin/gunicorn", "--workers", str(WORKERS), "--worker-tmp-dir", "/dev/shm",
                "--bind", f"unix:{directory}/app.sock", "--chdir", APPS, *self.options(), app]

    def options(self):
        return ()


class NginxGthread(NginxGunicorn):
    """gunicorn's workers with threads. They can keep connections, so nginx may keep some, too."""

    name = "nginx + gthread"
    UPSTREAM = "keepalive 32;"
    TO_APP = BehindNginx.HTTP_TO_APP + """
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
    """

    def options(self):
        # 75 s: gunicorn's 2 s may end just when nginx, which keeps a connection for 60 s, uses it again.
        return "--worker-class", "gthread", "--threads", str(THREADS), "--keep-alive", "75"


class NginxUwsgi(BehindNginx):
    """uWSGI by its own protocol, as its documentation says (https://uwsgi-docs.readthedocs.io, "Quickstart for
    Python/WSGI applications" and "Things to know"); wsgi.file_wrapper and the number of offload threads are its
    defaults: the wrapper sends files by sendfile from the worker, and there are no such threads."""

    name = "nginx + uWSGI"
    TO_APP = """
                    include /etc/nginx/uwsgi_params;
                    uwsgi_pass app_server;
    """

    def command(self, directory, app):
        return ["/usr/bin/uwsgi", "--plugin", "python3", "--strict", "--master", "--die-on-term", "--need-app",
                "--single-interpreter",  # one application in a process: no switching between interpreters
                "--disable-logging",  # of requests: nginx's access log has them
                "--listen", "1024",  # 100 would refuse the clients of the busier scenarios
                "--processes", str(WORKERS), "--uwsgi-socket", f"{directory}/app.sock", "--chdir", APPS,
                "--module", app]


STACKS = (Bundle, NginxGunicorn, NginxGthread, NginxUwsgi)
