"""Commands to a bundle that runs."""

import socket
import stat

from support.bundle_process import run_bundle
from support.gate import Gate
from support.raw_client import request_bytes


def test_stop_waits_until_everything_has_ended(serve_app):
    waits = serve_app("waits:app")
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("GET", "/wait"))
        gate.wait_until_reached()
        gate.let_through()

        ended = waits.command("stop")

        assert ended.returncode == 0, ended.stderr
        assert "draining" in ended.stdout
        assert ended.stdout.splitlines()[-1] == "stopped"
        assert ended.stdout.count("stopped") == 1
        assert client.read_answer().status == 200
    assert waits.wait_for_exit() == 0


def test_the_socket_is_found_by_the_file(serve_app):
    hello = serve_app("hello:app")
    run_directory = f"server.run_directory={hello.directory / 'run'}"

    ended = run_bundle("stop", "--conf", hello.site_file, "--set", run_directory)

    assert ended.returncode == 0, ended.stderr
    assert hello.wait_for_exit() == 0


def test_where_no_bundle_runs_that_is_said(directory):
    (directory / "site.toml").write_text('[app.main]\nwsgi = "hello:app"\n')

    ended = run_bundle("stop", "--conf", directory / "site.toml",
                       environment={"XDG_RUNTIME_DIR": str(directory), "TMPDIR": str(directory)})

    assert ended.returncode == 1
    assert "no bundle runs here" in ended.stderr
    assert "control.sock" in ended.stderr


def test_a_file_that_is_wrong_names_no_bundle(directory):
    (directory / "site.toml").write_text("[app.main\n")

    ended = run_bundle("reload", "--conf", directory / "site.toml")

    assert ended.returncode == 2
    assert "site.toml:1:" in ended.stderr
    assert "name its socket with --control PATH" in ended.stderr


def test_the_control_socket_is_its_users_alone(serve_app):
    hello = serve_app("hello:app")

    mode = (hello.directory / "run" / "control.sock").stat().st_mode

    assert stat.S_IMODE(mode) == 0o600


def test_who_says_nothing_or_nonsense_on_the_control_socket_holds_nobody_up(serve_app):
    hello = serve_app("hello:app")
    address = str(hello.directory / "run" / "control.sock")
    connections = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(40)]
    for connection in connections:
        connection.connect(address)
    connections[-1].send(b"nonsense")
    connections[-1].settimeout(10)
    assert connections[-1].recv(1) == b""
    hello.wait_for_log(r"control socket: pid=\d+ uid=\d+ a command of 8 bytes is malformed")

    ended = hello.command("stop")

    assert ended.returncode == 0, ended.stderr
    for connection in connections:
        connection.close()
