"""What `bundle check` and `bundle config --route` say of sites and routes."""

import os

import pytest
from support.bundle_process import run_bundle

SITE = """
[app.main]
wsgi = "hello:app"
[[site]]
hosts = ["example.com"]
root = "public"
errors = {{ 404 = "404.html" }}
[[site.route]]
path = "/static/"
directory = "static"
{more}
"""


@pytest.fixture
def site(directory):
    for folder in ("public", "static"):
        (directory / folder).mkdir()
    (directory / "404.html").write_text("none")

    def write(more=""):
        (directory / "site.toml").write_text(SITE.format(more=more))
        return directory / "site.toml"
    return write


def test_a_file_whose_folders_are_there_is_well(site):
    checked = run_bundle("check", "--conf", site())

    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(("gone", "complaint"), [
    ("public", "site.0.root is {directory}/public, which is no folder"),
    ("static", "site.0.route.0.directory is {directory}/static, which is no folder"),
    ("404.html", "site.0.errors has {directory}/404.html for 404, which is no file"),
])
def test_what_is_not_there_is_told_with_its_line(site, directory, gone, complaint):
    file = site()
    (directory / gone).rename(directory / "elsewhere")

    checked = run_bundle("check", "--conf", file)

    assert checked.returncode == 2
    assert complaint.format(directory=directory) in checked.stderr
    assert "site.toml:" in checked.stderr
    assert run_bundle("check", "--elsewhere", "--conf", file).returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can see with another user's eyes")
@pytest.mark.parametrize("closed", ["public", "static", "404.html"])
def test_what_the_fronts_user_cannot_read_is_told(site, directory, closed):
    directory.chmod(0o755)
    file = site('[server]\nuser = "nobody"\n')
    (directory / closed).chmod(0o700 if closed != "404.html" else 0o600)

    checked = run_bundle("check", "--conf", file)

    assert checked.returncode == 2
    assert f"user nobody cannot {'read' if closed == '404.html' else 'enter'} {directory / closed}" in checked.stderr


def test_a_route_that_can_never_match_is_a_warning(site):
    checked = run_bundle("check", "--conf", site('[[site.route]]\npath = "*.php"\nreturn = 404\n'
                                                 '[[site.route]]\npath = "/"\napp = "main"\n'))

    assert checked.returncode == 0
    assert 'the route "*.php" can never match' in checked.stdout
    assert "(warning)" in checked.stdout


@pytest.mark.parametrize(("more", "complaint"), [
    ('[[site]]\nhosts = ["Example.com."]\n', "hosts has Example.com. once more"),
    ('[[site.route]]\npath = "/static"\nreturn = 404\n', 'path is "/static" once more'),
    ('[[site.route]]\npath = "/a/"\nreturn = 404\nredirect = "/"\n', "has the actions redirect, return"),
    ('[[site.route]]\npath = "/a/"\nredirect = "//evil.test"\n', "would make the path's beginning a host"),
    ('[[site.route]]\npath = "/a/"\nredirect = "/$nothing"\n', "$nothing is unknown"),
    ('[[site.route]]\npath = "/a/../b"\nreturn = 404\n', "no request has such a path"),
    ('[[site.route]]\npath = "/a/"\nmount = "/b"\n', "does not lie below it"),
    ('[[site.route]]\npath = "/a/"\nheaders.set = { Content-Length = "1" }\n', "belongs to the connection"),
    ('[[site.route]]\npath = "/a/"\nallow = ["10.0.0.1/8"]\n', 'write "10.0.0.0/8"'),
    ('[[site.route]]\npath = "/a/"\nerrors = { 200 = "404.html" }\n', 'errors has "200"'),
    ('[[site.route]]\npath = "/a/"\n', "says nothing"),
])
def test_a_mistake_in_a_site_is_refused(site, more, complaint):
    checked = run_bundle("check", "--conf", site(more))

    assert checked.returncode == 2
    assert complaint in checked.stderr


def test_a_url_is_explained(site):
    explained = run_bundle("config", "--conf", site(), "--route", "https://example.com/static/a.css")

    assert explained.returncode == 0
    assert "which has the host example.com" in explained.stdout
    assert '"/static/" is the longest prefix of /static/a.css' in explained.stdout
    assert "/static/a.css\n" in explained.stdout


def test_what_is_no_url_is_wrong_usage(site):
    explained = run_bundle("config", "--conf", site(), "--route", "/static/a.css")

    assert explained.returncode == 2
    assert "is no URL" in explained.stderr
