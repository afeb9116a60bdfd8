"""Files that the front serves, and how a site falls through from files to the application."""

import os
import threading

import pytest
from support.bundle_process import APPS
from support.gate import Gate
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

SITE = """
[app.main]
wsgi = "echo:app"
directory = "{apps}"
workers = 1

[[site]]
root = "{directory}/public"
app = "main"

[[site.route]]
path = "/static/"
directory = "{directory}/static"
"""


@pytest.fixture
def files(serve, directory):
    home = directory / "0"  # where `serve` puts the first bundle
    for folder in ("public/folder", "static"):
        (home / folder).mkdir(parents=True)
    (home / "public/robots.txt").write_text("User-agent: *\n")
    (home / "public/folder/index.html").write_text("<h1>index</h1>")
    (home / "static/site.css").write_text("body { color: teal }\n")
    (home / "static/large.bin").write_bytes(os.urandom(1 << 20) * 5)
    (home / "static/.secret").write_text("secret")
    (home / "secret.txt").write_text("secret")
    (home / "static/escape.txt").symlink_to(home / "secret.txt")
    return serve(SITE)


def test_a_file_is_served_with_type_length_and_validators(files):
    answer = files.get("/static/site.css")

    assert answer.status == 200
    assert answer.body == b"body { color: teal }\n"
    assert answer.field("content-type").startswith("text/css")
    assert answer.field("content-length") == str(len(answer.body))
    assert answer.field("last-modified")
    assert answer.field("etag")


def test_a_file_in_the_root_comes_before_the_application(files):
    assert files.get("/robots.txt").text == "User-agent: *\n"


def test_a_folder_of_the_root_is_answered_with_its_index(files):
    answer = files.get("/folder/")

    assert answer.text == "<h1>index</h1>"
    assert answer.field("content-type").startswith("text/html")


def test_what_is_no_file_of_the_root_falls_through_to_the_application(files):
    assert files.get("/basket?item=1").json["environ"]["PATH_INFO"] == "/basket"
    assert files.get("/").json["environ"]["PATH_INFO"] == "/"


def test_a_post_to_a_path_without_a_file_reaches_the_application(files):
    assert files.post("/basket", b"item=1").json["body_length"] == 6


def test_a_static_route_without_a_file_is_404_and_not_the_application(files):
    answer = files.get("/static/none.css")

    assert answer.status == 404
    assert "environ" not in answer.text


def test_a_large_file_arrives_whole(files):
    expected = (files.directory / "static/large.bin").read_bytes()

    assert files.get("/static/large.bin").body == expected


def test_a_slow_reader_of_a_large_file_does_not_delay_others(files):
    with files.connect(receive_buffer=4096) as slow:
        slow.send(request_bytes("GET", "/static/large.bin"))
        slow.socket.recv(1)

        assert files.get("/static/site.css").status == 200


def test_an_unchanged_file_is_304(files):
    with files.connect() as client:
        first = client.request("GET", "/static/site.css")
        by_tag = client.request("GET", "/static/site.css", [("If-None-Match", first.field("etag"))])
        by_date = client.request("GET", "/static/site.css", [("If-Modified-Since", first.field("last-modified"))])

    assert (by_tag.status, by_date.status) == (304, 304)
    assert by_tag.field("etag") == first.field("etag")


def test_head_of_a_file_has_its_length_and_no_body(files):
    with files.connect() as client:
        head = client.request("HEAD", "/static/site.css")
        after = client.request("GET", "/static/site.css")

    assert head.field("content-length") == str(len(after.body))
    assert after.status == 200


def test_a_post_to_a_file_is_405(files):
    answer = files.post("/static/site.css", b"")

    assert answer.status == 405
    assert answer.field("allow")


@pytest.mark.parametrize("target", [
    "/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/..%2fsecret.txt", "/static//../../secret.txt",
    "/static/escape.txt", "/static/.secret", "/static/%00site.css", "/static/site.css%00.txt", "/static/..%5csecret.txt",
])
def test_nothing_outside_the_folder_is_served(files, target):
    answer = files.get(target)

    assert answer.status in (200, 400, 403, 404)  # 200: the application, for what leads out of /static/
    assert answer.body != b"secret"


def test_a_folder_that_changes_into_a_link_out_never_leads_out(files):
    """Between the look at a path and its opening, which are one for the kernel."""
    static = files.directory / "static"
    outside = files.directory / "outside"
    for folder in (static / "real", outside):
        folder.mkdir()
    (static / "real" / "x.txt").write_text("inside")
    (outside / "x.txt").write_text("secret")
    (static / "folder").symlink_to("real")
    done = threading.Event()

    def swap():
        while not done.is_set():
            for target in (outside, static / "real", "../outside", "real"):
                (static / "next").symlink_to(target)
                os.replace(static / "next", static / "folder")

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        with files.connect() as client:
            answers = {(answer.status, answer.body if answer.status == 200 else b"")
                       for answer in (client.request("GET", "/static/folder/x.txt") for _ in range(300))}
    finally:
        done.set()
        swapper.join()
    assert answers <= {(200, b"inside"), (404, b"")}


def test_files_are_served_while_every_worker_is_busy(serve, directory):
    (directory / "0" / "static").mkdir(parents=True)
    (directory / "0" / "static" / "a.txt").write_text("a")
    bundle = serve(SITE.replace("echo:app", "waits:app").replace('root = "{directory}/public"\n', "").replace(
        "workers = 1", 'workers = 1\nenv = { TEST_DIRECTORY = "{directory}" }'))
    with Gate(bundle.directory) as gate, bundle.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()

        assert bundle.get("/static/a.txt").text == "a"

        gate.let_through()
        assert client.read_answer().status == 200


@pytest.mark.parametrize(("target", "expected"), [
    ("/", lambda source: source),
    ("/offset", lambda source: source[10:]),
    ("/memory", lambda source: b"from memory"),
])
def test_wsgi_file_wrapper_sends_the_rest_of_the_file(serve_app, target, expected):
    sends_files = serve_app("sends_files:app")

    assert sends_files.get(target).body == expected((APPS / "sends_files.py").read_bytes())
