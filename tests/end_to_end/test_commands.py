"""The verbs that read a configuration and end: what they print, and how they exit."""

import json

import pytest
from support.bundle_process import run_bundle

SMALLEST = '[app.main]\nwsgi = "hello:app"\n'


@pytest.fixture
def bundle(directory):
    """bundle(*arguments, **environment) in a directory whose site.toml is the smallest."""
    (directory / "site.toml").write_text(SMALLEST)

    def run(*arguments, **environment):
        return run_bundle(*arguments, cwd=directory, environment=environment)

    return run


def test_check_says_that_a_file_is_well(bundle):
    ended = bundle("check", "--conf", "site.toml")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith("site.toml: ok\n")
    assert ended.stderr == ""


def test_check_tells_every_problem_and_exits_2(bundle, directory):
    (directory / "bad.toml").write_text(SMALLEST + "workers = 0\n[http]\nmax_bdy = 1\n")

    ended = bundle("check", "--conf", "bad.toml")

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == ('bad.toml:3:11: app.main.workers is 0; it must be "auto" or between 1 and 512\n'
                            "bad.toml:5:1: http.max_bdy is unknown; did you mean max_body?\n")


def test_check_of_a_file_for_another_machine_needs_no_folders(bundle, directory):
    (directory / "there.toml").write_text(SMALLEST + 'directory = "/srv/not/here"\n')

    assert bundle("check", "--conf", "there.toml").returncode == 2
    assert bundle("check", "--elsewhere", "--conf", "there.toml").returncode == 0


def test_the_file_of_the_working_directory_is_the_usual_one(bundle):
    ended = bundle("check")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith("site.toml: ok\n")


def test_where_no_file_is_the_places_are_named(directory):
    ended = run_bundle("check", cwd=directory)

    assert ended.returncode == 2
    assert "./site.toml" in ended.stderr
    assert "/etc/bundle/site.toml" in ended.stderr


def test_config_tells_where_each_value_comes_from(bundle):
    ended = bundle("config", "--origins", "--set", "app.main.workers=4", BUNDLE_HTTP__HEAD_TIMEOUT="5s", PORT="8123")

    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert 'wsgi = "hello:app"  # site.toml:2' in lines
    assert "workers = 4  # --set app.main.workers" in lines
    assert 'head_timeout = "5s"  # environment BUNDLE_HTTP__HEAD_TIMEOUT' in lines
    assert 'address = "0.0.0.0:8123"  # environment PORT' in lines
    assert 'body_timeout = "30s"  # default' in lines


def test_what_config_prints_is_a_configuration(bundle, directory):
    printed = bundle("config").stdout
    (directory / "resolved.toml").write_text(printed)

    assert bundle("config", "--conf", "resolved.toml").stdout == printed


def test_the_schema_is_json_that_refuses_unknown_keys():
    schema = json.loads(run_bundle("reference", "--schema").stdout)

    assert schema["additionalProperties"] is False
    assert schema["properties"]["site"]["items"]["properties"]["route"]["items"]["required"] == ["path"]
    assert schema["properties"]["http"]["properties"]["head_timeout"]["default"] == "15s"


@pytest.mark.parametrize(("arguments", "told"), [
    ((), "say what to do: "),
    (("chekc",), '"chekc" is unknown; did you mean check?'),
    (("check", "--cnf", "x"), "--cnf"),
    (("config", "--set", "a.b=1"), "--set a.b: a is unknown"),
])
def test_a_wrong_command_line_exits_2(bundle, arguments, told):
    ended = bundle(*arguments)

    assert ended.returncode == 2
    assert told in ended.stderr
    assert ended.stdout == ""


def test_version_names_bundle_first():
    ended = run_bundle("version")

    assert ended.returncode == 0
    assert ended.stdout.startswith("bundle ")
