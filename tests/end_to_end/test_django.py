"""A Django project with its admin, from Debian's package: log in with CSRF, static files, upload."""

import hashlib
import http.cookiejar
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest
from support.bundle_process import APPS, TestDirectory, bundle_environment

PASSWORD = "correct horse"
SITE = """
[app.admin]
wsgi = "django_site.wsgi:application"
directory = "{apps}"
workers = 2
env = { TEST_DIRECTORY = "{directory}", DJANGO_SETTINGS_MODULE = "django_site.settings" }

[[site]]
app = "admin"

[[site.route]]
path = "/static/"
directory = "{directory}/static"
"""


PREPARE = """
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
call_command("createsuperuser", interactive=False, username="ada", email="ada@test.example", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
"""


@pytest.fixture(scope="module")
def prepared():
    """A directory with the database and the static files; each test gets a copy."""
    directory = TestDirectory()
    environment = bundle_environment({
        "TEST_DIRECTORY": str(directory.path), "DJANGO_SETTINGS_MODULE": "django_site.settings",
        "PYTHONPATH": str(APPS), "DJANGO_SUPERUSER_PASSWORD": PASSWORD})
    subprocess.run(["/usr/bin/python3", "-c", PREPARE], env=environment, check=True, timeout=100)
    yield directory.path
    directory.remove()


@pytest.fixture
def django(serve, directory, prepared):
    shutil.copytree(prepared, directory / "0")  # where `serve` puts the first bundle
    return serve(SITE)


class Browser:
    """Keeps cookies and sends forms with their CSRF token, as a browser does."""

    def __init__(self, bundle):
        self._base = f"http://127.0.0.1:{bundle.address[1]}"
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({}))

    def open(self, target, data=None, fields=None):
        request = urllib.request.Request(self._base + target, data, {"Referer": self._base + target, **(fields or {})})
        with self._opener.open(request, timeout=20) as answer:
            return answer.status, answer.read().decode(), answer.url

    def token(self, target):
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.open(target)[1])[1]

    def submit(self, target, values):
        values = dict(values, csrfmiddlewaretoken=self.token(target))
        return self.open(target, urllib.parse.urlencode(values).encode())

    def upload(self, target, values, name, data):
        boundary = uuid.uuid4().hex
        values = dict(values, csrfmiddlewaretoken=self.token(target))
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
                 for key, value in values.items()]
        parts += [f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                  "Content-Type: application/octet-stream\r\n\r\n".encode(), data, f"\r\n--{boundary}--\r\n".encode()]
        return self.open(target, b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def log_in(self):
        return self.submit("/admin/login/?next=/admin/", {"username": "ada", "password": PASSWORD})


def test_the_admin_lets_ada_in_and_works(django):
    browser = Browser(django)

    status, page, url = browser.log_in()
    assert status == 200
    assert url.endswith("/admin/")
    assert "Site administration" in page

    status, page, _ = browser.submit("/admin/auth/group/add/", {"name": "Editors"})
    assert status == 200
    assert "Editors" in page
    assert "was added successfully" in page


def test_a_wrong_password_is_refused(django):
    _, page, url = Browser(django).submit("/admin/login/", {"username": "ada", "password": "wrong"})

    assert "/admin/login/" in url
    assert "Please enter the correct username" in page


def test_a_form_without_its_token_is_refused(django):
    with pytest.raises(urllib.error.HTTPError) as refused:
        Browser(django).open("/admin/login/", b"username=ada")

    assert refused.value.code == 403


def test_the_admins_static_files_come_from_the_front(django):
    page = Browser(django).open("/admin/login/")[1]
    stylesheets = re.findall(r'href="(/static/[^"]+\.css)"', page)

    assert stylesheets
    for target in stylesheets:
        answer = django.get(target)
        assert answer.status == 200
        assert answer.field("content-type").startswith("text/css")
        assert answer.body == (django.directory / target.lstrip("/")).read_bytes()


@pytest.mark.parametrize("size", [100, 5_000_000])
def test_an_upload_arrives_in_the_view(django, size):
    browser = Browser(django)
    browser.log_in()
    data = hashlib.sha256(b"seed").digest() * (size // 32)

    status, page, _ = browser.upload("/upload/", {"note": "grüße"}, "data.bin", data)

    assert status == 200
    assert f'"size": {len(data)}' in page
    assert hashlib.sha256(data).hexdigest() in page
    assert '"user": "ada"' in page


def test_a_films_player_may_seek_in_what_a_file_response_sends(django):
    def get(*fields):
        return django.get("/film/", [("Host", "127.0.0.1"), *fields])

    whole = get()
    part = get(("Range", "bytes=10-19"), ("If-Range", whole.field("etag")))
    again = get(("If-None-Match", whole.field("etag")))

    assert (whole.status, whole.field("accept-ranges"), whole.field("content-type")) == (200, "bytes", "video/mp4")
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert again.status == 304
