"""What the stacks are asked for, and by which load."""

import statistics
from dataclasses import dataclass

from load import found, latency, requests_per_second, run_h2load, run_wrk
from transfers import run_transfers

MEGABYTE = 1 << 20
LARGE_FILE = "large.bin"  # in the stack's directory; tests/apps/transfers.py sends it


@dataclass(frozen=True)
class Scenario:
    name: str
    app: str  # of tests/apps
    target: str
    what: str
    connections: int = 64
    file_size: int = 0  # of a file that the front serves; then no worker is asked
    upload: int = 0  # bytes of each request's body
    download: int = 0  # bytes of each answer, where its size is what is measured
    needs_file: bool = False  # LARGE_FILE, as large as the download
    http2: bool = False  # over TLS

    @property
    def size(self):
        return self.upload or self.download

    @property
    def is_large(self):
        return self.size > MEGABYTE

    def clients(self):
        if self.http2:
            return f"{self.connections} connections with 4 streams each"
        return f"{self.connections} clients" if self.is_large else f"{self.connections} keep-alive connections"


@dataclass(frozen=True)
class Load:
    """What a load saw; every one of its requests was answered well."""

    requests: int
    requests_per_second: float
    p50: float  # milliseconds
    p99: float


def run_load(stack, scenario, seconds):
    if scenario.is_large:
        took, times = run_transfers(stack, scenario.target, seconds, connections=scenario.connections,
                                    upload=scenario.upload, download=scenario.download)
        times.sort()
        return Load(len(times), len(times) / took, statistics.median(times) * 1000, times[len(times) * 99 // 100] * 1000)
    if scenario.http2:
        return Load(*run_h2load(stack, scenario.target, seconds, connections=scenario.connections))
    said = run_wrk(stack, scenario.target, seconds, connections=scenario.connections, upload=scenario.upload)
    return Load(int(found(r"(\d+) requests in", said)[1]), requests_per_second(said), latency(50, said), latency(99, said))


SCENARIOS = (
    Scenario("hello", "hello:app", "/", "13 bytes from a WSGI application"),
    Scenario("static", "hello:app", "/file.bin", "a file of 1 KB that the front has open", file_size=1024),
    Scenario("static-10k", "hello:app", "/file.bin", "a file of 10 KB", file_size=10 << 10),
    Scenario("static-100k", "hello:app", "/file.bin", "a file of 100 KB", file_size=100 << 10),
    Scenario("static-100m", "hello:app", "/file.bin", "a file of 100 MB", connections=4, file_size=100 * MEGABYTE,
             download=100 * MEGABYTE),
    Scenario("miss", "hello:app", "/no/such/file", "no file, so 13 bytes from the application"),
    Scenario("gzip", "transfers:app", "/json", "50 KB of JSON from the application, sent as gzip"),
    Scenario("h2-hello", "hello:app", "/", "13 bytes from a WSGI application, by HTTP/2 over TLS", http2=True),
    Scenario("h2-static", "hello:app", "/file.bin", "a file of 1 KB by HTTP/2 over TLS", file_size=1024, http2=True),
    Scenario("flask", "flask_site:app", "/books", "1 KB of JSON from Flask"),
    Scenario("django", "django_site.wsgi:application", "/books/", "a page from a template of Django"),
    Scenario("body-1m", "transfers:app", "/whole", "1 MB in one piece", connections=16, download=MEGABYTE),
    Scenario("upload-1m", "transfers:app", "/upload", "1 MB to the application", connections=16, upload=MEGABYTE),
    Scenario("upload-64m", "transfers:app", "/upload", "64 MB to the application", connections=4,
             upload=64 * MEGABYTE),
    Scenario("file-64m", "transfers:app", "/file", "64 MB by wsgi.file_wrapper", connections=4,
             download=64 * MEGABYTE, needs_file=True),
    Scenario("generator-64m", "transfers:app", "/generator", "64 MB from a generator, 64 KB at a time", connections=4,
             download=64 * MEGABYTE),
)
