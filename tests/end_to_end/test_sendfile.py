"""Applications that lead a request on: to an internal route (X-Accel-Redirect), or to a file (X-Sendfile)."""

import os
import re
from urllib.parse import urlencode

import pytest
from apps.leads_on import SECRET
from support.gate import Gate
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

SITE = """
[app.main]
wsgi = "leads_on:app"
directory = "{apps}"
workers = 1
env = { TEST_DIRECTORY = "{directory}" }
send_file_roots = ["media"]

[app.echo]
wsgi = "echo:app"
directory = "{apps}"
workers = 1

[app.without_roots]
wsgi = "leads_on:app"
directory = "{apps}"
workers = 1
env = { TEST_DIRECTORY = "{directory}" }

[[site]]
app = "main"
root = "public"
[[site.route]]
path = "/protected/"
directory = "media"
internal = true
[[site.route]]
path = "=/exact"
app = "echo"
internal = true
[[site.route]]
path = "/echo/"
app = "echo"
[[site.route]]
path = "/without/"
app = "without_roots"
"""

REPORT = b"%PDF-1.7 a report of 30 bytes\n"
LARGE = os.urandom(1 << 20) * 3


def write_files(home):
    for folder in ("media/sub", "public"):
        (home / folder).mkdir(parents=True)
    (home / "media/report.pdf").write_bytes(REPORT)
    (home / "media/sub/with space.txt").write_bytes(b"a space")
    (home / "media/100%25.txt").write_bytes(b"as it is written")
    (home / "media/large.bin").write_bytes(LARGE)
    (home / "media/.secret").write_bytes(b"secret")
    (home / "secret.txt").write_bytes(b"secret")
    (home / "media/escape.txt").symlink_to(home / "secret.txt")
    (home / "media/sub/inside.txt").symlink_to("../report.pdf")
    (home / "public/page.txt").write_bytes(b"public")


@pytest.fixture(scope="module")
def site(serve_for_module):
    bundle = serve_for_module(SITE, prepare=write_files)
    bundle.expect_log(r"may name no file|without an end|cannot be sent")
    return bundle


def target(path="/", **query):
    return f"{path}?{urlencode({name.replace('_', '-'): value for name, value in query.items()})}"


def accel(path, **query):
    return target(x_accel_redirect=path, **query)


def sendfile(path, **query):
    return target(x_sendfile=path, **query)


# What both do alike.
BOTH = pytest.mark.parametrize("lead", [lambda path, **query: accel(f"/protected/{path}", **query),
                                        lambda path, **query: sendfile(f"{{home}}/media/{path}", **query)],
                               ids=["accel", "sendfile"])


@BOTH
def test_the_file_is_the_answer_and_the_applications_body_is_dropped(site, lead):
    answer = site.get(lead("report.pdf"))

    assert (answer.status, answer.body) == (200, REPORT)
    assert answer.field("content-length") == str(len(REPORT))
    assert answer.field("content-type") == "application/pdf"
    assert answer.field("accept-ranges") == "bytes"


@BOTH
def test_the_fields_for_the_client_are_kept_and_those_for_the_server_are_not_sent(site, lead):
    answer = site.get(lead("large.bin", kept="1"))

    assert answer.body == LARGE
    assert answer.field("content-type") == "application/pdf"
    assert answer.field("content-disposition") == 'attachment; filename="report.pdf"'
    assert answer.field("cache-control") == "private, max-age=60"
    assert answer.field("expires") == "Thu, 01 Dec 2033 16:00:00 GMT"
    assert answer.field("content-security-policy") == "sandbox"
    assert [value for name, value in answer.fields if name == "set-cookie"] == ["a=1", "b=2"]
    assert not [name for name, _ in answer.fields if name.startswith(("x-accel", "x-sendfile"))]


@BOTH
def test_what_describes_the_dropped_body_gives_way_to_what_describes_the_file(site, lead):
    answer = site.get(lead("report.pdf"))

    assert "of the body" not in answer.field("etag")
    assert "1994" not in answer.field("last-modified")
    assert answer.field("content-encoding") is None


@BOTH
def test_conditions_ranges_and_head_work_as_for_any_file(site, lead):
    where = lead("report.pdf", kept="1")
    with site.connect() as client:
        whole = client.request("GET", where)
        unchanged = client.request("GET", where, [("If-None-Match", whole.field("etag"))])
        part = client.request("GET", where, [("Range", "bytes=1-3")])
        beyond = client.request("GET", where, [("Range", "bytes=99-")])
        head = client.request("HEAD", where)
        again = client.request("GET", where)

    assert (unchanged.status, unchanged.field("etag")) == (304, whole.field("etag"))
    assert (unchanged.field("cache-control"), unchanged.field("content-type")) == ("private, max-age=60", None)
    assert (part.status, part.body) == (206, REPORT[1:4])
    assert part.field("content-range") == f"bytes 1-3/{len(REPORT)}"
    assert part.field("content-disposition") == 'attachment; filename="report.pdf"'
    assert (beyond.status, beyond.field("content-range")) == (416, f"bytes */{len(REPORT)}")
    assert (head.status, head.field("content-length")) == (200, str(len(REPORT)))
    assert again.body == REPORT


@BOTH
def test_a_post_is_answered_with_the_whole_file(site, lead):
    with site.connect() as client:
        answer = client.request("POST", lead("report.pdf"), [("Range", "bytes=1-3")], b"name=value")
        assert client.request("GET", lead("report.pdf")).body == REPORT

    assert (answer.status, answer.body) == (200, REPORT)


@BOTH
def test_http_1_0_gets_the_file_too(site, lead):
    with site.connect() as client:
        assert client.request("GET", lead("large.bin"), version="1.0").body == LARGE


@BOTH
@pytest.mark.parametrize("path", ["none.txt", "sub", "sub/", "", ".secret", "escape.txt", "sub/../.secret",
                                  "report.pdf/x", "report.pdf\\"])
def test_what_is_no_file_below_the_folder_is_404_and_logged(site, lead, path):
    begin = len(site.log.lines())
    answer = site.get(lead(path))

    assert answer.status == 404
    assert SECRET not in answer.body
    assert not [value for _, value in answer.fields if "=1" in value]
    site.wait_for_log(rf"leads to nothing.*request_id={answer.field('x-request-id')}", begin=begin)


@BOTH
def test_a_link_inside_the_folder_is_followed(site, lead):
    assert site.get(lead("sub/inside.txt")).body == REPORT


@BOTH
def test_a_file_that_was_just_replaced_is_sent_as_it_is_now(site, lead):
    file = site.directory / "media" / "changes.txt"
    for number in range(20):
        file.write_bytes(b"%d" % number)
        assert site.get(lead("changes.txt")).body == b"%d" % number
    file.unlink()
    assert site.get(lead("changes.txt")).status == 404


@BOTH
def test_the_access_log_has_one_line_with_the_size_of_the_file(site, lead):
    where = lead("large.bin", nonce=lead("x")[:9])
    site.get(where)

    line = site.wait_for_access_log(re.escape(where))
    assert f'" 200 {len(LARGE)} ' in line
    assert len([line for line in site.output.lines() if where in line]) == 1


@BOTH
def test_the_application_that_streams_a_body_besides_is_rid_of_its_request(site, lead):
    assert site.get(lead("report.pdf").replace("/?", "/stream?", 1)).body == REPORT
    assert site.get(lead("report.pdf")).body == REPORT


@BOTH
def test_the_worker_is_free_while_a_slow_client_takes_the_file(site, lead):
    with site.connect(receive_buffer=4096) as slow:
        slow.send(request_bytes("GET", lead("large.bin")))
        slow.socket.recv(1)

        assert site.get(lead("report.pdf")).body == REPORT


@BOTH
def test_a_type_of_the_applications_own_replaces_that_of_the_file(site, lead):
    assert site.get(lead("report.pdf", type="text/plain")).field("content-type") == "text/plain"


@pytest.mark.parametrize("status", ["404 Not Found", "302 Found", "204 No Content"])
def test_the_applications_status_gives_way_to_that_of_the_file(site, status):
    assert site.get(accel("/protected/report.pdf", status=status)).status == 200


# --- X-Accel-Redirect ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("path", ["/protected/report.pdf", "/protected/", "/protected", "/protected/sub/..%2freport.pdf",
                                  "/x/../protected/report.pdf", "//protected/report.pdf", "/%70rotected/report.pdf",
                                  "/exact", "/protected/none"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_an_internal_route_is_not_there_for_clients(site, path, method):
    with site.connect() as client:
        assert client.request(method, path, body=b"" if method == "POST" else None).status == 404


def test_the_path_is_percent_decoded_and_its_query_is_none_of_the_files(site):
    assert site.get(accel("/protected/sub/with%20space.txt?v=2")).body == b"a space"
    assert site.get(accel("/protected/sub/with space.txt")).body == b"a space"
    assert site.get(accel("/protected/100%2525.txt")).body == b"as it is written"


def test_a_path_longer_than_a_request_line_is_404(site):
    assert site.get(accel("/echo/" + "a" * 4000)).status == 200
    too_long = "/echo/" + " " * 400 + "a" * 7000  # each space is "%20" of a target
    assert site.get(f"/?x-accel-redirect={too_long.replace(' ', '+')}").status == 404


def test_it_leads_to_the_files_of_the_site_too(site):
    assert site.get(accel("/page.txt")).body == b"public"


@pytest.mark.parametrize("path", ["protected/report.pdf", "@named", "http://other.example/protected/report.pdf",
                                  "/protected/%zz", "/protected/%00", "/../protected/report.pdf"])
def test_what_is_no_path_is_404(site, path):
    assert site.get(accel(path)).status == 404


def test_an_application_gets_a_get_with_the_new_path_and_no_body(site):
    with site.connect() as client:
        answer = client.request("POST", accel("/echo/new%20path?x=%31"),
                                [("X-Own", "1"), ("Content-Type", "text/plain")], b"a body")
        assert client.request("GET", "/echo/").status == 200

    environ = answer.json["environ"]
    assert (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("GET", "/echo/new path")
    assert (environ["QUERY_STRING"], environ["RAW_URI"]) == ("x=%31", "/echo/new%20path?x=%31")
    assert environ["HTTP_X_OWN"] == "1"
    assert environ.get("CONTENT_LENGTH", "") == environ.get("CONTENT_TYPE", "") == ""
    assert answer.json["body_length"] == 0


def test_an_application_that_is_led_to_may_be_internal_and_gets_a_head_as_head(site):
    assert site.get(accel("/exact")).json["environ"]["PATH_INFO"] == "/exact"
    with site.connect() as client:
        assert client.request("HEAD", accel("/exact")).status == 200


def test_cookies_of_both_applications_are_sent(site):
    answer = site.get(accel("/echo/", kept="1"))

    assert [value for name, value in answer.fields if name == "set-cookie"] == ["a=1", "b=2"]
    assert answer.field("content-type") == "application/json"
    assert answer.field("cache-control") == "private, max-age=60"


def test_an_application_may_lead_to_one_that_leads_to_a_file(site):
    assert site.get(accel(accel(accel("/protected/report.pdf")))).body == REPORT


def test_leading_on_without_an_end_is_500(site):
    where = "/protected/report.pdf"
    for _ in range(5):
        where = accel(where)
    assert site.get(where).body == REPORT
    assert site.get(accel(where)).status == 500


def test_a_client_that_leaves_while_the_second_application_works_costs_nothing(serve):
    bundle = serve("""
[app.main]
wsgi = "leads_on:app"
directory = "{apps}"
workers = 1
env = { TEST_DIRECTORY = "{directory}" }
[app.waits]
wsgi = "waits:app"
directory = "{apps}"
workers = 1
env = { TEST_DIRECTORY = "{directory}" }
[[site]]
app = "main"
[[site.route]]
path = "=/wait"
app = "waits"
internal = true
""")
    with Gate(bundle.directory) as gate:
        with bundle.connect() as client:
            client.send(request_bytes("GET", accel("/wait")))
            gate.wait_until_reached()
            client.reset()
        gate.let_through()
        bundle.wait_for_access_log(r'" 499 ')
    assert bundle.get(accel("/none")).status == 200  # the application itself, which is led to once more and no further


# --- X-Sendfile ---------------------------------------------------------------------------------------------

def test_a_path_may_be_written_as_it_is_or_percent_encoded(site):
    assert site.get(sendfile("{home}/media/sub/with space.txt")).body == b"a space"
    assert site.get(sendfile("{home}/media/sub/with%20space.txt")).body == b"a space"
    assert site.get(sendfile("{home}/media/100%25.txt")).body == b"as it is written"


@pytest.mark.parametrize("path", ["../secret.txt", "sub/%2e%2e/%2e%2e/secret.txt", "..%2fsecret.txt", "..%2Freport.pdf",
                                  "sub/..%2freport.pdf", "sub%2f%2e%2e%2freport.pdf"])
def test_nothing_leads_up_from_a_folder(site, path):
    assert site.get(sendfile(f"{{home}}/media/{path}")).status == 404


@pytest.mark.parametrize("path", ["{home}/secret.txt", "{home}/mediax/report.pdf", "/etc/passwd", "report.pdf", "/", "%"])
def test_a_path_outside_the_roots_is_404_and_logged(site, path):
    begin = len(site.log.lines())
    assert site.get(sendfile(path)).status == 404
    site.wait_for_log("below no folder of send_file_roots", begin=begin)


def test_without_roots_it_is_404_and_the_log_says_once_what_to_write(site):
    for _ in range(3):
        answer = site.get(target("/without/", x_sendfile="/etc/passwd"))
        assert answer.status == 404
        assert "passwd" not in answer.text
        assert answer.field("x-sendfile") is None
    assert site.get(sendfile("/last")).status == 404

    site.wait_for_log('path="/last"')
    told = [line for line in site.log.lines() if "may name no file" in line]
    assert len(told) == 1
    assert 'send_file_roots = ["/folder"] in [app.without_roots]' in told[0]


def test_roots_may_be_given_by_a_link_and_files_by_where_it_leads(serve, directory):
    home = directory / "0"
    (home / "releases/42/media").mkdir(parents=True)
    (home / "releases/42/media/a.txt").write_text("a")
    (home / "current").symlink_to("releases/42")
    bundle = serve("""
[app.main]
wsgi = "leads_on:app"
directory = "{apps}"
env = { TEST_DIRECTORY = "{directory}" }
send_file_roots = ["current/media"]
""")

    assert bundle.get(sendfile("{home}/current/media/a.txt")).body == b"a"
    assert bundle.get(sendfile(f"{home.resolve()}/releases/42/media/a.txt")).body == b"a"


def test_a_client_never_sees_a_field_for_the_server(site):
    answer = site.get("/")

    assert answer.body == SECRET
    assert not [name for name, _ in answer.fields if name.startswith(("x-accel", "x-sendfile"))]
