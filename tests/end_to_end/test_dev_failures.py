"""`bundle serve --dev`: what fails says why, to whoever asks, until it is mended."""

import pytest
from support.edited_project import APP, BROKEN, BROWSER, SITE


def test_a_syntax_error_is_shown_until_it_is_mended(dev):
    project = dev()
    project.bundle.expect_log("cannot be loaded")

    project.save(BROKEN)

    page = project.wait_for("SyntaxError", (200, 500), fields=BROWSER)
    assert page.field("content-type") == "text/html; charset=utf-8"
    assert "shop.py" in page.text
    assert project.bundle.get("/", BROWSER).status == 500, "again"
    project.save_app("mended")
    project.wait_for("mended", (200, 500))
    project.bundle.wait_for_log("SyntaxError")


def test_it_begins_with_an_application_that_cannot_be_imported(dev, project):
    project.save("import there_is_no_such_module\n")
    project = dev()
    project.bundle.expect_log("cannot be loaded")

    assert "ModuleNotFoundError" in project.bundle.get("/").text
    project.save_app("mended")
    project.wait_for("mended", (200, 500))


def test_a_module_that_was_missing_is_noticed_when_it_comes(dev, project):
    project.save("from views.front import app\n")
    project = dev()
    project.bundle.expect_log("cannot be loaded")

    project.save(APP.format(text="there", before="", within="pass"), "views/front.py")

    project.wait_for("there", (200, 500))


@pytest.mark.parametrize("before", ["import sys; sys.exit('no database')", "raise ValueError('no database')"])
def test_whatever_ends_an_import_is_shown(dev, before):
    project = dev()
    project.bundle.expect_log("cannot be loaded")

    project.save_app("two", before=before)

    project.wait_for("no database", (200, 500))


@pytest.mark.parametrize("end, told", [
    ("os._exit(3)", "exit status 3"),
    ("os._exit(0)", "exit status 0"),
    ("os.kill(os.getpid(), 11)", "signal SIGSEGV"),
])
@pytest.mark.parametrize("more", ["", "preload = true\n", "workers = 2\n"])
def test_a_process_that_ends_in_its_import_is_shown_until_the_next_save(dev, end, told, more):
    project = dev(more)
    project.bundle.expect_log("worker died|cannot be loaded|the import ended with its process")

    project.save_app("two", before=f"import os; {end}")

    page = project.wait_for(f"The process that imported the new code has ended: {told}", (200, 500), fields=BROWSER)
    assert page.status == 500
    assert project.bundle.get("/", BROWSER).status == 500, "again"
    project.save_app("mended")
    project.wait_for("mended", (200, 500))


def test_it_begins_with_an_application_whose_import_ends_the_process(dev, project):
    project.save_app("one", before="import os; os._exit(4)")
    project = dev()
    project.bundle.expect_log("worker died|the import ended with its process")

    project.wait_for("exit status 4", (500,))
    project.save_app("mended")
    project.wait_for("mended", (500, 200))


def test_an_import_that_takes_too_long_is_shown_with_where_it_stands(dev):
    project = dev('boot_timeout = "1s"\n')
    project.bundle.expect_log("worker passed boot_timeout|worker died|the import ended with its process")

    project.save_app("two", before="import time; time.sleep(3000)")

    page = project.wait_for("boot_timeout (1s)", (200, 500))
    assert "shop.py" in page.text


def test_where_each_worker_imports_it_is_the_same(dev):
    project = dev("preload = false\n")
    project.bundle.expect_log("cannot be loaded")

    project.save(BROKEN)
    project.wait_for("SyntaxError", (200, 500))
    project.save_app("mended")
    project.wait_for("mended", (200, 500))


def test_an_exception_is_shown_in_the_form_that_is_asked_for(dev):
    project = dev()
    project.bundle.expect_log("application error")

    project.save_app("", within="1 / 0")

    assert "<h1>ZeroDivisionError" in project.wait_for("ZeroDivisionError", (200, 500), fields=BROWSER).text
    asked = project.bundle.get("/", [("Accept", "application/json")])
    assert (asked.status, asked.field("content-type")) == (500, "application/json")
    assert project.bundle.get("/").text.startswith("Traceback")


def test_a_warm_up_keeps_nobody_from_seeing_what_fails(dev):
    project = dev('warmup = ["/"]\n')
    project.bundle.expect_log("application error")

    project.save_app("", within="1 / 0")

    project.wait_for("ZeroDivisionError", (200, 500))


def test_a_configuration_that_is_broken_leaves_what_served(dev):
    project = dev()
    project.bundle.expect_log("site.toml|reload failed")

    project.bundle.write_site(SITE + "wrokers = 1\n")

    project.bundle.wait_for_log("app.main.wrokers is unknown")
    project.wait_for("one")
    project.bundle.write_site(SITE + "workers = 2\n")
    project.bundle.wait_for_workers(2)


FLASK = """
import flask
app = flask.Flask(__name__)
@app.route("/")
def fails():
    raise ValueError("in a view")
{more}
"""


@pytest.mark.parametrize("more", ["", "app.run()"])
def test_a_view_of_flask_that_fails_shows_its_traceback(dev, project, more):
    project.save(FLASK.format(more=more))
    project = dev()
    project.bundle.expect_log("application error")

    page = project.bundle.get("/", BROWSER)

    assert page.status == 500
    assert "<h1>ValueError: in a view" in page.text


def test_whoever_sets_flask_debug_is_obeyed(dev, project):
    project.save(FLASK.format(more=""))
    project = dev(environment={"FLASK_DEBUG": "0"})
    project.bundle.expect_log("ValueError|wsgi.errors")

    assert "Internal Server Error" in project.bundle.get("/", BROWSER).text
