"""What /proc tells about the processes of a bundle, and waiting for what they do, always with a deadline."""

import os
import re
import select
import signal
import time
from pathlib import Path

DEADLINE = 10.0  # seconds; for what should take milliseconds, also on a busy machine under a sanitizer
POLL_INTERVAL = 0.01


def wait_until(condition, what, deadline=DEADLINE):
    """The first truthy value of condition(); AssertionError naming `what` when there is none in time.

    For conditions that only looking again can tell, such as the contents of /proc.
    """
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {deadline} s in vain for {what}"
        time.sleep(POLL_INTERVAL)


def wait_until_gone(pid, deadline=DEADLINE):
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ready, _, _ = select.select([process], [], [], deadline)
        assert ready, f"process {pid} did not end within {deadline} s"
    finally:
        os.close(process)


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def stat_fields(pid):
    """Fields 3.. of /proc/PID/stat (the name before them may hold anything), or None."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def parent_of(pid):
    fields = stat_fields(pid)
    return int(fields[1]) if fields and fields[0] != "Z" else None


def all_pids():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def children_of(pid):
    return sorted(child for child in all_pids() if parent_of(child) == pid)


def descendants_of(pid):
    found = []
    for child in children_of(pid):
        found += [child, *descendants_of(child)]
    return found


def executable_of(pid):
    try:
        return Path(os.readlink(f"/proc/{pid}/exe")).name
    except OSError:
        return ""


def cpu_ticks(pid):
    """User and system time in clock ticks, its threads included."""
    fields = stat_fields(pid)
    return int(fields[11]) + int(fields[12])


def resident_kib(pid):
    return int(re.search(r"^VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)[1])


def processes_of_session(session):
    """Who still lives in the session that a BundleProcess began; zombies are dead."""
    found = []
    for pid in all_pids():
        fields = stat_fields(pid)
        if fields and int(fields[3]) == session and fields[0] != "Z":
            found.append(pid)
    return found
