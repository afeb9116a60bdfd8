"""A catalogue of mistakes: each is told where it was made, what is wrong, and what to do; bundle exits with the status that
says whose fault it was."""

import venv

import pytest
from end_to_end.mistakes import (APP, APPLICATION_MISTAKES, COMMAND_MISTAKES, FOREIGN_ARGUMENTS, HELP, MISTAKES,
                                 PASTE_MISTAKES)
from support.bundle_process import APPS, run_bundle

WRONG_USE, CANNOT_SERVE, CANNOT_LOAD = 2, 1, 4


def written(directory, text):
    named = text.replace("{apps}", str(APPS)).replace("{directory}", str(directory))
    (directory / "site.toml").write_text(named)


def served(directory, *settings):
    """A start that must fail."""
    settings = ["listen.0.address=127.0.0.1:0", f"server.run_directory={directory}/run", *settings]
    arguments = [argument for setting in settings for argument in ("--set", setting)]
    return run_bundle("serve", *arguments, cwd=directory)


def assert_it_cannot_be_loaded(directory, told):
    ended = served(directory)

    reason = ended.stderr.split(" arbiter died ")[0].splitlines()[:-1]
    assert reason[-1].endswith(told.replace("{directory}", str(directory)))
    assert ended.returncode == CANNOT_LOAD


@pytest.mark.parametrize(("text", "told"), [pytest.param(*case[1:], id=case[0]) for case in MISTAKES])
def test_a_mistake_in_the_file_is_told_with_its_place(directory, text, told):
    written(directory, text)
    (directory / "wiki.ini").write_text("[app:main]\nuse = call:wiki:main\n")

    ended = run_bundle("check", cwd=directory)

    expected = told.replace("{apps}", str(APPS)).replace("{directory}", str(directory))
    assert (ended.stderr, ended.stdout) == (expected + "\n", "")
    assert ended.returncode == WRONG_USE


@pytest.mark.parametrize(("arguments", "told"), [pytest.param(*case[1:], id=case[0]) for case in COMMAND_MISTAKES])
def test_a_mistake_on_the_command_line_is_told(directory, arguments, told):
    written(directory, APP)

    ended = run_bundle(*arguments, cwd=directory)

    assert ended.stderr == told
    assert ended.returncode == WRONG_USE


@pytest.mark.parametrize(("arguments", "told"), FOREIGN_ARGUMENTS, ids=[" ".join(case[0]) for case in FOREIGN_ARGUMENTS])
def test_what_others_are_told_on_the_command_line_is_told_in_our_words(directory, arguments, told):
    ended = run_bundle("serve", "hello:app", *arguments, cwd=directory)

    assert ended.stderr == "".join(f"bundle: {line}\n" for line in told) + HELP
    assert ended.returncode == WRONG_USE


def test_in_a_folder_without_a_file_the_first_steps_are_told(directory):
    ended = run_bundle("serve", "--dev", cwd=directory)

    for told in ("there is neither ./site.toml nor /etc/bundle/site.toml", "bundle init ", "bundle serve MODULE:APP ",
                 "--conf FILE "):
        assert told in ended.stderr
    assert ended.returncode == WRONG_USE


@pytest.mark.parametrize("module", [
    "def app(environ, start_response, more=None): pass",
    "def app(*arguments): pass",
    "import functools\napp = functools.partial(lambda one, environ, start_response: [], 1)",
    "class App:\n    def __call__(self, environ, start_response): pass\napp = App()",
    "class app:\n    def __init__(self, environ, start_response): pass",
    "import functools\ndef inner(): pass\n@functools.wraps(inner)\ndef app(environ, start_response): pass",
])
def test_what_may_be_an_application_is_none_of_these_mistakes(serve, directory, module):
    (directory / "shop.py").write_text(module)

    serve(f'[app.main]\nwsgi = "shop:app"\ndirectory = "{directory}"\nworkers = 1\n')


def test_why_a_start_has_failed_is_the_last_line(directory):
    written(directory, '[app.main]\nwsgi = "nope:app"\n')

    ended = served(directory)

    assert ended.stderr.splitlines()[-1] == ('bundle: app main: wsgi = "nope:app" cannot be loaded: ModuleNotFoundError: No '
                                             "module named 'nope'")
    assert ended.returncode == CANNOT_LOAD


def test_why_no_worker_could_boot_is_the_last_line(directory):
    (directory / "shop.py").write_text("raise ValueError('no database')")
    written(directory, '[app.main]\nwsgi = "shop:app"\npreload = false\nworkers = 1\n')

    assert served(directory).stderr.splitlines()[-1] == (
        'bundle: app main: worker 0 could not boot: app main: wsgi = "shop:app" cannot be loaded: ValueError: no database')


@pytest.mark.parametrize(("module", "wsgi", "told"),
                         [pytest.param(*case[1:], id=case[0]) for case in APPLICATION_MISTAKES])
def test_a_mistake_in_the_application_is_told_last(directory, module, wsgi, told):
    (directory / "shop.py").write_text(module)
    written(directory, f'[app.main]\nwsgi = "{wsgi}"\ndirectory = "{{directory}}"\nworkers = 1\nboot_timeout = "2s"\n')

    assert_it_cannot_be_loaded(directory, told)


@pytest.mark.parametrize(("ini", "told"), [pytest.param(*case[1:], id=case[0]) for case in PASTE_MISTAKES])
def test_a_mistake_in_an_ini_file_is_told_last(directory, ini, told):
    pytest.importorskip("paste.deploy")
    (directory / "shop.py").write_text("def main(global_conf, **settings): pass\n")
    (directory / "wants.py").write_text("import importlib.metadata\nimportlib.metadata.version('no-such-library')\n")
    (directory / "wiki.ini").write_text(ini)
    written(directory, '[app.main]\npaste = "wiki.ini"\nworkers = 1\n')

    assert_it_cannot_be_loaded(directory, told)


def test_a_virtualenv_without_paste_deploy_is_told(directory):
    venv.create(directory / "venv", symlinks=True)
    (directory / "wiki.ini").write_text("[app:main]\nuse = egg:wiki\n")
    written(directory, '[app.main]\npaste = "wiki.ini"\nvirtualenv = "venv"\nworkers = 1\n')

    assert_it_cannot_be_loaded(directory, "an ini file needs the package PasteDeploy, which this Python does not have: "
                                          "{directory}/venv/bin/python -m pip install PasteDeploy")


def test_an_address_that_is_not_ours_is_told(directory):
    written(directory, APP)

    ended = served(directory, "listen.0.address=192.0.2.1:8000")

    assert ended.stderr.endswith("bundle: listen on 192.0.2.1:8000: this machine has no such address\n")
    assert ended.returncode == CANNOT_SERVE


def test_a_run_directory_that_is_a_file_is_told(directory):
    written(directory, APP)
    (directory / "run").touch()

    ended = served(directory)

    assert ended.stderr.endswith(f"bundle: server.run_directory {directory}/run is not a folder\n")
    assert ended.returncode == CANNOT_SERVE


def test_a_second_bundle_in_the_same_place_is_told_of_the_first(serve_app):
    hello = serve_app("hello:app")

    ended = run_bundle("serve", "--set", f"server.run_directory={hello.directory}/run", "--set",
                       "listen.0.address=127.0.0.1:0", cwd=hello.directory)

    assert f"{hello.directory}/run is in use by a bundle with pid {hello.pid}; stop it, " in ended.stderr
    assert ended.returncode == CANNOT_SERVE
