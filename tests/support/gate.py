"""A gate at which an application of tests/apps waits until the test lets it through: no sleeps, no guessing.

The application calls gates.pass_gate(name) (tests/apps/gates.py); each gate is a FIFO in the bundle's directory.
"""

import errno
import os

from support.processes import DEADLINE, wait_until


class Gate:
    def __init__(self, directory, name="gate"):
        self.path = directory / f"{name}.fifo"
        os.mkfifo(self.path)
        self._writer = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        self.path.unlink()

    def _open_if_read(self):
        try:
            return os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:  # nobody reads yet
                raise
            return None

    def wait_until_reached(self, deadline=DEADLINE):
        """Somebody stands at the gate."""
        if self._writer is None:
            self._writer = wait_until(self._open_if_read, f"somebody at {self.path.name}", deadline)

    def let_through(self, count=1, deadline=DEADLINE):
        """Lets `count` callers pass, those that come later too."""
        wait_until(lambda: self._write(b"." * count), f"somebody at {self.path.name}", deadline)

    def _write(self, passes):
        self.wait_until_reached()
        try:
            return os.write(self._writer, passes)
        except BrokenPipeError:  # who stood here has left, and who comes next is not here yet
            return None  # our end stays open: one who comes just now must not read its end

    def close(self):
        """Everyone who waits fails with EOFError."""
        if self._writer is not None:
            os.close(self._writer)
            self._writer = None
