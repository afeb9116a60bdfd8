"""The lines a process writes: collected by a thread, kept in a file, waited for without sleeping."""

import threading
import time

from support.processes import DEADLINE


class OutputLines:
    """Reads `stream` to its end in a thread; every line also goes to the file `path`."""

    def __init__(self, stream, path):
        self._stream = stream
        self._path = path
        self._lines = []
        self._ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def _collect(self):
        with open(self._path, "wb", buffering=0) as file:
            for raw in self._stream:
                file.write(raw)
                with self._changed:
                    self._lines.append(raw.decode("utf-8", "replace").rstrip("\n"))
                    self._changed.notify_all()
        self._stream.close()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def lines(self):
        with self._changed:
            return list(self._lines)

    def wait_for_line(self, matches, deadline=DEADLINE, begin=0):
        """(index, line) of the first line from number `begin` on for which matches(line); None at the end of the
        output or when the deadline passes."""
        end = time.monotonic() + deadline
        at = begin
        with self._changed:
            while True:
                for at in range(at, len(self._lines)):
                    if matches(self._lines[at]):
                        return at, self._lines[at]
                at = max(begin, len(self._lines))
                if self._ended or not self._changed.wait(end - time.monotonic()):
                    return None

    def wait_for_end(self, deadline=DEADLINE):
        """True when every process that could write here has closed its end."""
        self._thread.join(deadline)
        return not self._thread.is_alive()
