"""What systemd hears: ready, reloading, stopping, and that the watchdog need not bite."""

import socket
import threading

import pytest
from support.processes import DEADLINE


class NotifySocket:
    """systemd's end: what it was told, in order."""

    def __init__(self, path):
        self.path = str(path)
        self.messages = []
        self._changed = threading.Condition()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            message = self._socket.recv(4096).decode()
            with self._changed:
                self.messages += message.splitlines()
                self._changed.notify_all()

    def wait_for(self, begin, after=0):
        """The place behind the first message from `after` on that begins like that."""
        def found():
            return next((i + 1 for i, text in enumerate(self.messages) if i >= after and text.startswith(begin)), None)
        with self._changed:
            place = self._changed.wait_for(found, DEADLINE)
            assert place, f"systemd did not hear {begin!r} in {self.messages}"
            return place


@pytest.fixture
def systemd(directory):
    return NotifySocket(directory / "notify")


def serve_with(serve_app, systemd, **environment):
    return serve_app("hello:app", environment={"NOTIFY_SOCKET": systemd.path} | environment)


def test_a_reload_is_announced_with_its_moment_and_ends_in_ready(serve_app, systemd):
    hello = serve_with(serve_app, systemd)
    begun = systemd.wait_for("READY=1")

    assert hello.command("reload").returncode == 0

    reloading = systemd.wait_for("RELOADING=1", begun)
    assert systemd.wait_for("MONOTONIC_USEC=", reloading) == reloading + 1
    status = systemd.wait_for("STATUS=reloading: app main: 1/1 ready", reloading)
    systemd.wait_for("READY=1", status)


def test_an_upgrade_is_a_reload_and_the_main_process_stays(serve_app, systemd):
    hello = serve_with(serve_app, systemd, WATCHDOG_USEC="200000")
    begun = systemd.wait_for("READY=1")

    assert hello.command("upgrade").returncode == 0

    reloading = systemd.wait_for("RELOADING=1", begun)
    status = systemd.wait_for("STATUS=upgrading: app main: 1/1 ready", reloading)
    ready = systemd.wait_for("READY=1", status)
    systemd.wait_for("WATCHDOG=1", ready)
    assert not any(text.startswith("MAINPID=") for text in systemd.messages)


def test_a_failed_reload_ends_in_ready_too(serve_app, systemd):
    hello = serve_with(serve_app, systemd)
    hello.expect_log("master")
    hello.site_file.write_text("[")

    assert hello.command("reload").returncode == 2

    reloading = systemd.wait_for("RELOADING=1")
    systemd.wait_for("READY=1", reloading)
    systemd.wait_for("STATUS=ready; the last reload failed", reloading)


def test_the_watchdog_is_told_and_a_stop_is_announced(serve_app, systemd):
    hello = serve_with(serve_app, systemd, WATCHDOG_USEC="200000")
    first = systemd.wait_for("WATCHDOG=1")
    systemd.wait_for("WATCHDOG=1", first)

    hello.stop()

    systemd.wait_for("STOPPING=1")


def test_a_long_start_asks_for_time(serve_app, systemd):
    serve_with(serve_app, systemd)

    assert systemd.wait_for("EXTEND_TIMEOUT_USEC=") < systemd.wait_for("READY=1")
