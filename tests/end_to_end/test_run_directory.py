"""The run directory is tidied up under a bundle that runs: it makes again what it needs."""

import shutil
import subprocess
import signal

import pytest
from support.processes import kill


@pytest.fixture
def hello(serve_app):
    bundle = serve_app("hello:app", workers=1)
    bundle.expect_log("is gone, somebody has removed it; it is made again")
    return bundle


def test_workers_and_commands_find_it_again_when_its_sockets_were_removed(hello):
    old = hello.wait_for_workers(1)
    for name in ("workers.sock", "control.sock"):
        (hello.directory / "run" / name).unlink()
        hello.wait_for_log(f"{name} is gone, somebody has removed it; it is made again")

    kill(old[0])
    hello.wait_for_workers(1, without=old)

    assert hello.get("/").status == 200
    assert hello.command("status").returncode == 0
    assert hello.command("reload").returncode == 0


def test_a_folder_that_is_gone_as_a_whole_is_made_again_before_a_reload(hello):
    shutil.rmtree(hello.directory / "run")

    hello.signal(signal.SIGHUP)

    hello.wait_for_log("reloaded: generation 2 serves")
    assert hello.get("/").status == 200
    assert hello.command("status").returncode == 0
    assert (hello.directory / "run" / "master.lock").exists()
    old = hello.wait_for_workers(1)
    kill(old[0])
    hello.wait_for_workers(1, without=old)
    assert hello.get("/").status == 200


def test_what_cannot_be_made_again_is_told_once_and_tried_until_it_can(hello):
    run = hello.directory / "run"
    shutil.rmtree(run)
    run.write_text("in the way")
    hello.expect_log(f"{run} is not a folder")
    hello.wait_for_log(f"workers.sock is gone, somebody has removed it; .* {run} is not a folder")

    run.unlink()

    hello.wait_for_log("workers.sock is gone, somebody has removed it; it is made again")
    assert hello.get("/").status == 200


def test_a_listener_whose_file_was_removed_is_made_again_by_a_reload(serve):
    bundle = serve('[app.main]\nwsgi = "hello:app"\ndirectory = "{apps}"\n'
                   '[[listen]]\naddress = "unix:{directory}/site.sock"\n')
    bundle.expect_log("site.sock is gone, somebody has removed it")
    file = bundle.directory / "site.sock"
    file.unlink()
    bundle.wait_for_log("site.sock is gone, somebody has removed it; a reload makes it again")

    assert bundle.command("reload").returncode == 0

    ended = subprocess.run(["curl", "-s", "--unix-socket", file, "http://test.example/"], capture_output=True, check=True)
    assert ended.stdout == bundle.get("/").body
