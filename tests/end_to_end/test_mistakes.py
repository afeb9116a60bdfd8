"""A catalogue of mistakes: each is told where it was made, what is wrong, and what to do; bundle exits with the status that
says whose fault it was."""

import venv

import pytest
from end_to_end.mistakes import APP, APPLICATION_MISTAKES, COMMAND_MISTAKES, MISTAKES, PASTE_MISTAKES
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
