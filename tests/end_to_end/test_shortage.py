"""When descriptors or disk run out: those who are there are served, others wait or are told, and it passes."""

import hashlib
import resource

import pytest
from support.bundle_process import PRESET
from support.processes import wait_until
from support.raw_client import BadAnswer, request_bytes

pytestmark = pytest.mark.front

MEGABYTE = 1 << 20

SITE = """
[app.main]
wsgi = "{module}:app"
directory = "{{apps}}"
workers = 1
env = {{ TEST_DIRECTORY = "{{directory}}" }}

[[site]]
app = "main"

[[site.route]]
path = "/static/"
directory = "{{directory}}/static"
"""
DESCRIPTORS_ARE_SHORT = r"descriptors are short"
CANNOT_SPOOL = r"cannot (make|write) a temporary file"


class Limited:
    """The front may have no more of something than it is told, until this is over."""

    def __init__(self, bundle, kind, most):
        self._front, self._kind, self._most = bundle.front(), kind, most

    def __enter__(self):
        self._before = resource.prlimit(self._front, self._kind)
        resource.prlimit(self._front, self._kind, (self._most, self._before[1]))

    def __exit__(self, *_):
        resource.prlimit(self._front, self._kind, self._before)


@pytest.fixture
def serve_with_files(serve, directory):
    def start(module, **options):
        (directory / "0/static").mkdir(parents=True)
        for name in ("one", "two"):
            (directory / f"0/static/{name}.txt").write_text(name)
        return serve(SITE.format(module=module), **options)
    return start


def test_near_the_limit_of_descriptors_those_who_are_there_are_served_and_new_ones_wait(serve_with_files):
    bundle = serve_with_files("uploads")
    bundle.expect_log(DESCRIPTORS_ARE_SHORT)

    crowd = []
    with bundle.connect() as uploader, bundle.connect() as reader:
        # Not idle: they cannot give way.
        uploader.send(request_bytes("POST", "/", [("Content-Length", str(MEGABYTE))]))
        reader.send(b"GET /static/two.txt HT")
        with Limited(bundle, resource.RLIMIT_NOFILE, 64):
            for _ in range(64):
                crowd.append(bundle.connect())
                crowd[-1].send(b"GET /static/one.txt HT")
            bundle.wait_for_log(DESCRIPTORS_ARE_SHORT)

            # A body needs a temporary file, a file its own descriptor.
            uploader.send(b"x" * MEGABYTE)
            assert uploader.read_answer().json["length"] == MEGABYTE
            reader.send(b"TP/1.1\r\nHost: a\r\n\r\n")
            assert reader.read_answer().body == b"two"
            for one in crowd:
                one.close()
            bundle.wait_for_log("there are descriptors again")
            assert bundle.get("/static/one.txt").body == b"one"


def test_idle_connections_give_way_when_descriptors_are_short(serve_with_files):
    bundle = serve_with_files("uploads")
    bundle.expect_log(DESCRIPTORS_ARE_SHORT)

    with Limited(bundle, resource.RLIMIT_NOFILE, 64):
        crowd = []
        for _ in range(128):
            crowd.append(bundle.connect())
            assert crowd[-1].request("GET", "/static/one.txt").status == 200
    for one in crowd:
        one.close()


@pytest.mark.skipif(PRESET == "asan", reason="UBSan's look at a vptr needs a descriptor, and takes its lack for a fault")
def test_without_any_descriptor_left_a_request_is_told_so_and_the_worker_stays(serve_with_files):
    bundle = serve_with_files("sends_files")
    bundle.expect_log(DESCRIPTORS_ARE_SHORT)
    bundle.expect_log(CANNOT_SPOOL)
    worker = bundle.wait_for_workers(1)

    # Idle connections would give way: these have begun to ask.
    asked = ["GET /static/two.txt", "GET /", "GET /memory", "POST /"]
    clients = [bundle.connect() for _ in asked]
    for client, begin in zip(clients, asked):
        client.send(begin.encode())
    bundle.get("/static/one.txt")
    with Limited(bundle, resource.RLIMIT_NOFILE, 4):
        for client in clients[:3]:
            client.send(b" HTTP/1.1\r\nHost: a\r\n\r\n")
        clients[3].send(f" HTTP/1.1\r\nHost: a\r\nContent-Length: {MEGABYTE}\r\n\r\n".encode() + b"x" * MEGABYTE)
        file, from_worker, from_memory, upload = [client.read_answer() for client in clients]
    for client in clients:
        client.close()

    assert file.status == 503
    assert int(file.field("retry-after")) >= 1
    assert from_worker.status == 503
    assert from_memory.body == b"from memory"
    assert upload.status == 503
    wait_until(lambda: is_answered(bundle, "/static/two.txt"), "the return of descriptors")
    assert bundle.get("/").status == 200
    assert bundle.workers() == worker
    assert not [line for line in bundle.log.lines() if "worker disconnected" in line]


def is_answered(bundle, target):
    try:
        return bundle.get(target).status == 200
    except (ConnectionError, BadAnswer):
        return False


def test_a_full_disk_is_answered_507_and_the_service_goes_on(serve_with_files):
    bundle = serve_with_files("uploads")
    bundle.expect_log(CANNOT_SPOOL)

    with Limited(bundle, resource.RLIMIT_FSIZE, 128 << 10):
        with bundle.connect() as client:
            client.send(request_bytes("POST", "/", [("Content-Length", str(MEGABYTE))]) + b"x" * MEGABYTE)
            refused = client.read_answer()
        small = bundle.post("/", b"x" * 1000)

    assert refused.status == 507
    assert refused.field("connection") == "close"
    assert small.json["length"] == 1000
    wait_until(lambda: bundle.post("/", b"x" * MEGABYTE).status == 200, "the disk's return")


def test_an_answer_that_finds_the_disk_full_arrives_whole(serve_with_files):
    bundle = serve_with_files("streams")
    bundle.expect_log(CANNOT_SPOOL)
    whole = hashlib.sha256(bytes(range(256)) * 256 * 320).hexdigest()

    with Limited(bundle, resource.RLIMIT_FSIZE, 128 << 10), bundle.connect(receive_buffer=4096) as client:
        client.send(request_bytes("GET", "/large"))
        bundle.wait_for_log(CANNOT_SPOOL)

        assert hashlib.sha256(client.read_answer().body).hexdigest() == whole


def test_a_body_that_would_leave_too_little_space_is_refused_before_it_is_sent(serve_with_files):
    bundle = serve_with_files("uploads", settings=["server.temp_min_free=1024T"])

    with bundle.connect() as client:
        client.send(request_bytes("POST", "/", [("Content-Length", str(MEGABYTE)), ("Expect", "100-continue")]))
        answer = client.read_answer()

    assert answer.status == 507
    assert answer.interim == ()
    assert bundle.post("/", b"x" * 1000).status == 200
    bundle.wait_for_log(r"127\.0\.0\.1: its body would leave less disk than server\.temp_min_free \(1024T\): 507")


def test_a_worker_waits_for_its_client_when_its_answer_may_not_be_spooled(serve_with_files):
    bundle = serve_with_files("streams", settings=["server.temp_min_free=1024T"])
    whole = hashlib.sha256(bytes(range(256)) * 256 * 320).hexdigest()

    with bundle.connect(receive_buffer=4096) as client, bundle.connect() as other:
        client.send(request_bytes("GET", "/large"))
        client.read_head()
        other.send(request_bytes("GET", "/"))  # the only worker is held by the reader
        digest = hashlib.sha256()
        while piece := client.read_chunk():
            digest.update(piece)

        assert digest.hexdigest() == whole
        assert other.read_answer().body == b"ok"


def test_the_sum_of_temporary_files_is_bounded(serve_with_files):
    bundle = serve_with_files("uploads", settings=["server.temp_max=1M"])

    with bundle.connect() as first:
        first.send(request_bytes("POST", "/", [("Content-Length", str(MEGABYTE))]) + b"x" * (MEGABYTE - 1))
        refused = wait_until(lambda: [answer for answer in [announced(bundle)] if answer.status == 507], "a full spool")
        first.send(b"x")
        assert first.read_answer().status == 200

    assert refused
    wait_until(lambda: bundle.post("/", b"x" * MEGABYTE).status == 200, "room again")


def announced(bundle):
    """Announces a body of a megabyte, and sends it when it is wanted."""
    with bundle.connect() as client:
        client.send(request_bytes("POST", "/", [("Content-Length", str(MEGABYTE)), ("Expect", "100-continue")]))
        answer = client.read_head()
        if answer.status == 100:
            client.send(b"x" * MEGABYTE)
            answer = client.read_answer()
        return answer
