"""brotli and zstd beside gzip: which of them is used, padding, and large answers, which are compressed beside all else."""

import gzip
import io
import signal
import subprocess
import threading

import pytest
from support.bundle_process import run_bundle
from support.gate import Gate
from support.raw_client import request_bytes

brotli = pytest.importorskip("brotli")
zstandard = pytest.importorskip("zstandard")
pytestmark = pytest.mark.front

LINE = b"All work and no play makes Jack a dull boy.\n"
CODINGS = ("br", "zstd", "gzip")

SITE = """
[app.main]
wsgi = "texts:app"
directory = "{apps}"
workers = 2
env = { TEST_DIRECTORY = "{directory}" }
[[site]]
app = "main"
[[site.route]]
path = "/ours/"
compression = ["gzip", "br"]
[[site.route]]
path = "/padded/"
compression_padding = 200
[[site.route]]
path = "/files/"
directory = "files"
compression_padding = 200
"""


@pytest.fixture(scope="module", autouse=True)
def _are_built_in(tmp_path_factory):
    file = tmp_path_factory.mktemp("codings") / "site.toml"
    file.write_text('[app.main]\nwsgi = "a:b"\n[[site]]\ncompression = ["br", "zstd"]\n')
    if "was built without" in run_bundle("check", "--elsewhere", "--conf", file).stdout:
        pytest.skip("bundle was built without brotli or zstd")


def write_files(home):
    (home / "files").mkdir()
    (home / "files" / "a.css").write_bytes(text(20_000))
    (home / "files" / "twin.css").write_bytes(text(20_000))
    (home / "files" / "twin.css.gz").write_bytes(gzip.compress(text(20_000)))


@pytest.fixture(scope="module")
def site(serve_for_module):
    return serve_for_module(SITE, prepare=write_files)


def text(size):
    return (LINE * (size // len(LINE) + 1))[:size]


def decoded(answer):
    body, coding = answer.body, answer.field("content-encoding")
    if coding == "br":
        return brotli.decompress(body)
    if coding == "zstd":
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body), read_across_frames=True).read()
    return gzip.decompress(body) if coding == "gzip" else body


def ask(site, target, accepted, *fields, method="GET"):
    with site.connect() as client:
        return client.request(method, target, [("Accept-Encoding", accepted), *fields])


@pytest.mark.parametrize("accepted, expected", [
    ("gzip, deflate, br, zstd", "br"), ("gzip, deflate, br", "br"), ("gzip, zstd", "zstd"), ("gzip", "gzip"), ("*", "br"),
    ("br;q=0.5, gzip", "gzip"), ("zstd;q=0.9, br;q=0.9, gzip", "gzip"), ("br;q=0, *;q=0.1", "zstd"), ("BR", "br"),
    ("zstd, identity;q=0", "zstd"), ("br;q=0.5, identity", None), ("br;q=0", None), ("deflate", None), ("", None),
])
def test_of_what_a_client_likes_as_much_the_better_coding_is_used(site, accepted, expected):
    answer = ask(site, "/?type=text/plain", accepted)

    assert answer.field("content-encoding") == expected
    assert (decoded(answer), answer.field("vary")) == (text(5000), "Accept-Encoding")


@pytest.mark.parametrize("accepted, expected", [("gzip, br, zstd", "gzip"), ("gzip;q=0.5, br", "br"), ("zstd", None)])
def test_a_route_may_say_which_codings_there_are_and_which_comes_first(site, accepted, expected):
    assert ask(site, "/ours/?type=text/plain", accepted).field("content-encoding") == expected


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("query", [
    "size=1025", "size=50000", "size=50000&announced=50000", "size=3000000", "size=3000000&announced=3000000",
    "size=70000&pieces=40", "size=70000&pieces=40&announced=2800000", "size=100&pieces=3000",
])
def test_every_body_arrives_as_it_was(site, coding, query):
    answer = ask(site, f"/?type=text/plain&{query}", coding)
    said = dict(pair.split("=") for pair in query.split("&"))

    assert answer.field("content-encoding") == coding
    assert decoded(answer) == text(int(said["size"])) * int(said.get("pieces", 1))


@pytest.mark.parametrize("coding", CODINGS)
def test_a_stream_stays_a_stream(serve, coding):
    bundle = serve(SITE.replace('directory = "files"', "return = 404"))
    with Gate(bundle.directory) as gate, bundle.connect() as client:
        client.send(request_bytes("GET", "/?type=text/plain&gate=1&size=300000", [("Accept-Encoding", coding)]))
        gate.wait_until_reached()
        assert client.read_head().field("content-encoding") == coding
        decoder = {"br": brotli.Decompressor, "zstd": lambda: zstandard.ZstdDecompressor().decompressobj(),
                   "gzip": lambda: __import__("zlib").decompressobj(31)}[coding]()
        take = decoder.process if coding == "br" else decoder.decompress
        first = b""
        while len(first) < 300_000:
            first += take(client.read_chunk())
        assert first == text(300_000)
        gate.let_through()
        rest = b""
        while chunk := client.read_chunk():
            rest += take(chunk)
        assert rest == text(300_000)


# --- files --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("coding", CODINGS)
def test_a_file_without_a_twin_is_compressed_by_what_the_client_takes(site, coding):
    plain, answer, again = (ask(site, "/files/a.css", accepted) for accepted in ("", coding, coding))

    assert (answer.field("content-encoding"), decoded(answer)) == (coding, plain.body)
    assert answer.field("content-length") == str(len(answer.body))
    assert answer.field("etag").startswith('W/"')
    assert (again.body, again.field("etag")) == (answer.body, answer.field("etag")), "it is kept, and without padding"
    unchanged = ask(site, "/files/a.css", coding, ("If-None-Match", answer.field("etag")))
    assert (unchanged.status, unchanged.body) == (304, b"")


def test_a_twin_comes_before_what_would_have_to_be_made(site):
    answer = ask(site, "/files/twin.css", "gzip, br, zstd")

    assert (answer.field("content-encoding"), answer.field("etag").startswith('"')) == ("gzip", True)
    assert decoded(answer) == text(20_000)


# --- padding ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("coding", CODINGS)
def test_padding_makes_answers_of_one_text_differ_in_length(site, coding):
    with site.connect() as client:
        answers = [client.request("GET", "/padded/?type=text/plain", [("Accept-Encoding", coding)]) for _ in range(30)]
        plain = [client.request("GET", "/?type=text/plain", [("Accept-Encoding", coding)]) for _ in range(3)]

    assert {decoded(answer) for answer in answers} == {text(5000)}
    if coding == "zstd":  # a client that knows only one frame
        assert {zstandard.ZstdDecompressor().decompressobj().decompress(answer.body) for answer in answers} == {text(5000)}
    lengths = {len(answer.body) for answer in answers}
    assert len(lengths) > 5
    assert max(lengths) <= len(plain[0].body) + 220
    assert len({len(answer.body) for answer in plain}) == 1


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("path", ["/", "/padded/"])
def test_curl_reads_every_coding_padded_or_not(site, coding, path):
    url = "http://{}:{}{}?type=text/plain".format(*site.address, path)
    for _ in range(3):
        done = subprocess.run(["curl", "-sS", "--compressed", "-H", f"Accept-Encoding: {coding}", url], capture_output=True,
                              check=False, timeout=30)
        if coding.encode() not in subprocess.run(["curl", "-V"], capture_output=True, check=True).stdout.replace(
                b"brotli", b"br").replace(b"libz", b"gzip"):
            pytest.skip(f"this curl does not know {coding}")
        assert (done.returncode, done.stderr, done.stdout) == (0, b"", text(5000))


# --- large answers ------------------------------------------------------------------------------------------------

LARGE = 20_000_000
ASK_LARGE = f"/?type=text/plain&size={LARGE}&announced={LARGE}"


@pytest.mark.parametrize("coding", CODINGS)
def test_many_large_answers_at_once_arrive_whole(site, coding):
    bodies = []

    def fetch():
        bodies.append(decoded(ask(site, "/?type=text/plain&size=4000000&announced=4000000", coding)))

    clients = [threading.Thread(target=fetch) for _ in range(8)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()

    assert len(bodies) == 8
    assert all(body == text(4_000_000) for body in bodies)


def test_a_client_that_leaves_while_its_answer_is_compressed_costs_nothing(site):
    for _ in range(5):
        with site.connect() as client:
            client.send(request_bytes("GET", ASK_LARGE, [("Accept-Encoding", "br")]))
            client.read_head()
            client.reset()
    answer = ask(site, ASK_LARGE, "br")

    assert decoded(answer) == text(LARGE)
    site.wait_for_access_log(r'" (200|499) ')


def test_term_waits_for_a_large_answer_that_is_being_compressed(serve):
    bundle = serve(SITE.replace('directory = "files"', "return = 404"))
    with bundle.connect() as client:
        client.send(request_bytes("GET", ASK_LARGE, [("Accept-Encoding", "gzip")]))
        client.read_head()

        bundle.signal(signal.SIGTERM)
        body = b""
        while chunk := client.read_chunk():
            body += chunk

    assert gzip.decompress(body) == text(LARGE)
    assert bundle.wait_for_exit() == 0


def test_int_does_not_wait_for_a_large_answer_that_is_being_compressed(serve):
    bundle = serve(SITE.replace('directory = "files"', "return = 404"))
    with bundle.connect() as client:
        client.send(request_bytes("GET", ASK_LARGE, [("Accept-Encoding", "gzip")]))
        client.read_head()

        bundle.signal(signal.SIGINT)
        assert bundle.wait_for_exit() == 0


def test_a_large_file_behind_what_was_written_first_is_compressed_with_it(serve, directory):
    (directory / "0").mkdir()
    (directory / "0" / "file.txt").write_bytes(text(3_000_000))
    bundle = serve(SITE.replace('directory = "files"', "return = 404"))

    answer = ask(bundle, "/?type=text/plain&file=file.txt&write=1&size=100", "br")

    assert decoded(answer) == text(100) + text(3_000_000)
