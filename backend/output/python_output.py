"""Standard output and standard error of an application: every line becomes a record of the error log."""

import io
import sys


class Output(io.RawIOBase):
    """What is written here is logged; fileno() is the descriptor that programs started from here write to."""

    def __init__(self, name, descriptor, log, flush):
        self.name = f"<{name}>"
        self._descriptor = descriptor
        self._log = log
        self._flush = flush

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def write(self, data):
        self._log(self._descriptor, bytes(data))
        return len(data)

    def flush(self):
        self._flush(self._descriptor)


for name, descriptor in (("stdout", 1), ("stderr", 2)):
    stream = io.TextIOWrapper(Output(name, descriptor, log, flush), encoding="utf-8", errors="backslashreplace",
                              line_buffering=True)
    setattr(sys, name, stream)
    setattr(sys, f"__{name}__", stream)
