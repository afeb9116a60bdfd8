"""Starting: what is reported, and what a newcomer reads when it cannot start."""

import os
import socket
import subprocess

from support.bundle_process import APPS, BIN, bundle_environment, run_bundle

USAGE_OR_CONFIGURATION = 2
CANNOT_LOAD_APPLICATION = 4


def write_site(directory, text):
    file = directory / "site.toml"
    file.write_text(text)
    return file


def start_with(directory, text, *arguments):
    """A start that must fail: bundle ends by itself."""
    site = write_site(directory, text)
    return run_bundle("serve", "--conf", site, "--set", f"server.run_directory={directory}/run", *arguments,
                      cwd=directory)


HELLO = f'[app.main]\nwsgi = "hello:app"\ndirectory = "{APPS}"\nworkers = 1\n'


def test_the_start_is_reported_up_to_ready(serve_app):
    hello = serve_app("hello:app", workers=2)

    hello.wait_for_log(rf"listening: .*127\.0\.0\.1:{hello.address[1]}")
    hello.wait_for_log(r"site: / -> app main")
    hello.wait_for_log(r"app main: hello:app")
    # Ready with the first worker: the others are there a moment later.
    hello.wait_for_log(r"app main: 2/2 workers")


def test_all_problems_are_told_in_one_run(directory):
    ended = start_with(directory, HELLO.replace("workers = 1", "workers = 0") + '[http]\nhead_timeout = "soon"\nx = 1\n')

    assert ended.returncode == USAGE_OR_CONFIGURATION
    for told in ("workers", "head_timeout", "site.toml:4:", "site.toml:6:", "site.toml:7:"):
        assert told in ended.stderr


def test_a_port_in_use_is_told_with_its_user(directory):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = start_with(directory, HELLO + f'[[listen]]\naddress = "127.0.0.1:{port}"\n')

    assert ended.returncode != 0
    assert f"127.0.0.1:{port}" in ended.stderr
    assert "in use" in ended.stderr
    assert str(os.getpid()) in ended.stderr


def test_a_module_that_is_not_found_is_told_with_the_import_path(directory):
    ended = start_with(directory, HELLO.replace("hello:app", "helo:app") + '[[listen]]\naddress = "127.0.0.1:0"\n')

    assert ended.returncode == CANNOT_LOAD_APPLICATION
    assert "helo" in ended.stderr
    assert str(APPS) in ended.stderr


def test_an_application_that_fails_to_import_shows_its_traceback(directory):
    ended = start_with(directory, HELLO.replace("hello:app", "crashes_on_import:app") + '[[listen]]\naddress = "127.0.0.1:0"\n')

    assert ended.returncode == CANNOT_LOAD_APPLICATION
    assert "the database is not configured" in ended.stderr
    assert "crashes_on_import.py" in ended.stderr


def test_listeners_may_be_handed_over_by_name_as_systemd_does(serve):
    hello = serve(HELLO, by_systemd=True, listeners=2)

    for listener in range(2):
        with hello.connect(listener) as client:
            assert client.request("GET", "/").status == 200


def test_the_sockets_of_systemd_are_listened_on_when_the_file_names_none(serve):
    hello = serve(HELLO, by_systemd=True, listeners=2, listen_tables=False)

    for listener in range(2):
        with hello.connect(listener) as client:
            assert client.request("GET", "/").status == 200


def test_a_socket_of_systemd_that_the_file_does_not_name_is_told(serve):
    hello = serve(HELLO + '[[listen]]\naddress = "systemd:web1"\n', by_systemd=True, listeners=2, listen_tables=False)

    hello.wait_for_log(r'warn .* nobody answers at the socket web0 of systemd; write .* address = "systemd:web0"')


def test_check_accepts_what_serve_would(directory):
    ended = run_bundle("check", "--conf", write_site(directory, HELLO))

    assert ended.returncode == 0, ended.stderr


def test_check_refuses_what_serve_would(directory):
    ended = run_bundle("check", "--conf", write_site(directory, HELLO + "wrokers = 2\n"))

    assert ended.returncode == USAGE_OR_CONFIGURATION
    assert "site.toml:5:" in ended.stderr


def test_the_smallest_file_and_a_factory_call_start(serve_app):
    site = serve_app("flask_site:create_app('hi', loud=True)")

    assert site.get("/").text == "HI"


def test_version_tells_the_version():
    ended = run_bundle("version")

    assert ended.returncode == 0
    assert "bundle" in ended.stdout


def test_the_command_line_is_explained():
    ended = subprocess.run([BIN / "bundle", "--help"], env=bundle_environment(), capture_output=True, text=True,
                           timeout=10, check=False)

    assert ended.returncode == 0
    assert "serve" in ended.stdout
