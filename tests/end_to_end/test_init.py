"""`bundle init`: what it finds in a project, and that what it writes serves."""

import venv

import pytest
from support.bundle_process import run_bundle

DJANGO_MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
DJANGO_SETTINGS = """
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "x"
ALLOWED_HOSTS = [".example.com", "127.0.0.1"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "collected"
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"
USE_TZ = True
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
"""
DJANGO = {
    "manage.py": DJANGO_MANAGE,
    "shop/__init__.py": "",
    "shop/settings.py": DJANGO_SETTINGS,
    "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    "shop/urls.py": "from django.http import HttpResponse\nfrom django.urls import path\n"
                    'urlpatterns = [path("", lambda request: HttpResponse("front page"))]\n',
    "collected/site.css": "css",
}
WSGI = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'plain']\n"


@pytest.fixture
def init(directory):
    """init({name: text}, *arguments) -> (ended, text of site.toml), in a project of these files."""
    project = directory / "project"

    def run(files, *arguments):
        for name, text in files.items():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_text(text)
        ended = run_bundle("init", *arguments, cwd=project)
        written = project / "site.toml"
        return ended, written.read_text() if written.exists() else None

    run.project = project
    return run


def assert_it_checks(init):
    checked = run_bundle("check", "--conf", "site.toml", cwd=init.project)
    assert (checked.returncode, checked.stderr) == (0, "")


def active_lines(text):
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_a_django_project_comes_with_its_static_files(init, serve):
    pytest.importorskip("django")
    ended, text = init(DJANGO)

    assert ended.returncode == 0, ended.stderr
    assert active_lines(text)[:3] == ["[app.main]", 'wsgi = "shop.wsgi:application"',
                                      'env = { DJANGO_SETTINGS_MODULE = "shop.settings" }']
    assert active_lines(text)[-4:] == ["[[site.route]]", 'path = "/static/"', 'directory = "collected"', "immutable = true"]
    assert '# hosts = ["example.com", "*.example.com", "127.0.0.1"]' in text
    assert '# directory = "media"' in text  # which is not there yet
    assert_it_checks(init)
    served = serve(text.replace("[app.main]", f'[app.main]\ndirectory = "{init.project}"')
                   .replace('"collected"', f'"{init.project}/collected"'))
    assert served.get("/", [("Host", "127.0.0.1")]).text == "front page"
    assert served.get("/static/site.css").text == "css"


def test_the_settings_that_wsgi_py_names_are_served(init):
    pytest.importorskip("django")
    wsgi = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.production")\n' + DJANGO["shop/wsgi.py"]
    production = DJANGO_SETTINGS.replace('"collected"', '"public"')

    ended, text = init(DJANGO | {"shop/wsgi.py": f"import os\n{wsgi}", "shop/production.py": production, "public/a.css": ""})

    assert "settings: shop.production, as wsgi.py says; manage.py has shop.settings" in ended.stdout
    assert 'env = { DJANGO_SETTINGS_MODULE = "shop.production" }' in text
    assert active_lines(text)[-2:] == ['directory = "public"', "immutable = true"]
    assert_it_checks(init)


def test_a_django_project_may_stand_one_folder_down_and_lack_its_settings(init):
    files = {f"code/{name}": text for name, text in DJANGO.items()}
    files["code/shop/settings.py"] = "raise KeyError('DATABASE_URL')\n"

    ended, text = init(files)

    assert ended.returncode == 0, ended.stderr
    assert "the settings could not be read: KeyError: 'DATABASE_URL'" in ended.stdout
    assert 'directory = "code"' in text
    assert_it_checks(init)


def test_static_files_that_nobody_collected_are_a_comment_and_a_next_step(init):
    pytest.importorskip("django")
    ended, text = init({name: text for name, text in DJANGO.items() if "collected" not in name})

    assert "collectstatic" in ended.stdout
    assert '# directory = "collected"' in text
    assert_it_checks(init)


@pytest.mark.parametrize(("files", "wsgi", "what"), [
    ({"hello.py": WSGI}, "hello:app", "a WSGI application"),
    ({"app.py": "from flask import Flask\napp = Flask(__name__)\n"}, "app:app", "a Flask application"),
    ({"blog/__init__.py": "from flask import Flask\ndef create_app(config=None):\n    return Flask(__name__)\n"},
     "blog:create_app()", "a Flask application"),
    ({"wsgi.py": "from blog import create_app\napplication = create_app('prod')\n",
      "blog/__init__.py": "def create_app(config):\n    pass\n"}, "wsgi:application", "a WSGI application"),
    ({"src/wiki/wsgi.py": WSGI, "src/wiki/__init__.py": ""}, "wiki.wsgi:app", "a WSGI application"),
    ({"setup.py": "app = 1\n", "tests/app.py": "app = 1\n", "run.py": "from wiki import app\n", "wiki/__init__.py": ""},
     "run:app", "a WSGI application"),
    ({"data.py": f"from {'a' * 500_000} import b\n", "hello.py": f"names = '{'a' * 500_000}'\n{WSGI}"},
     "hello:app", "a WSGI application"),
])
def test_an_application_is_found_by_reading(init, files, wsgi, what):
    ended, text = init(files)

    assert ended.returncode == 0, ended.stderr
    assert f'wsgi = "{wsgi}"' in text
    assert f"written for {what}, {wsgi}" in ended.stdout
    assert_it_checks(init)


@pytest.mark.parametrize(("inis", "paste", "what"), [
    ({"development.ini": "[app:main]\nuse = egg:wiki\npyramid.reload_templates = true\n",
      "production.ini": "[app:main]\nuse = egg:wiki\npyramid.reload_templates = false\n"},
     "production.ini", "a Pyramid project"),
    ({"alembic.ini": "[alembic]\n", "site.ini": "[server:main]\n[composite:site]\nuse = egg:Paste#urlmap\n"},
     "site.ini#site", "an application of Paste Deploy"),
])
def test_an_ini_file_of_paste_deploy_is_the_application(init, inis, paste, what):
    ended, text = init({"wiki/__init__.py": "def main(global_config, **settings):\n    pass\n", "app.py": WSGI, **inis})

    assert ended.returncode == 0, ended.stderr
    assert active_lines(text)[:2] == ["[app.main]", f'paste = "{paste}"']
    assert f"written for {what}, {paste}" in ended.stdout
    assert_it_checks(init)


def test_what_it_is_told_is_not_searched(init):
    ended, text = init({"odd.py": "service = None\n"}, "--wsgi", "odd:service")

    assert ended.returncode == 0, ended.stderr
    assert 'wsgi = "odd:service"' in text


def test_the_virtual_environment_of_the_project_is_named(init):
    init.project.mkdir()
    venv.create(init.project / ".venv", symlinks=True)

    ended, text = init({"hello.py": WSGI})

    assert 'virtualenv = ".venv"' in text
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(("files", "told"), [
    ({"notes.txt": ""}, "there is no manage.py, and no module with a WSGI callable"),
    ({"blog.py": "def create_app(config):\n    pass\n"}, "say which application it is with --wsgi MODULE:APP"),
    ({"main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}, "main:app speaks ASGI, which bundle does not serve yet"),
])
def test_where_nothing_is_found_nothing_is_written(init, files, told):
    ended, text = init(files)

    assert (ended.returncode, text) == (1, None)
    assert told in ended.stderr


def test_a_file_that_is_there_stays(init):
    ended, text = init({"hello.py": WSGI, "site.toml": "# mine\n"})

    assert (ended.returncode, text) == (1, "# mine\n")
    assert "site.toml is there already, and stays as it is" in ended.stderr
