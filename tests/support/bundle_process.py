"""A real `bundle serve` with its own directory, listeners and logs, and what must hold when it has stopped."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from support import processes
from support.output import OutputLines
from support.processes import DEADLINE, wait_until
from support.raw_client import RawClient

ROOT = Path(__file__).resolve().parents[2]
PRESET = os.environ.get("BUNDLE_PRESET", "release")
BIN = ROOT / "build" / PRESET / "bin"
APPS = ROOT / "tests" / "apps"

LOG_LINE = re.compile(r"^\S+Z (?P<level>error|warn|info|debug) (?P<process>.+?)\[(?P<pid>\d+)\] (?P<message>.*)$")
READY = re.compile(r"^ready\b")
# With the colon: what only warns that a huge allocation failed, as it should, is no report.
SANITIZER_REPORT = re.compile(r"(Address|Thread|Leak|UndefinedBehavior)Sanitizer:|runtime error:")


def bundle_environment(extra=None):
    """A small, known environment: a developer's own PYTHONPATH or BUNDLE_... must not decide a test."""
    environment = {name: os.environ[name] for name in os.environ if name.endswith("SAN_OPTIONS")}
    environment |= {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent",
                    "PYTHONDONTWRITEBYTECODE": "1"}
    return environment | (extra or {})


def run_bundle(*arguments, environment=None, cwd=None, deadline=30):
    """Runs a `bundle` command that ends by itself."""
    return subprocess.run([BIN / "bundle", *arguments], env=bundle_environment(environment), cwd=cwd, text=True,
                          capture_output=True, timeout=deadline, check=False)


class TestDirectory:
    """A private directory with a short name: unix socket paths below it stay under 108 bytes."""

    __test__ = False

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="b-", dir="/tmp"))

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


# systemd passes its sockets from descriptor 3 on and names the process that they are for. Only a shell can say its
# own pid and stay the same process.
AS_SYSTEMD = ["/bin/bash", "-c", """
listeners=$1 first=3; shift
for listener in $listeners; do
    moved+="$first<&$listener $listener<&- "; first=$((first + 1))
done
eval "exec $moved"
LISTEN_PID=$$ exec "$@"
""", "as-systemd"]
FIRST_HIGH_FD = 100  # the listeners' own numbers, clear of systemd's


def bind_to_any_port():
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        return socket.socket(fileno=fcntl.fcntl(listener.fileno(), fcntl.F_DUPFD_CLOEXEC, FIRST_HIGH_FD))


class BundleProcess:
    """Starts at once; wait_until_ready() before requests. `site` is the text of a site.toml without [[listen]];
    the listeners are bound here to port 0 and handed over as descriptors, so there is no race for a port."""

    def __init__(self, directory, site, *, settings=(), environment=None, listeners=1, by_systemd=False, programs=BIN,
                 listen_tables=True, arguments=(), wrapper=()):
        self.directory = directory
        self._has_listen_tables = listen_tables
        self._expected_logs = []
        self._expected_exits = (0,)
        self._nothing_left = False
        self._listeners = [bind_to_any_port() for _ in range(listeners)]
        self._listen = [f"systemd:web{index}" if by_systemd else f"fd:{listener.fileno()}"
                        for index, listener in enumerate(self._listeners)]
        self.addresses = [listener.getsockname() for listener in self._listeners]
        self.address = self.addresses[0]
        for name in ("run", "temp"):
            (directory / name).mkdir()
        self.site_file = directory / "site.toml"
        self.site_file.write_text(self._site_text(site))
        overrides = [f"server.run_directory={directory / 'run'}", f"server.temp_directory={directory / 'temp'}",
                     *settings]
        if PRESET == "tsan":  # see NEEDS_PROMPT_SIGNALS in suites.py: a worker may have to be killed
            overrides.append("app.main.graceful_timeout=2s")
        command = [*wrapper, programs / "bundle", "serve", *arguments, "--conf", self.site_file]
        for override in overrides:
            command += ["--set", override]
        descriptors = [listener.fileno() for listener in self._listeners]
        environment = bundle_environment(environment)
        if by_systemd:
            command = [*AS_SYSTEMD, " ".join(map(str, descriptors)), *command]
            environment |= {"LISTEN_FDS": str(listeners),
                            "LISTEN_FDNAMES": ":".join(f"web{index}" for index in range(listeners))}
        self._process = subprocess.Popen(
            command, env=environment, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True, pass_fds=descriptors)
        self.pid = self._process.pid
        self._close_listeners()
        self.output = OutputLines(self._process.stdout, directory / "stdout")
        self.log = OutputLines(self._process.stderr, directory / "stderr")

    def _site_text(self, site):
        text = site.replace("{apps}", str(APPS)).replace("{directory}", str(self.directory))
        if not self._has_listen_tables:
            return text
        return text + "".join(f'\n[[listen]]\naddress = "{address}"\n' for address in self._listen)

    def _close_listeners(self):
        # Only the master holds them now: when it stops listening, clients are refused, not left waiting.
        for listener in self._listeners:
            listener.close()

    # --- waiting -----------------------------------------------------------------------------------------

    def wait_until_ready(self, deadline=DEADLINE * 2):
        found = self.log.wait_for_line(lambda line: READY.search(message_of(line)), deadline)
        assert found, f"bundle did not become ready within {deadline} s:\n" + "\n".join(self.log.lines())
        return self

    def wait_for_log(self, pattern, deadline=DEADLINE, begin=0):
        found = self.log.wait_for_line(re.compile(pattern).search, deadline, begin)
        assert found, f"no log line matches {pattern!r} within {deadline} s:\n" + "\n".join(self.log.lines())
        return found[1]

    def wait_for_access_log(self, pattern, deadline=DEADLINE):
        found = self.output.wait_for_line(re.compile(pattern).search, deadline)
        assert found, f"no access log line matches {pattern!r}:\n" + "\n".join(self.output.lines())
        return found[1]

    def expect_log(self, pattern):
        """Announces error lines that this test causes; any other error line fails it at its end."""
        self._expected_logs.append(re.compile(pattern))

    def expect_exit(self, *statuses):
        """Announces how this bundle ends; without it only 0 will do."""
        self._expected_exits = statuses

    def wait_for_exit(self, deadline=DEADLINE):
        try:
            return self._process.wait(deadline)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"bundle did not exit within {deadline} s") from None

    # --- commands ------------------------------------------------------------------------------------------

    def write_site(self, site):
        """What the next reload reads; the listeners stay."""
        self.site_file.write_text(self._site_text(site))

    def command(self, verb, *arguments, **options):
        """Runs `bundle VERB` against it, to its end."""
        return run_bundle(verb, *arguments, "--control", self.directory / "run" / "control.sock", **options)

    # --- its processes ------------------------------------------------------------------------------------

    def front(self):
        return self._child("bundle-front")

    def arbiter(self):
        return self._child("bundle-backend")

    def arbiters(self):
        """Of a reload, the old and the new, until the old one has left."""
        return self._children("bundle-backend")

    def wait_for_arbiters(self, count):
        wait_until(lambda: len(self.arbiters()) == count, f"{count} arbiters")

    def workers(self, arbiter=None):
        return processes.children_of(arbiter or self.arbiter())

    def wait_for_workers(self, count, without=(), deadline=DEADLINE):
        """The workers' pids, once there are `count` of them and none is in `without`."""
        def enough():
            arbiters = self._children("bundle-backend")
            found = processes.children_of(arbiters[0]) if arbiters else []
            return found if len(found) == count and not set(found) & set(without) else None
        return wait_until(enough, f"{count} workers", deadline)

    def wait_for_new(self, executable, old, deadline=DEADLINE):
        def successor():
            return next((pid for pid in self._children(executable) if pid != old), None)
        return wait_until(successor, f"another {executable} than {old}", deadline)

    def _children(self, executable):
        return [pid for pid in processes.children_of(self.pid) if processes.executable_of(pid).startswith(executable)]

    def _child(self, executable):
        # Another one may be about to leave, or to come.
        return wait_until(lambda: len(found := self._children(executable)) == 1 and found[0],
                          f"one child that runs {executable}")

    # --- talking to it -----------------------------------------------------------------------------------

    def connect(self, listener=0, **options):
        return RawClient(self.addresses[listener], **options)

    def get(self, target, fields=(), **options):
        with self.connect(**options) as client:
            return client.request("GET", target, fields)

    def post(self, target, body, fields=(), **options):
        with self.connect(**options) as client:
            return client.request("POST", target, fields, body)

    # --- its end ------------------------------------------------------------------------------------------

    def signal(self, number):
        os.kill(self.pid, number)

    def tell_to_hurry(self):
        """A second TERM; one that comes at once with the first is the same wish."""
        def told():
            self.signal(signal.SIGTERM)
            return any("stopping fast" in line for line in self.log.lines())
        wait_until(told, "the second TERM to be heard")

    def stop(self, deadline=DEADLINE * 2):
        """Stops gracefully (TERM) and asserts everything that a clean stop promises."""
        if self._process.poll() is None:
            self.signal(signal.SIGTERM)
        status = self.wait_for_exit(deadline)
        self.assert_nothing_left()
        assert status in self._expected_exits, f"bundle exited with {status}"
        self.assert_log_is_clean()

    def assert_nothing_left(self):
        wait_until(lambda: not processes.processes_of_session(self.pid), "the end of all of bundle's processes")
        self._nothing_left = True
        assert self.log.wait_for_end(), "somebody still holds bundle's stderr"

    def assert_log_is_clean(self):
        reports = [line for line in self.log.lines() if SANITIZER_REPORT.search(line)]
        assert not reports, "a sanitizer reported:\n" + "\n".join(self.log.lines())
        surprises = [line for line in self.log.lines() if level_of(line) == "error"
                     and not any(pattern.search(line) for pattern in self._expected_logs)]
        assert not surprises, "error lines that the test did not announce:\n" + "\n".join(surprises)

    def kill_everything(self):
        """For a test that failed already: nothing may stay behind."""
        if self._nothing_left:
            return
        for pid in processes.processes_of_session(self.pid):
            try:
                processes.kill(pid)
            except ProcessLookupError:
                pass
        self._process.wait()


def message_of(line):
    match = LOG_LINE.match(line)
    return match["message"] if match else line


def level_of(line):
    match = LOG_LINE.match(line)
    return match["level"] if match else None
