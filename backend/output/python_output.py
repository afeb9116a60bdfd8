"""Standard output and standard error of an application: every line becomes a record of the error log.

Each write comes here at once, because text that waits in a TextIOWrapper waits among that of other threads.
"""

import io
import logging
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


class LastResort(logging.Handler):
    """For records that no handler of the application takes: they keep their level."""

    def emit(self, record):
        try:
            log_record(record.levelno, self.format(record))
        except Exception:
            self.handleError(record)


logging.lastResort = LastResort(logging.WARNING)
logging.lastResort.setFormatter(logging.Formatter("%(name)s: %(message)s"))
for name, descriptor in (("stdout", 1), ("stderr", 2)):
    stream = io.TextIOWrapper(Output(name, descriptor, log, flush), encoding="utf-8", errors="backslashreplace",
                              write_through=True)
    setattr(sys, name, stream)
    setattr(sys, f"__{name}__", stream)
