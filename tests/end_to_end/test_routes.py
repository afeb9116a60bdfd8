"""Routes of a site: which one a path meets, and what each kind of them answers."""


import pytest
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
"""


def route(path, **options):
    keys = {name.rstrip("_"): value for name, value in options.items()}
    lines = "\n".join(f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
                      for name, value in keys.items())
    return f"[[site.route]]\npath = '{path}'\n{lines}\n"


ROUTES = "".join([
    route("/static/", directory="{directory}/static"),
    route("=/static/exact.txt", return_=200, body="exact"),
    route("/static/deep/", return_=200, body="deep"),
    route("*.php", return_=410),
    route("/glob/**/end", return_=200, body="glob"),
    route("/old/", redirect="/new/$rest$query"),
    route("=/temporary", redirect="https://www.$host$request_uri", status=302),
    route("=/see", redirect="/seen", status=303),
    route("/kept/", redirect="$scheme://$host:8443$path", status=308),
    route("=/ping", return_=200, body="pong"),
    route("=/empty", return_=200),
    route("=/nothing", return_=204),
    route("=/robots.txt", return_=200, body="User-agent: *"),
    route("=/page", return_=200, body="<h1>page</h1>"),
    route("=/status.json", return_=200, body="7"),
    route("=/forbidden", return_=403),
    route("=/teapot", return_=418, body="short and stout"),
    route("/hidden/", return_=444),
    route("/spa/", directory="{directory}/spa", fallback="/index.html"),
    route("/maybe/", directory="{directory}/static", fallback="app"),
    route("/shop/", app="main", mount="/shop"),
    route("/shop/admin/", app="main", mount="/shop"),
    route("/plain/", app="main"),
    route("/slow/", buffering=False),
    route("/caf\u00e9/", return_=200, body="coffee"),
    route("/with space/", return_=200, body="space"),
])


def put_files(directory):
    for name, text in {"public/robots.txt": "from the root", "public/about.html": "about", "static/a.txt": "static a",
                       "static/deep/x.txt": "not this", "static/index.php": "php source", "spa/index.html": "<app>",
                       "spa/app.js": "js", "public/folder/index.html": "folder",
                       "public/new.php": "never shown"}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)


@pytest.fixture(scope="module")
def routes(serve_for_module):
    return serve_for_module(SITE + ROUTES, put_files)


def path_info(answer):
    return answer.json["environ"]["PATH_INFO"]


# ---- which route ----


@pytest.mark.parametrize(("target", "text"), [
    ("/static/a.txt", "static a"),
    ("/static/exact.txt", "exact"),
    ("/static/deep/x.txt", "deep"),
    ("/static/deep", "deep"),
    ("/static/index.php", "php source"),
    ("/glob/a/b/end", "glob"),
    ("/ping", "pong"),
    ("/ping?x=1", "pong"),
    ("/caf%C3%A9/menu", "coffee"),
    ("/with%20space/x", "space"),
    ("/%70ing", "pong"),
    ("/x/../ping", "pong"),
    ("//ping", "pong"),
    ("/static/%61.txt", "static a"),
    ("/static%2Fa.txt", "static a"),
])
def test_a_path_meets_the_most_specific_route(routes, target, text):
    answer = routes.get(target)

    assert (answer.status, answer.text) == (200, text)


@pytest.mark.parametrize("target", ["/staticx", "/Static/a.txt", "/ping/", "/pin", "/glob/end", "/glob/a/end/x",
                                    "/index.phpx", "/shopping"])
def test_what_only_looks_like_a_route_is_the_sites(routes, target):
    assert path_info(routes.get(target)) == target


@pytest.mark.parametrize("target", ["/index.php", "/a/b/index.php", "/new.php", "/a%2Fb%2Fc.php", "/x.%70hp"])
def test_a_pattern_is_met_wherever_the_last_segment_fits(routes, target):
    assert routes.get(target).status == 410


def test_a_route_with_options_only_answers_as_its_site(routes):
    assert path_info(routes.get("/slow/report")) == "/slow/report"


def test_options_of_the_server_reaches_the_application(routes):
    with routes.connect() as client:
        assert client.request("OPTIONS", "*").status == 200


# ---- redirects ----


@pytest.mark.parametrize(("target", "status", "location"), [
    ("/old/", 301, "/new/"),
    ("/old", 301, "/new/"),
    ("/old/a/b?x=1&y=2", 301, "/new/a/b?x=1&y=2"),
    ("/old/caf%C3%A9%20bar", 301, "/new/caf%C3%A9%20bar"),
    ("/old/%0d%0aSet-Cookie:%20a=b", 301, "/new/%0D%0ASet-Cookie:%20a=b"),
    ("/old//evil.test/x", 301, "/new/evil.test/x"),
    ("/old/%2Fevil.test", 301, "/new/evil.test"),
    ("/old/%5Cevil.test", 301, "/new/%5Cevil.test"),
    ("/old/x?q=%0d%0a", 301, "/new/x?q=%0d%0a"),
    ("/temporary?next=/a", 302, "https://www.test.example/temporary?next=/a"),
    ("/see", 303, "/seen"),
    ("/kept/x", 308, "http://test.example:8443/kept/x"),
])
def test_a_redirect_leads_where_its_target_says(routes, target, status, location):
    answer = routes.get(target)

    assert (answer.status, answer.field("location"), answer.body) == (status, location, b"")


def test_a_redirect_uses_the_host_without_its_port_and_case(routes):
    with routes.connect() as client:
        answer = client.request("GET", "/temporary", host="Shop.Test.:8000")

    assert answer.field("location") == "https://www.shop.test/temporary"


def test_a_redirect_that_needs_a_host_is_400_without_one(routes):
    with routes.connect() as client:
        assert client.request("GET", "/temporary", host=None, version="1.0").status == 400
    with routes.connect() as client:
        assert client.request("GET", "/see", host=None, version="1.0").status == 303


def test_a_redirect_of_a_post_reads_no_body_and_closes(routes):
    with routes.connect() as client:
        client.send(request_bytes("POST", "/kept/form", [("Expect", "100-continue"), ("Content-Length", "100000")]))
        answer = client.read_answer()

        assert answer.status == 308
        assert answer.interim == ()
        assert answer.field("connection") == "close"


def test_a_connection_goes_on_after_a_redirect(routes):
    with routes.connect() as client:
        assert [client.request("GET", target).status for target in ("/old/a", "/ping", "/old/b")] == [301, 200, 301]


def test_pipelined_redirects_are_answered_in_order(routes):
    with routes.connect() as client:
        client.send(b"".join(request_bytes("GET", f"/old/{number}") for number in range(20)))

        assert [client.read_answer().field("location") for _ in range(20)] == [f"/new/{n}" for n in range(20)]


# ---- returns ----


@pytest.mark.parametrize(("target", "content_type", "text"), [
    ("/ping", "text/plain; charset=utf-8", "pong"),
    ("/robots.txt", "text/plain; charset=utf-8", "User-agent: *"),
    ("/page", "text/html; charset=utf-8", "<h1>page</h1>"),
    ("/status.json", "application/json", "7"),
])
def test_a_return_says_what_its_body_is(routes, target, content_type, text):
    answer = routes.get(target)

    assert (answer.field("content-type"), answer.text) == (content_type, text)


def test_a_return_without_a_body_is_empty(routes):
    with routes.connect() as client:
        empty = client.request("GET", "/empty")
        nothing = client.request("GET", "/nothing")
        after = client.request("GET", "/ping")

    assert (empty.status, empty.field("content-length"), empty.body) == (200, "0", b"")
    assert (nothing.status, nothing.field("content-length")) == (204, None)
    assert after.text == "pong"


def test_a_returned_error_has_the_error_page_or_its_own_body(routes):
    page = routes.get("/forbidden", [("Accept", "text/html")])
    own = routes.get("/teapot")

    assert page.status == 403
    assert "You may not see this page" in page.text
    assert (own.status, own.text) == (418, "short and stout")


def test_head_of_a_return_has_no_body(routes):
    with routes.connect() as client:
        head = client.request("HEAD", "/ping")
        after = client.request("GET", "/ping")

    assert (head.status, head.field("content-length")) == (200, "4")
    assert after.text == "pong"


def test_a_return_takes_any_method_without_reading_its_body(routes):
    answer = routes.post("/ping", b"x" * 100)

    assert (answer.status, answer.text, answer.field("connection")) == (200, "pong", "close")


def test_a_returned_444_closes_without_an_answer(routes):
    with routes.connect() as client:
        client.send(request_bytes("GET", "/hidden/x"))
        assert client.read_to_end() == b""

    assert '"GET /hidden/x HTTP/1.1" 444 0 ' in routes.wait_for_access_log("/hidden/x")


# ---- files and what stands behind them ----


def test_a_single_page_application_answers_where_there_is_no_file(routes):
    assert routes.get("/spa/app.js").text == "js"
    for target in ("/spa/", "/spa/orders/7", "/spa/x.js"):
        answer = routes.get(target)
        assert (answer.status, answer.text) == (200, "<app>")
        assert answer.field("content-type").startswith("text/html")
    assert routes.post("/spa/orders", b"").status == 405


def test_a_fallback_file_is_revalidated_like_any_other(routes):
    with routes.connect() as client:
        first = client.request("GET", "/spa/orders")
        again = client.request("GET", "/spa/orders", [("If-None-Match", first.field("etag"))])

    assert again.status == 304


def test_a_directory_may_fall_back_to_the_application(routes):
    assert routes.get("/maybe/a.txt").text == "static a"
    assert path_info(routes.get("/maybe/none.txt")) == "/maybe/none.txt"
    assert path_info(routes.post("/maybe/a.txt", b"x")) == "/maybe/a.txt"


def test_a_root_gives_way_to_the_application(routes):
    assert routes.get("/about.html").text == "about"
    assert routes.get("/folder/").text == "folder"
    assert path_info(routes.get("/about")) == "/about"
    assert path_info(routes.post("/about.html", b"x")) == "/about.html"
    with routes.connect() as client:
        assert client.request("PUT", "/folder/", body=b"x").json["environ"]["REQUEST_METHOD"] == "PUT"


def test_a_root_without_fallback_is_404(serve, directory):
    put_files(directory / "0")
    bundle = serve(SITE + 'fallback = "404"\n' + route("/plain/", app="main"))

    assert bundle.get("/about.html").text == "about"
    assert bundle.get("/about").status == 404
    assert bundle.post("/about", b"x").status == 404
    assert path_info(bundle.get("/plain/x")) == "/plain/x"


def test_a_root_may_fall_back_to_a_file(serve, directory):
    put_files(directory / "0")
    bundle = serve(SITE + 'fallback = "/about.html"\n' + route("/api/", app="main"))

    assert bundle.get("/robots.txt").text == "from the root"
    assert bundle.get("/orders/7").text == "about"
    assert path_info(bundle.get("/api/x")) == "/api/x"


def test_a_fallback_file_that_is_gone_is_404(serve, directory):
    put_files(directory / "0")
    bundle = serve(SITE + 'fallback = "/none.html"\n')

    assert bundle.get("/orders/7").status == 404


# ---- mounts ----


@pytest.mark.parametrize(("target", "script_name", "rest"), [
    ("/shop/cart?id=1", "/shop", "/cart"),
    ("/shop/", "/shop", "/"),
    ("/shop", "/shop", ""),
    ("/shop/admin/x", "/shop", "/admin/x"),
    ("/shop/a%2Fb", "/shop", "/a/b"),
    ("/sh%6Fp/cart", "/shop", "/cart"),
    ("/plain/x", "", "/plain/x"),
])
def test_a_mount_is_the_script_name_and_the_rest_is_the_path_info(routes, target, script_name, rest):
    environ = routes.get(target).json["environ"]

    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == (script_name, rest)
    assert environ["RAW_URI"] == target


@pytest.fixture(scope="module")
def mounted(serve_for_module):
    pytest.importorskip("flask")
    return serve_for_module("""
[app.flask]
wsgi = "flask_site:app"
directory = "{apps}"
workers = 1
[[site]]
app = "flask"
[[site.route]]
path = "/blog/"
mount = "/blog"
""")


def test_flask_makes_urls_below_its_mount(mounted):
    moved = mounted.get("/blog/moved")

    assert moved.status == 302
    assert moved.field("location") == "/blog/?name=moved"
    assert mounted.get("/blog/where?a=1").json["url"] == "http://test.example/blog/where?a=1"
    assert mounted.get("/moved").field("location") == "/?name=moved"


def test_flask_answers_at_the_bare_mount(mounted):
    answer = mounted.get("/blog")

    assert answer.status in (200, 308)
    if answer.status == 308:
        assert answer.field("location") == "http://test.example/blog/"


def test_django_makes_urls_below_its_mount(serve, directory):
    pytest.importorskip("django")
    bundle = serve("""
[app.django]
wsgi = "django_site.wsgi:application"
directory = "{apps}"
workers = 1
env = { TEST_DIRECTORY = "{directory}", DJANGO_SETTINGS_MODULE = "django_site.settings" }
[[site]]
app = "off"
[[site.route]]
path = "/shop/"
app = "django"
mount = "/shop"
""")

    with bundle.connect() as client:
        admin = client.request("GET", "/shop/admin/", host="127.0.0.1")
        outside = client.request("GET", "/admin/", host="127.0.0.1")

    assert admin.status == 302
    assert admin.field("location") == "/shop/admin/login/?next=/shop/admin/"
    assert outside.status == 404
