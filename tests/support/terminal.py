"""A `bundle serve` at a terminal, as a developer has it: what it prints is read, what is typed reaches it."""

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import termios
import threading

from support import processes
from support.bundle_process import BIN, bundle_environment
from support.processes import DEADLINE, wait_until
from support.raw_client import RawClient


class BundleAtATerminal:
    def __init__(self, folder, *arguments, environment=None):
        """`arguments` are those of serve; it listens on a port that the kernel chooses."""
        self._ours, theirs = pty.openpty()
        self._text = ""
        self._enough, self._told_enough = os.pipe()
        self._process = subprocess.Popen(
            [BIN / "bundle", "serve", *arguments, "--set", "listen.0.address=127.0.0.1:0",
             "--set", f"server.run_directory={folder}/run"],
            cwd=folder, env=bundle_environment({"TERM": "dumb"} | (environment or {})), stdin=theirs, stdout=theirs,
            stderr=theirs, start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(theirs)
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        port = self.wait_for(r"listening +https?://127\.0\.0\.1:(\d+)")[1]
        self.address = ("127.0.0.1", int(port))
        self.wait_for(r"(?m)^ready\r?$")

    def _read(self):
        try:
            while self._enough not in select.select([self._ours, self._enough], [], [])[0]:
                self._text += os.read(self._ours, 65536).decode("utf-8", "replace")
        except OSError:
            pass  # nobody has it open any more

    def text(self):
        return self._text

    def wait_for(self, pattern, begin=0):
        """The match in what was printed from there on."""
        try:
            return wait_until(lambda: re.compile(pattern).search(self._text, begin), repr(pattern))
        except AssertionError as error:
            raise AssertionError(f"{error}; the terminal shows:\n{self._text}") from None

    def type(self, text):
        os.write(self._ours, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self._ours)[3] & termios.ECHO)

    def close_window(self):
        # Whoever reads it keeps it open.
        os.write(self._told_enough, b".")
        self._reader.join()
        os.close(self._ours)
        self._ours = None

    def connect(self):
        return RawClient(self.address)

    def wait_for_exit(self, deadline=DEADLINE):
        status = self._process.wait(deadline)
        wait_until(lambda: not processes.processes_of_session(self.pid), "the end of all of bundle's processes")
        return status

    def end(self):
        """Whatever state it is in."""
        for pid in processes.processes_of_session(self.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self._process.wait()
        if self._ours is not None:
            self.close_window()
        os.close(self._enough)
        os.close(self._told_enough)
