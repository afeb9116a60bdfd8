"""What a route says of its files: caching, compressed twins, listings, links, names with dots, types."""

import gzip
import html
import os
import re
import socket
import threading
import urllib.parse

import pytest
from support.processes import DEADLINE, wait_until
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

CSS = b"body { color: teal }\n" * 100

SITE = """
mime = { glb = "model/gltf-binary", txt = "text/x-note", css = "text/css; charset=latin1" }
[[site]]
app = "off"
gzip = false
[[site.route]]
path = "/plain/"
directory = "files"
precompressed = false
[[site.route]]
path = "/immutable/"
directory = "files"
immutable = true
[[site.route]]
path = "/expires/"
directory = "files"
expires = "1h"
[[site.route]]
path = "/both/"
directory = "files"
immutable = true
cache_control = "no-cache"
max_ranges = 1
[[site.route]]
path = "/list/"
directory = "files"
listing = true
[[site.route]]
path = "/json/"
directory = "files"
listing = "json"
[[site.route]]
path = "/deny/"
directory = "files"
symlinks = "deny"
[[site.route]]
path = "/follow/"
directory = "files"
symlinks = "follow"
[[site.route]]
path = "/dots/"
directory = "files"
dotfiles = true
[[site.route]]
path = "/gzip/"
directory = "files"
gzip = true
"""


def write_files(home):
    files = home / "files"
    for folder in ("folder", ".well-known", ".git", "listed", "empty", "closed"):
        (files / folder).mkdir(parents=True)
    (home / "outside.txt").write_text("outside")
    (files / "site.css").write_bytes(CSS)
    (files / "site.55e7cbb9ba48.css").write_bytes(CSS)
    (files / "a.glb").write_bytes(b"glTF")
    (files / "a.TXT").write_bytes(b"text")
    (files / ".env").write_text("secret")
    (files / ".git" / "config").write_text("secret")
    (files / ".well-known" / "security.txt").write_text("found")
    (files / "folder" / "index.html").write_text("<h1>index</h1>")
    (files / "in.txt").symlink_to("a.TXT")
    (files / "out.txt").symlink_to(home / "outside.txt")
    (files / "up").symlink_to("..")
    (files / "proc").symlink_to("/proc/self")
    (files / "listed" / "deep").mkdir()
    (files / "listed" / "b <i>&.txt").write_bytes(b"12345")
    (files / "listed" / ".hidden").write_bytes(b"")
    (files / "listed" / "a.bin").write_bytes(bytes(2048))
    (files / "listed" / os.fsdecode(b"\xff\xfe.txt")).write_bytes(b"bytes")
    (files / "twin.css").write_bytes(CSS)
    (files / "twin.css.gz").write_bytes(gzip.compress(CSS))
    (files / "twin.css.br").write_bytes(b"brotli, as it were" * 10)
    (files / "twin.css.zst").write_bytes(b"zstandard")
    (files / "stale.css").write_bytes(CSS)
    (files / "stale.css.gz").write_bytes(gzip.compress(b"old"))
    os.utime(files / "stale.css.gz", (1, 1))
    (files / "large.css").write_bytes(CSS * 60)
    (files / "huge.css").write_bytes(CSS * 200)


@pytest.fixture(scope="module")
def files(serve_for_module):
    return serve_for_module(SITE, prepare=write_files)


def ask(files, target, *fields, method="GET", version="1.1"):
    with files.connect() as client:
        client.send(request_bytes(method, target, [*fields, ("Connection", "close")], version=version))
        return client.read_answer(method)


def coded(files, target, accepted, *fields, **options):
    return ask(files, target, ("Accept-Encoding", accepted), *fields, **options)


# --- caching ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("target, expected", [
    ("/plain/site.55e7cbb9ba48.css", None),
    ("/immutable/site.55e7cbb9ba48.css", "public, max-age=31536000, immutable"),
    ("/immutable/site.css", "max-age=60"),
    ("/expires/site.css", "max-age=3600"),
    ("/expires/site.55e7cbb9ba48.css", "max-age=3600"),
    ("/both/site.css", "no-cache"),
    ("/both/site.55e7cbb9ba48.css", "public, max-age=31536000, immutable"),
])
def test_cache_control_is_what_the_route_says_of_such_a_name(files, target, expected):
    assert ask(files, target).field("cache-control") == expected


def test_not_modified_says_the_same_of_caching(files):
    tag = ask(files, "/expires/site.css").field("etag")
    answer = ask(files, "/expires/site.css", ("If-None-Match", tag))

    assert (answer.status, answer.field("cache-control"), answer.field("vary")) == (304, "max-age=3600", "Accept-Encoding")


def test_max_ranges_is_the_routes(files):
    assert ask(files, "/both/site.css", ("Range", "bytes=0-0,5-5")).status == 200
    assert ask(files, "/plain/site.css", ("Range", "bytes=0-0,5-5")).status == 206


# --- types ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name, expected", [
    ("a.glb", "model/gltf-binary"), ("a.TXT", "text/x-note; charset=utf-8"), ("site.css", "text/css; charset=latin1"),
    ("folder/", "text/html; charset=utf-8"),
])
def test_types_come_from_mime_and_text_has_a_charset(files, name, expected):
    assert ask(files, f"/plain/{name}").field("content-type") == expected


# --- compressed twins -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("accepted, expected", [
    ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"), ("gzip, zstd", "zstd"),
    ("gzip;q=1, br;q=0.5", "gzip"), ("br;q=0, gzip;q=0.1", "gzip"), ("x-gzip", "gzip"), ("*", "br"), ("*;q=0.5, br;q=0", "zstd"),
    ("identity", None), ("deflate", None), ("", None), ("gzip;q=0", None), ("gzip;q=0.5, identity", None),
])
def test_the_twin_that_the_client_likes_best_is_sent(files, accepted, expected):
    answer = coded(files, "/expires/twin.css", accepted)

    suffix = {None: "", "gzip": ".gz", "br": ".br", "zstd": ".zst"}[expected]
    assert answer.field("content-encoding") == expected
    assert answer.body == (files.directory / f"files/twin.css{suffix}").read_bytes()
    assert answer.field("content-type") == "text/css; charset=latin1"
    assert answer.field("vary") == "Accept-Encoding"


def test_without_accept_encoding_the_file_is_sent_as_it_is(files):
    answer = ask(files, "/expires/twin.css")

    assert (answer.body, answer.field("content-encoding"), answer.field("vary")) == (CSS, None, "Accept-Encoding")


def test_each_form_has_a_tag_of_its_own_that_is_good_for_304(files):
    tags = {accepted: coded(files, "/expires/twin.css", accepted).field("etag") for accepted in ("", "gzip", "br", "zstd")}

    assert len(set(tags.values())) == 4
    for accepted, tag in tags.items():
        again = coded(files, "/expires/twin.css", accepted, ("If-None-Match", tag))
        assert (again.status, again.field("etag")) == (304, tag)
    assert coded(files, "/expires/twin.css", "br", ("If-None-Match", tags["gzip"])).status == 200


def test_a_range_of_a_twin_is_one_of_its_bytes(files):
    whole = coded(files, "/expires/twin.css", "br")
    part = coded(files, "/expires/twin.css", "br", ("Range", "bytes=3-9"), ("If-Range", whole.field("etag")))

    assert (part.status, part.body, part.field("content-encoding")) == (206, whole.body[3:10], "br")


def test_head_tells_of_the_twin(files):
    get, head = (coded(files, "/expires/twin.css", "br", method=method) for method in ("GET", "HEAD"))

    for name in ("content-encoding", "content-length", "etag", "vary", "content-type"):
        assert head.field(name) == get.field(name)


def test_a_twin_that_is_older_than_its_file_is_not_sent(files):
    assert coded(files, "/expires/stale.css", "gzip").body == CSS


def test_twins_are_not_looked_for_where_the_route_says_so(files):
    answer = coded(files, "/plain/twin.css", "gzip, br")

    assert (answer.body, answer.field("vary")) == (CSS, None)


def test_a_twin_can_be_had_under_its_own_name(files):
    answer = ask(files, "/expires/twin.css.gz")

    assert (gzip.decompress(answer.body), answer.field("content-encoding")) == (CSS, None)


# --- compressed by us -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["site.css", "large.css"])
def test_a_file_without_a_twin_is_compressed(files, name):
    plain = ask(files, f"/gzip/{name}")
    answer = coded(files, f"/gzip/{name}", "gzip")

    assert gzip.decompress(answer.body) == plain.body
    assert answer.field("content-encoding") == "gzip"
    assert answer.field("content-length") == str(len(answer.body))
    assert answer.field("etag").startswith('W/"')
    assert answer.field("etag") != plain.field("etag")
    assert (answer.field("vary"), plain.field("vary")) == ("Accept-Encoding", "Accept-Encoding")
    assert answer.field("accept-ranges") is None


def test_what_was_compressed_is_not_modified_for_whoever_has_it(files):
    tag = coded(files, "/gzip/site.css", "gzip").field("etag")
    again = coded(files, "/gzip/site.css", "gzip", ("If-None-Match", tag))

    assert (again.status, again.field("etag")) == (304, tag)


def test_a_range_is_one_of_the_file_and_not_of_what_was_compressed(files):
    answer = coded(files, "/gzip/site.css", "gzip", ("Range", "bytes=0-9"))

    assert (answer.status, answer.body, answer.field("content-encoding")) == (206, CSS[:10], None)


@pytest.mark.parametrize("name", ["a.glb", "a.TXT", "huge.css"])
def test_what_is_small_or_dense_or_huge_is_not_compressed(files, name):
    assert coded(files, f"/gzip/{name}", "gzip").field("content-encoding") is None


# --- listings ---------------------------------------------------------------------------------------------------

def test_a_folder_without_an_index_shows_what_it_holds(files):
    page = ask(files, "/list/listed/")

    assert (page.status, page.field("content-type")) == (200, "text/html; charset=utf-8")
    links = [urllib.parse.unquote_to_bytes(html.unescape(link)) for link in re.findall(r'href="(.*?)"', page.text)]
    assert links == [b"../", b"./deep/", b"./a.bin", b"./b <i>&.txt", b"./\xff\xfe.txt"]
    assert "<i>" not in page.text


def test_every_link_of_a_listing_leads_to_its_file(files):
    for entry, contents in ((b"b <i>&.txt", b"12345"), (b"\xff\xfe.txt", b"bytes")):
        answer = ask(files, "/list/listed/" + urllib.parse.quote(entry))
        assert (answer.status, answer.body) == (200, contents)


def test_a_listing_as_json_has_types_and_sizes(files):
    entries = ask(files, "/json/listed/").json

    assert [(entry["name"], entry["type"], entry.get("size")) for entry in entries] == [
        ("deep", "directory", None), ("a.bin", "file", 2048), ("b <i>&.txt", "file", 5), ("\ufffd\ufffd.txt", "file", 5)]


def test_an_index_file_comes_before_a_listing(files):
    assert ask(files, "/list/folder/").text == "<h1>index</h1>"


def test_a_folder_without_its_slash_is_led_to_its_listing(files):
    answer = ask(files, "/list/listed")

    assert (answer.status, answer.field("location")) == (301, "/list/listed/")


def test_head_of_a_listing_has_its_length_and_no_body(files):
    get, head = (ask(files, "/list/listed/", method=method) for method in ("GET", "HEAD"))

    assert (head.body, head.field("content-length")) == (b"", str(len(get.body)))


@pytest.mark.parametrize("target", ["/plain/listed/", "/plain/listed", "/list/.git/", "/plain/"])
def test_nothing_is_listed_without_being_asked_for(files, target):
    assert ask(files, target).status == 404


# --- links and dots ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("target, status", [
    ("/plain/in.txt", 200), ("/plain/out.txt", 404), ("/plain/up/outside.txt", 404), ("/plain/proc/environ", 404),
    ("/deny/in.txt", 404), ("/deny/out.txt", 404), ("/deny/a.TXT", 200),
    ("/follow/in.txt", 200), ("/follow/out.txt", 200), ("/follow/proc/root/etc/passwd", 404), ("/follow/proc/fd/0", 404),
    ("/follow/../outside.txt", 404), ("/follow/%2e%2e/outside.txt", 404), ("/follow/folder/..%2f..%2foutside.txt", 404),
    ("/dots/../outside.txt", 404), ("/dots/%2e%2e/outside.txt", 404),
])
def test_links_lead_as_far_as_the_route_says(files, target, status):
    assert ask(files, target).status == status


@pytest.mark.parametrize("target, status", [
    ("/plain/.env", 404), ("/plain/.git/config", 404), ("/plain/.well-known/security.txt", 200),
    ("/dots/.env", 200), ("/dots/.git/config", 200), ("/dots/.well-known/security.txt", 200),
])
def test_names_that_begin_with_a_dot_are_found_where_the_route_says_so(files, target, status):
    assert ask(files, target).status == status


@pytest.mark.parametrize("escape", [
    "..", "%2e%2e", "%2E.", ".%2e", "..%00", "%252e%252e", "..%5c", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "%uff0e%uff0e",
    "..;", "....", ".%00.", "%2e%2e%2f%2e%2e", "a.TXT/..", "up", "proc/cwd", "proc/root", "%2fetc", "%5c..",
])
@pytest.mark.parametrize("route", ["plain", "list", "dots", "deny"])
def test_no_spelling_leads_out_of_the_folder(files, route, escape):
    for name in ("outside.txt", "etc/passwd"):
        answer = ask(files, f"/{route}/{escape}/{name}")
        assert answer.status in (400, 404)
        assert b"outside" not in answer.body.replace(b"/outside.txt", b"")
        assert b"root:" not in answer.body


def test_a_name_that_changes_between_a_file_and_a_link_out_never_leads_out(files):
    folder = files.directory / "files" / "race"
    folder.mkdir()
    target, link = folder / "x.txt", folder / "link"
    stop = threading.Event()

    def swap():
        while not stop.is_set():
            (folder / "new").write_text("inside")
            os.replace(folder / "new", target)
            link.symlink_to(files.directory / "outside.txt")
            os.replace(link, target)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        with files.connect() as client:
            for _ in range(300):
                answer = client.request("GET", "/plain/race/x.txt")
                assert (answer.status, answer.body) == (200, b"inside") or answer.status == 404
    finally:
        stop.set()
        swapper.join()


def test_a_socket_or_a_pipe_is_no_file(files):
    folder = files.directory / "files"
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
        assert [ask(files, f"/plain/{name}").status for name in ("pipe", "socket")] == [404, 404]


def test_a_file_that_was_replaced_is_served_as_it_is_a_second_later(files):
    file = files.directory / "files" / "changing.txt"
    file.write_bytes(b"old")
    assert ask(files, "/plain/changing.txt").body == b"old"
    file.with_suffix(".new").write_bytes(b"new and longer")
    os.replace(file.with_suffix(".new"), file)

    def answered():
        body = ask(files, "/plain/changing.txt").body
        assert body in (b"old", b"new and longer")
        return body != b"old"

    wait_until(answered, "the new file", DEADLINE)


def test_a_file_that_grows_while_it_is_sent_arrives_in_the_length_that_was_announced(files):
    file = files.directory / "files" / "growing.bin"
    file.write_bytes(bytes(8 << 20))
    with files.connect(receive_buffer=4096) as client:
        client.send(request_bytes("GET", "/plain/growing.bin"))
        head = client.read_head()
        with open(file, "ab") as growing:
            growing.write(b"more")
        assert head.field("content-length") == str(8 << 20)
        assert client.read_exactly(8 << 20) == bytes(8 << 20)
        assert client.request("GET", "/plain/a.glb").body == b"glTF"
