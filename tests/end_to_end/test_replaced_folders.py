"""Folders that are served, and become others meanwhile."""

import shutil

import pytest
from support.processes import wait_until

pytestmark = pytest.mark.front

SITE = """
[[site]]
app = "off"
[[site.route]]
path = "/files/"
directory = "{directory}/files"
"""


@pytest.fixture
def files(serve, directory):
    folder = directory / "0" / "files"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("first")
    return serve(SITE), folder


def test_one_that_was_removed_and_made_again_is_served(files):
    bundle, folder = files
    assert bundle.get("/files/a.txt").text == "first"
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "a.txt").write_text("second")

    wait_until(lambda: bundle.get("/files/a.txt").text == "second", "the new folder")


def test_one_that_was_replaced_is_served_until_the_reload(files):
    bundle, folder = files
    folder.rename(folder.with_name("former"))
    folder.mkdir()
    (folder / "new.txt").write_text("new")
    bundle.expect_log("another folder has taken the place of")

    def is_told():
        assert bundle.get("/files/new.txt").status == 404
        return any("another folder has taken the place of" in line for line in bundle.log.lines())
    wait_until(is_told, "a warning")
    assert bundle.get("/files/a.txt").text == "first"

    assert bundle.command("reload").returncode == 0
    assert bundle.get("/files/new.txt").text == "new"
