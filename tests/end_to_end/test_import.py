"""`bundle import`: its files, its exit statuses, and that what it writes checks."""

import pytest
from support.bundle_process import run_bundle

NGINX = "server { listen 8080; server_name shop.example; location / { proxy_pass http://127.0.0.1:8000; } }\n"


@pytest.fixture
def bring(directory):
    """bring({name: text}, *arguments) -> (ended, text of site.toml or None), in a folder with these files."""
    def run(files, *arguments, **environment):
        for name, text in files.items():
            (directory / name).write_text(text)
        ended = run_bundle("import", *arguments, cwd=directory, environment=environment)
        written = directory / "site.toml"
        return ended, written.read_text() if written.exists() else None

    run.directory = directory
    return run


def test_an_nginx_conf_and_a_command_line_become_a_file_that_checks(bring):
    ended, text = bring({"nginx.conf": NGINX}, "--nginx", "nginx.conf", "--gunicorn", "gunicorn -w 3 hello:app")

    assert ended.returncode == 0, ended.stderr
    assert 'wsgi = "hello:app"' in text
    assert "# nginx.conf:1" in text
    assert "site.toml: written" in ended.stdout
    checked = run_bundle("check", "--conf", "site.toml", cwd=bring.directory)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_what_nginx_refused_is_closed_or_told_last(bring):
    ended, text = bring({"nginx.conf": """
        server {
            listen 8080; server_name shop.example; root /srv/shop;
            location ~ ^/uploads/.*\\.(php|sql)$ { deny all; }
            location ~ "^/[a-f0-9]{32}$" { deny all; }
            location /docs/ { auth_basic "Members"; auth_basic_user_file /etc/htpasswd; }
            location / { try_files $uri $uri/ =404; }
        }"""}, "--nginx", "nginx.conf", "--gunicorn", "hello:app")

    assert ended.returncode == 0, ended.stderr
    assert 'path = "/uploads/**.sql"' in text
    assert text.count("return = 403") == 2
    assert "# nginx.conf:6: closed until you decide" in text
    closed, _, opened = ended.stdout.partition("was protected, is closed until you decide:")[2].partition("IS OPEN NOW")
    assert "/docs/ answers everybody 403" in closed
    assert "location ~ ^/[a-f0-9]{32}$" in opened


def test_a_config_file_of_gunicorn_is_run(bring):
    conf = ("import multiprocessing\nbind = ['127.0.0.1:8123']\nworkers = multiprocessing.cpu_count() * 0 + 3\n"
            "print('noise')\nraw_env = [f'A={1 + 1}']\ndef post_fork(server, worker):\n    pass\nworker_class = 'gevent'\n")
    ended, text = bring({"gunicorn.conf.py": conf}, "--gunicorn", "gunicorn -c gunicorn.conf.py -t 45 hello:app")

    assert ended.returncode == 0, ended.stderr
    for wanted in ('address = "127.0.0.1:8123"', "workers = 3", 'env = { A = "2" }', 'request_timeout = "45s"'):
        assert wanted in text
    assert "gunicorn.conf.py:3" in text
    told = ended.stdout.partition("not translated")[2]
    assert "gunicorn.conf.py:8" in told
    assert "bundle_hooks" in told


@pytest.mark.parametrize(("conf", "told"), [
    ("workers = 2\nraise KeyError('HOME_OF_SHOP')\n", "conf.py:2: KeyError: 'HOME_OF_SHOP'"),
    ("workers = 2\nbind = ':80'\ndef x(:\n", "conf.py:3: SyntaxError: invalid syntax"),
    ("import os\n\ndef port():\n    return os.environ['NONE_SUCH']\nbind = port()\n", "conf.py:4: KeyError: 'NONE_SUCH'"),
    ("import json\nvalues = json.loads('{')\n", "conf.py:2: json.decoder.JSONDecodeError"),
    ("raise SystemExit('a\\nb')\n", "conf.py:1: SystemExit: a b"),
    ("\nimport none_such\n", "conf.py:2: ModuleNotFoundError: No module named 'none_such'"),
])
def test_a_config_file_that_raises_is_told_with_its_line_and_nothing_is_written(bring, conf, told):
    ended, text = bring({"conf.py": conf}, "--gunicorn", "gunicorn -c conf.py hello:app")

    assert (ended.returncode, text) == (2, None)
    assert ended.stderr.startswith(f"bundle: {told}"), ended.stderr
    is_of_a_package = "ModuleNotFoundError" in told
    assert ("/srv/venv/bin/gunicorn -c conf.py MODULE:APP" in ended.stderr) == is_of_a_package


def test_a_config_file_without_an_application_says_how_to_name_it(bring):
    ended, text = bring({"gunicorn.conf.py": "workers = 2\n"}, "--gunicorn", "gunicorn.conf.py")

    assert (ended.returncode, text) == (2, None)
    assert '--gunicorn "gunicorn -c gunicorn.conf.py MODULE:APP"' in ended.stderr


def test_gunicorns_variable_counts(bring):
    ended, text = bring({}, "--gunicorn", "hello:app", GUNICORN_CMD_ARGS="--workers 7")

    assert ended.returncode == 0, ended.stderr
    assert "workers = 7" in text


def test_standard_output_has_the_file_alone(bring):
    ended, text = bring({"u.ini": "[uwsgi]\nmodule = hello:app\nhttp = :8080\n"}, "--uwsgi", "u.ini", "--output", "-")

    assert (ended.returncode, text) == (0, None)
    assert ended.stdout.startswith("# Written by `bundle import`")
    assert "translated:" in ended.stderr
    (bring.directory / "other.toml").write_text(ended.stdout)
    assert run_bundle("check", "--conf", "other.toml", cwd=bring.directory).returncode == 0


@pytest.mark.parametrize(("files", "arguments", "told"), [
    ({}, (), "say what to import"),
    ({"nginx.conf": "server {\n listen 80\n}\n"}, ("--nginx", "nginx.conf"), 'nginx.conf:3: expected ";" or "{" behind "listen"'),
    ({"nginx.conf": NGINX}, ("--nginx", "nginx.conf"), "add --gunicorn"),
    ({}, ("--nginx", "none.conf"), "none.conf: No such file or directory"),
    ({}, ("--gunicorn", "conf/none.py"), "conf/none.py: there is no such file"),
    ({}, ("--gunicorn", "gunicorn --bindd :80 a:b"), 'gunicorn has no option "--bindd"'),
    ({}, ("--gunicorn", "gunicorn -w 2"), "it does not say which application: MODULE:APP"),
    ({"unit.json": "{"}, ("--unit", "unit.json"), "unit.json: parse error at line 1"),
    ({"nginx.conf": "server { listen 80; }"}, ("--nginx", "nginx.conf"), "there is nothing to serve"),
])
def test_what_cannot_be_imported_is_told_and_nothing_is_written(bring, files, arguments, told):
    ended, text = bring(files, *arguments)

    assert (ended.returncode, text) == (2, None)
    assert told in ended.stderr


def test_a_file_that_is_there_stays(bring):
    ended, text = bring({"site.toml": "# mine\n"}, "--gunicorn", "hello:app")

    assert (ended.returncode, text) == (1, "# mine\n")
    assert "site.toml is there already, and stays as it is" in ended.stderr


def test_what_is_missing_here_is_told(bring):
    ended, text = bring({}, "--gunicorn", "gunicorn --chdir /srv/not/here hello:app")

    assert ended.returncode == 0, ended.stderr
    assert text is not None
    assert "missing on this machine:\nsite.toml" in ended.stdout
    assert "/srv/not/here, which is no folder" in ended.stdout


