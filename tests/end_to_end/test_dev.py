"""`bundle serve --dev`: what is saved is what the next answer comes from."""

import os
import re
import shutil
import subprocess
import time

import pytest
from support.edited_project import BROKEN, BROWSER, SITE, Project
from support.gate import Gate
from support.load import Load
from support.processes import wait_until
from support.raw_client import request_bytes


def test_what_is_saved_is_what_the_next_answer_comes_from(dev):
    project = dev()
    assert project.bundle.get("/").text == "one"

    project.save_app("two")

    project.wait_for("two")
    assert len(project.bundle.workers()) == 1


def test_a_request_in_the_reload_waits_and_sees_the_new_code(dev):
    project = dev()
    with Gate(project.bundle.directory) as gate, project.bundle.connect() as client:
        project.save_app("two", before="from gates import pass_gate; pass_gate()")
        gate.wait_until_reached()
        client.send(request_bytes("POST", "/", body=b"form"))
        gate.let_through()

        assert client.read_answer().text == "two"


def test_a_change_within_a_reload_is_seen_by_who_waits(dev):
    project = dev()
    with Gate(project.bundle.directory) as gate, project.bundle.connect() as client:
        project.save_app("two", before="from gates import pass_gate; pass_gate()")
        gate.wait_until_reached()
        project.save_app("three")
        client.send(request_bytes("GET", "/"))

        assert client.read_answer().text == "three"


def wait_until_stuck(project, text, stuck):
    begun = project.folder.parent / "begun"
    project.save_app(text, before=f"open({str(begun)!r}, 'w')\n{stuck}")
    wait_until(begun.exists, "the import to begin")


@pytest.mark.parametrize("stuck", ["while True: pass", "import time; time.sleep(3000)"])
def test_an_import_that_is_stuck_is_abandoned_by_the_next_save(dev, stuck):
    project = dev()

    wait_until_stuck(project, "two", stuck)
    began = time.monotonic()
    project.save_app("mended")

    project.wait_for("mended")
    assert time.monotonic() - began < 10


def test_a_start_that_is_stuck_is_replaced_by_the_next_save(dev, project):
    begun = project.folder.parent / "begun"
    project.save_app("one", before=f"open({str(begun)!r}, 'w')\nwhile True: pass")
    project = dev(ready=False)
    wait_until(begun.exists, "the import to begin")

    project.save_app("mended")

    project.bundle.wait_for_log("ready")
    project.wait_for("mended")


def test_a_save_that_comes_while_a_broken_one_is_imported_does_not_wait(dev):
    project = dev("workers = 2\n")
    for number in range(5):
        project.save_app("stuck", before="while True: pass")
        time.sleep(0.1 * number)  # at another moment of it each time
        project.save_app(f"save {number}")
        project.wait_for(f"save {number}")
    assert len(project.bundle.workers()) == 2


def test_saves_of_one_second_and_one_size_are_all_seen(dev):
    project = dev()
    for text in ("aaa", "bbb", "ccc", "ddd"):
        project.save_app(text)
        project.wait_for(text)


def test_a_checkout_of_hundreds_of_files_is_one_reload(dev):
    project = dev()
    for number in range(300):
        project.save("x = 1\n", f"../new/part{number}.py")

    # All at once: what a busy machine makes of pauses in between is its own affair.
    (project.folder / "../new").rename(project.folder / "parts")
    project.save_app("two")
    project.wait_for("two")

    project.bundle.wait_for_log("and 300 more changed")
    assert project.reloads() == 1


def test_a_save_is_one_line_in_the_log(dev):
    project = dev()
    lines = project.bundle.log.lines
    before = len(lines())
    with project.bundle.connect() as client:
        client.send(request_bytes("GET", "/"))
        assert client.read_answer().text == "one"

    project.save_app("two")
    project.wait_for("two")
    wait_until(lambda: len(project.bundle.workers()) == 1, "the old worker to leave")

    told = [line for line in lines()[before:] if "GET /" not in line]
    assert len(told) == 1
    assert re.search(r' reloaded in \d+\.\d\d s: "src/shop.py" changed$', told[0])


def test_saves_under_load_lose_no_request(dev):
    project = dev()
    with Load(project.bundle, clients=2, is_right=lambda answer: answer.status == 200) as load:
        for number in range(3):
            project.save_app(f"release {number}")
            project.wait_for(f"release {number}")
    assert load.failures == []


# ---- without --dev --------------------------------------------------------------------------------------------


def test_reload_alone_shows_nothing_and_keeps_the_old_code(dev):
    project = dev("[dev]\nreload = true\n", arguments=())
    project.bundle.expect_log(r"master\[")  # each line of the reason

    project.save(BROKEN)

    project.bundle.wait_for_log("reload failed; what served before goes on serving")
    assert project.bundle.get("/").text == "one"
    project.save_app("two")
    project.wait_for("two")


def test_without_it_nothing_is_watched_or_shown(dev):
    project = dev(arguments=())
    project.bundle.expect_log("application error")

    project.save_app("", within="1 / 0")
    project.bundle.command("reload")

    answer = project.bundle.get("/", BROWSER)
    assert answer.status == 500
    assert "ZeroDivisionError" not in answer.text
    assert not any("dev.reload" in line for line in project.bundle.log.lines())


# ---- what is watched ------------------------------------------------------------------------------------------


def test_what_the_configuration_includes_counts_when_it_comes_and_when_it_changes(serve, project):
    parts = project.folder.parent / "conf.d"
    parts.mkdir()
    project.bundle = serve('include = ["conf.d/*.toml"]\n' + SITE, arguments=("--dev",))
    assert project.bundle.get("/new").status == 200

    for status in (410, 451):
        (parts / "new.toml").write_text(f'[[site]]\napp = "main"\n[[site.route]]\npath = "/new"\nreturn = {status}\n')
        wait_until(lambda now=status: project.bundle.get("/new").status == now, f"the route that answers {status}")


def test_templates_and_patterns_count_and_other_files_do_not(dev):
    project = dev('[dev]\nwatch = ["src/pages/**/*.md"]\n')

    for name in ("templates/base.html", "pages/a.md", "pages/deep/er/b.md"):
        before = project.reloads()
        project.save("text", name)
        wait_until(lambda count=before: project.reloads() > count, f"a reload for {name}")
        project.bundle.wait_for_log(f'{name}" changed')
    project.save("text", "pages/a.txt")
    project.save("text", "db.sqlite3")
    project.save_app("last")
    project.wait_for("last")
    assert not any("a.txt" in line or "sqlite" in line for line in project.bundle.log.lines())


def test_a_module_from_elsewhere_is_watched_from_its_import_on(dev, directory):
    lib = Project(directory / "lib")
    lib.save("text = b'one'\n", "part.py")
    project = dev()
    project.save_app("", before=f"import sys; sys.path.insert(0, {str(lib.folder)!r})",
                     within='import part; start_response("200 OK", []); return [part.text]')
    project.wait_for("one")

    lib.save("text = b'two'\n", "part.py")

    project.wait_for("two")


def inotify_can_be_limited():
    if not shutil.which("unshare"):
        return False
    limited = subprocess.run(["unshare", "--user", "--map-root-user", "sh", "-c",
                              "echo 0 > /proc/sys/user/max_inotify_instances"], capture_output=True, check=False)
    return limited.returncode == 0


@pytest.mark.skipif(not inotify_can_be_limited(), reason="this kernel gives no user namespace with a limit of inotify")
@pytest.mark.parametrize("limit", ["max_inotify_instances", "max_inotify_watches"])
def test_where_the_kernel_does_not_tell_the_files_are_looked_at(dev, limit):
    project = dev(wrapper=["unshare", "--user", "--map-root-user", "sh", "-c",
                           f'echo 0 > /proc/sys/user/{limit}; exec "$@"', "limited"])

    for text in ("two", "three"):
        project.save_app(text)
        project.wait_for(text)

    told = [line for line in project.bundle.log.lines() if "every 500 ms instead" in line]
    assert len(told) == 1


# ---- a day's work ---------------------------------------------------------------------------------------------


def test_saves_in_a_row_some_of_them_broken_never_need_a_restart(dev, full):
    project = dev()
    project.bundle.expect_log("cannot be loaded|application error")
    master = project.bundle.pid

    for number in range(100 if full else 9):
        kind = number % 3
        if kind == 0:
            project.save_app(f"save {number}")
        elif kind == 1:
            project.save_app(f"save {number}", within=f"raise ValueError('save {number}')")
        else:
            project.save(f"import save_{number}_is_missing\n")
        wanted = f"save_{number}_is_missing" if kind == 2 else f"save {number}"
        project.wait_for(wanted, (200, 500))

    project.save_app("the end")
    project.wait_for("the end", (200, 500))
    assert os.path.exists(f"/proc/{master}")
