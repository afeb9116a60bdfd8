"""What the load programs share: wrk and what it says, CPU and memory of processes, the machine."""

import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000}
BROWSER_FIELDS = (
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language: en-US,en;q=0.5",
    "Accept-Encoding: gzip, deflate", "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Cookie: session=4f1c2a9b7d; theme=dark", "Upgrade-Insecure-Requests: 1", "Cache-Control: max-age=0",
)


def prepare(preset, *programs):
    """Before anything of tests/support is imported: it reads the preset."""
    os.environ["BUNDLE_PRESET"] = preset
    os.environ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
    for program in programs:
        if not shutil.which(program):
            sys.exit(f"{program} is missing; install it with: deploy/setup bench")


def allow_descriptors(count):
    """For this process and those that it starts; how many it became. Only root may have more than the hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(hard, count)))
        return count
    except (ValueError, PermissionError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))
        return min(count, hard)


def found(pattern, text):
    match = re.search(pattern, text)
    if not match:
        sys.exit(f"wrk said nothing that matches {pattern!r}:\n{text}")
    return match


def latency(percentile, text):
    match = found(rf"{percentile}%\s+([\d.]+)(us|ms|s)\b", text)
    return float(match[1]) * MILLISECONDS[match[2]]


def requests_per_second(said):
    return float(found(r"Requests/sec:\s+([\d.]+)", said)[1])


def cpu_microseconds(pids):
    """User and system time. The scheduler's own count: /proc/PID/stat has steps of 10 ms, a download takes less."""
    total = 0
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            total += int((thread / "schedstat").read_text().split()[0])
    return total / 1000


def shared_memory_of(pids):
    """Bytes of all of them together, what they share counted once (PSS); a process that just ended counts nothing."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += int(found(r"\nPss:\s+(\d+) kB", text)[1]) * 1024
    return total


def private_memory(pid):
    """Bytes that this process alone has written to, and so holds."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(found(r"Private_Dirty:\s+(\d+) kB", text)[1]) * 1024


def run_wrk(stack, target, seconds, *, connections=64, upload=0):
    """Requests for the target; with `upload` each is a POST with so many bytes."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--latency",
               "--timeout", "30s"]  # an answer later than wrk's 2 s is slow, and p99 says so; it is no error
    for field in BROWSER_FIELDS:
        command += ["--header", field]
    if upload:
        command += ["--script", Path(__file__).with_name("upload.lua")]
    command.append(f"http://127.0.0.1:{stack.port}{target}")
    if upload:
        command += ["--", str(upload)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    # A stack that errs is not fast: such figures may not stand beside the others.
    for trouble in ("Non-2xx", "Socket errors"):
        if trouble in said:
            sys.exit(f"{stack.name} made errors:\n{said}")
    return said


def run_h2load(stack, target, seconds, *, connections=64, streams=4):
    """Over HTTP/2: requests, requests a second, and in milliseconds the median and the 99th percentile."""
    with tempfile.NamedTemporaryFile("r") as log:
        command = ["h2load", "--clients", str(connections), "--max-concurrent-streams", str(streams), "--duration",
                   str(seconds), "--log-file", log.name]
        for field in BROWSER_FIELDS:
            command += ["--header", field]
        command.append(f"https://127.0.0.1:{stack.port}{target}")
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
        times = sorted(int(line.split()[2]) / 1000 for line in log)
    done, failed, errored = (int(found(rf"(\d+) {what}", said)[1]) for what in ("succeeded", "failed", "errored"))
    if failed or errored or done != int(found(r"(\d+) 2xx", said)[1]):
        sys.exit(f"{stack.name} made errors:\n{said}")
    return done, done / seconds, times[len(times) // 2], times[len(times) * 99 // 100]


def print_machine():
    processor = found(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text() + "model name: unknown\n")[1]
    print(f"{len(os.sched_getaffinity(0))} cores, {processor}, Linux {platform.release()}")
    for program, option in (("nginx", "-v"), ("gunicorn", "--version"), ("uwsgi", "--version"),
                            ("/usr/bin/python3", "--version")):
        if shutil.which(program):
            told = subprocess.run([program, option], capture_output=True, text=True, check=False)
            said = (told.stdout + told.stderr).strip()
            print(f"uWSGI {said}" if program == "uwsgi" else said)
