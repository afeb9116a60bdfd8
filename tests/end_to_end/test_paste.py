"""app.NAME.paste: the application of an ini file of Paste Deploy, with its settings and its loggers."""

import pytest
from support.processes import wait_until

pytest.importorskip("paste.deploy")

SITE = """
[app.main]
paste = "wiki.ini{section}"
directory = "{{directory}}"
workers = 1
"""
WIKI = """
import logging

log = logging.getLogger("wiki")

def main(global_conf, **settings):
    log.info("made with %s", settings)
    def page(environ, start_response):
        log.info("page %s", environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [repr((global_conf.get("db"), sorted(settings.items()))).encode()]
    return page

def loud(app, global_conf, **settings):
    def shouting(environ, start_response):
        return [part.upper() for part in app(environ, start_response)]
    return shouting
"""
APPS = """
[app:main]
use = call:wiki:main
title = {title}
place = %(here)s

[app:admin]
use = main
title = admin

[pipeline:shouting]
pipeline = loud main

[filter:loud]
paste.filter_app_factory = wiki:loud
"""
LOGGERS = """
[loggers]
keys = root, wiki
[handlers]
keys = console, file
[formatters]
keys = short
[logger_root]
handlers =
[logger_wiki]
level = INFO
qualname = wiki
handlers = console, file
[handler_file]
class = FileHandler
args = ('%(here)s/wiki.log',)
[handler_console]
class = StreamHandler
args = (sys.stdout,)
formatter = short
[formatter_short]
format = {mark} %(name)s %(message)s
"""


@pytest.fixture
def wiki(serve, directory):
    """wiki(section, ini, more TOML) -> the site of that ini file."""
    home = directory / "0"
    home.mkdir()
    (home / "wiki.py").write_text(WIKI)

    def start(section="", ini=APPS.format(title="ours"), more="", **options):
        (home / "wiki.ini").write_text(ini)
        served = serve(SITE.format(section=section) + more, **options)
        served.ini = home / "wiki.ini"
        return served
    return start


@pytest.mark.parametrize(("section", "answer"), [
    ("", "(None, [('place', '{home}'), ('title', 'ours')])"),
    ("#main", "(None, [('place', '{home}'), ('title', 'ours')])"),
    ("#admin", "(None, [('place', '{home}'), ('title', 'admin')])"),
    ("#shouting", "(NONE, [('PLACE', '{HOME}'), ('TITLE', 'OURS')])"),
])
def test_the_section_that_is_named_is_served(wiki, section, answer):
    site = wiki(section)

    home = str(site.directory)
    assert site.get("/").text == answer.replace("{home}", home).replace("{HOME}", home.upper())


@pytest.mark.parametrize("preload", ["true", "false"])
def test_the_ini_has_its_variables_and_its_loggers(wiki, preload):
    ini = APPS.format(title="%(city)s") + LOGGERS.format(mark="SHORT")

    site = wiki(ini=ini, more='paste_vars = { db = "sqlite://", city = "${CITY}" }\n', environment={"CITY": "Oslo"},
                settings=(f"app.main.preload={preload}",))
    answer = site.get("/front")

    assert answer.text == f"('sqlite://', [('place', '{site.directory}'), ('title', 'Oslo')])"
    site.wait_for_log("SHORT wiki made with ")
    request_id = answer.field("x-request-id")
    site.wait_for_log(rf"worker 0\[\d+\] stdout request_id={request_id} SHORT wiki page /front")
    assert "page /front" in (site.directory / "wiki.log").read_text()


def test_a_logconfig_counts_before_the_ini(wiki, directory):
    (directory / "logging.ini").write_text(LOGGERS.format(mark="OTHER"))

    site = wiki(ini=APPS.format(title="ours") + LOGGERS.format(mark="SHORT"),
                more=f'logconfig = "{directory}/logging.ini"\n')
    site.get("/front")

    site.wait_for_log(f"OTHER wiki page /front")
    assert not any("SHORT" in line for line in site.log.lines())


def test_the_start_tells_what_is_served(wiki):
    site = wiki("#admin")

    assert any(line.endswith("app main: wiki.ini#admin") for line in site.log.lines())


def test_a_reload_reads_the_ini_again_and_a_broken_one_keeps_the_old(wiki):
    site = wiki()

    site.ini.write_text(APPS.format(title="newer"))
    assert site.command("reload").returncode == 0
    assert "newer" in site.get("/").text

    site.ini.write_text("[app:main]\nuse = egg:no-such-wiki\n")
    site.expect_log("master|main arbiter")
    assert site.command("reload").returncode != 0
    assert "newer" in site.get("/").text


def test_dev_reloads_when_the_ini_is_saved(wiki):
    site = wiki(arguments=("--dev",))
    assert "ours" in site.get("/").text

    site.ini.write_text(APPS.format(title="saved"))

    wait_until(lambda: "saved" in site.get("/").text, "an answer with the new title")


def test_dev_shows_what_is_wrong_with_the_ini(wiki):
    site = wiki(arguments=("--dev",))

    site.expect_log("No loader given in section 'app:main'|requests are shown why")
    site.ini.write_text("[app:main]\ntitle = none\n")

    wait_until(lambda: "No loader given in section 'app:main'" in site.get("/").text, "an answer that tells the mistake")
    site.ini.write_text(APPS.format(title="mended"))
    wait_until(lambda: "mended" in site.get("/").text, "an answer with the new title")
