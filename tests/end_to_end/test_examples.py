"""The files below conf/ are what people copy: each one must load, and those whose packages are here are served."""

import pytest
from support.bundle_process import APPS, ROOT, run_bundle

CONF = ROOT / "conf"
FILES = [CONF / "site.toml", *sorted((CONF / "examples").glob("*.toml"))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_file_loads(file):
    ended = run_bundle("check", "--elsewhere", "--conf", file)

    assert ended.returncode == 0, ended.stderr
    assert "warning" not in ended.stdout


def test_the_demo_page_shows_its_worker_and_takes_an_upload(serve):
    text = (ROOT / "conf" / "site.toml").read_text()
    usual_port = '[[listen]]\naddress = "127.0.0.1:8000" '
    assert usual_port in text
    demo = serve(text.replace(usual_port, "#")
                 .replace('directory = "demo"', f'directory = "{ROOT}/conf/demo"')
                 .replace('directory = "../static"', f'directory = "{ROOT}/static"'))

    page = demo.get("/")
    upload = demo.post("/upload", b'--b\r\nContent-Disposition: form-data; name="file"; filename="a<b>.txt"\r\n\r\n'
                       b"content\r\n--b--\r\n", [("Content-Type", "multipart/form-data; boundary=b")])

    assert any(str(worker) in page.text for worker in demo.workers())
    assert page.field("x-request-id") in page.text
    assert "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73" in upload.text
    for target in ("/static/demo/demo.css", "/static/demo/bundle.svg"):
        assert target in page.text
        assert demo.get(target).status == 200


def example(name, home):
    """Its text for files below `home` in place of /srv, and with the users and packages of this machine."""
    lines = (CONF / "examples" / name).read_text().replace("/srv/", f"{home}/").splitlines()
    return "\n".join(line for line in lines if not line.startswith(("virtualenv", "user")))


def put(home, files):
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)


def ask(bundle, target, host):
    with bundle.connect() as client:
        return client.request("GET", target, host=host)


DJANGO = {
    "shop/shop/__init__.py": "",
    "shop/shop/settings.py": 'SECRET_KEY = "x"\nALLOWED_HOSTS = ["example.com"]\nROOT_URLCONF = "shop.urls"\n'
                             "INSTALLED_APPS = []\nMIDDLEWARE = []\nUSE_TZ = True\n",
    "shop/shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    "shop/shop/urls.py": """
from django.http import HttpResponse
from django.urls import path

def invoice(request, number):
    answer = HttpResponse()
    answer["X-Accel-Redirect"] = f"/protected/invoices/{number}.txt"
    return answer

urlpatterns = [path("", lambda request: HttpResponse("front page")), path("invoices/<int:number>/", invoice),
               path("admin/", lambda request: HttpResponse("admin")),
               path("upload/", lambda request: HttpResponse(str(len(request.body))))]
""",
    "shop/staticfiles/site.css": "css", "shop/media/photo.svg": "<svg/>", "shop/protected/invoices/7.txt": "invoice 7",
    "shop/errors/404.html": "our 404", "shop/errors/500.html": "our 500",
}


def test_the_django_example_is_served(serve, directory):
    pytest.importorskip("django")
    home = directory / "srv"
    put(home, DJANGO)
    bundle = serve(example("django.toml", home))

    page = ask(bundle, "/", "example.com")
    media = ask(bundle, "/media/photo.svg", "example.com")

    assert (page.text, page.field("x-frame-options")) == ("front page", "SAMEORIGIN")
    assert ask(bundle, "/static/site.css", "example.com").text == "css"
    assert ask(bundle, "/static/none.css", "example.com").text == "our 404"
    assert (media.text, media.field("content-security-policy")) == ("<svg/>", "sandbox")
    assert ask(bundle, "/invoices/7/", "example.com").text == "invoice 7"
    assert ask(bundle, "/protected/invoices/7.txt", "example.com").status == 404
    assert ask(bundle, "/admin/", "example.com").text == "admin"
    moved = ask(bundle, "/a?b=1", "www.example.com")
    assert (moved.status, moved.field("location")) == (301, "https://example.com/a?b=1")


FLASK = {
    "blog/blog.py": """
from flask import Flask, redirect, request, url_for

def create_app():
    app = Flask(__name__)
    app.add_url_rule("/", "index", lambda: "the blog at " + url_for("index"))
    app.add_url_rule("/feed", "feed", lambda: "feed " + request.args.get("page", "1"))
    app.add_url_rule("/home", "home", lambda: redirect(url_for("index")))
    return app
""",
    "blog/public/index.html": "welcome", "blog/account/index.html": "account", "blog/account/app.js": "js",
}


def test_the_flask_example_is_served(serve, directory):
    pytest.importorskip("flask")
    home = directory / "srv"
    put(home, FLASK)
    bundle = serve(example("flask.toml", home))

    assert bundle.get("/").text == "welcome"
    assert bundle.get("/none").status == 404
    assert bundle.get("/blog/").text == "the blog at /blog/"
    assert bundle.get("/blog/home").field("location") == "/blog/"
    assert bundle.get("/blog/feed?page=2").text == "feed 2"
    assert (bundle.get("/account/app.js").text, bundle.get("/account/orders/7").text) == ("js", "account")
    assert bundle.get("/feed.xml?page=2").field("location") == "/blog/feed?page=2"
    with bundle.connect() as client:
        client.send(b"GET /wp-login.php HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.read_to_end() == b""


PYRAMID = {
    "wiki/wiki/__init__.py": """
from pyramid.config import Configurator
from pyramid.response import Response

def page(request):
    return Response(f"{request.matchdict['name']} at {request.route_url('page', name='home')}")

def main(global_config, **settings):
    with Configurator(settings=settings) as config:
        config.add_route("page", "/pages/{name}")
        config.add_view(page, route_name="page")
        config.add_static_view("static", "wiki:static")
        return config.make_wsgi_app()
""",
    "wiki/production.ini": "[app:main]\nuse = call:wiki:main\n",
    "wiki/wiki/static/site.css": "css",
}


def test_the_pyramid_example_is_served(serve, directory):
    pytest.importorskip("pyramid")
    pytest.importorskip("paste.deploy")
    home = directory / "srv"
    put(home, PYRAMID)
    bundle = serve(example("pyramid.toml", home))

    page = ask(bundle, "/pages/front", "wiki.example.com")
    style = ask(bundle, "/static/site.css", "wiki.example.com")

    assert (page.text, page.field("x-frame-options")) == ("front at http://wiki.example.com/pages/home", "DENY")
    assert (style.text, style.field("cache-control")) == ("css", "public, max-age=86400")
    assert style.field("etag")  # the front's, not Pyramid's


def test_the_example_of_several_sites_is_served(serve, directory):
    home = directory / "srv"
    echo = (APPS / "echo.py").read_text()
    put(home, {"shop/shop/wsgi.py": echo + "\napplication = app\n", "shop/shop/__init__.py": "", "wiki/wiki.py": echo,
               "shop/public/robots.txt": "robots"})
    bundle = serve(example("several-sites.toml", home))

    shop = ask(bundle, "/cart", "www.shop.example").json
    wiki = ask(bundle, "/page", "acme.wiki.example").json

    assert shop["environ"]["HTTP_HOST"] == "www.shop.example"
    assert wiki["environ"]["HTTP_HOST"] == "acme.wiki.example"
    assert shop["pid"] != wiki["pid"]
    assert ask(bundle, "/robots.txt", "shop.example").text == "robots"
    assert ask(bundle, "/", "status.shop.example").text == "well"
    assert ask(bundle, "/", "elsewhere.example").status == 421
