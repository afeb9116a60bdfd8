"""What applications say by Python's logging and warnings, and app.NAME.logconfig."""

import json

import pytest
from support.processes import wait_until

TABLE = """
[app.main.logconfig.formatters.short]
format = "SHORT %(name)s %(levelname)s %(message)s"
[app.main.logconfig.handlers.console]
class = "logging.StreamHandler"
formatter = "short"
[app.main.logconfig.loggers.shop]
level = "INFO"
handlers = ["console"]
"""
INI = """
[loggers]
keys = root, shop
[handlers]
keys = console
[formatters]
keys = short
[logger_root]
handlers =
[logger_shop]
level = INFO
qualname = shop
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stdout,)
formatter = short
[formatter_short]
format = SHORT %(name)s %(levelname)s %(message)s
"""
DICT = {
    "formatters": {"short": {"format": "SHORT %(name)s %(levelname)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "short"}},
    "loggers": {"shop": {"level": "INFO", "handlers": ["console"]}},
}


def test_warnings_stand_in_the_log_with_their_request(serve_app):
    logs = serve_app("logs:app")

    request_id = logs.get("/?warn").field("x-request-id")

    logs.wait_for_log(rf"warn main worker 0\[\d+\] stderr request_id={request_id} .*UserWarning: old fashioned")


def test_what_no_handler_takes_keeps_its_level(serve_app):
    logs = serve_app("logs:app")
    logs.expect_log("shop.orders: failed")

    request_id = logs.get("/?fail").field("x-request-id")

    told = logs.wait_for_log(rf"error main worker 0\[\d+\] logging request_id={request_id} shop\.orders: failed$")
    logs.wait_for_log(r"^ .*ValueError: no shoes$", begin=logs.log.lines().index(told))


@pytest.mark.parametrize("form", ["table", "ini", "json"])
@pytest.mark.parametrize("preload", ["true", "false"])
def test_loggers_are_set_up_by_logconfig(serve_app, directory, form, preload):
    (directory / "logging.ini").write_text(INI)
    (directory / "logging.json").write_text(json.dumps(DICT))
    more = TABLE if form == "table" else f'logconfig = "{directory}/logging.{form}"\n'

    logs = serve_app("logs:app", more=more, settings=(f"app.main.preload={preload}",))
    request_id = logs.get("/?shoes").field("x-request-id")

    logs.wait_for_log("SHORT shop.orders INFO imported")
    logs.wait_for_log(rf"worker 0\[\d+\] std(out|err) request_id={request_id} SHORT shop\.orders INFO ordered shoes in \d+")


def test_a_reload_reads_it_again(serve_app, directory):
    (directory / "logging.json").write_text(json.dumps(DICT))
    logs = serve_app("logs:app", more=f'logconfig = "{directory}/logging.json"\n')
    logs.get("/?before")
    logs.wait_for_log("SHORT shop.orders INFO ordered before")

    changed = json.dumps(DICT).replace("SHORT", "SHORTER")
    (directory / "logging.json").write_text(changed)
    assert logs.command("reload").returncode == 0

    def goes_on():
        logs.get("/?after")
        return any("SHORTER shop.orders INFO ordered after" in line for line in logs.log.lines())
    wait_until(goes_on, "a line of the new form")


def test_each_worker_has_files_of_its_own(serve_app, directory):
    table = TABLE + f"""
[app.main.logconfig.handlers.file]
class = "logging.FileHandler"
filename = "{directory}/orders.log"
formatter = "short"
[app.main.logconfig.loggers."shop.orders"]
handlers = ["file"]
"""
    logs = serve_app("logs:app", workers=2, more=table)

    logs.get("/?boots")

    wait_until(lambda: "ordered boots" in (directory / "orders.log").read_text(), "the line in the file")


def test_one_that_does_not_work_keeps_bundle_from_starting_and_says_why(serve_app):
    logs = serve_app("logs:app", ready=False, more='[app.main.logconfig.handlers.x]\nclass = "no.such.Handler"\n')
    logs.expect_exit(4)
    logs.expect_log("")

    logs.wait_for_exit()

    assert any("its logconfig does not work" in line for line in logs.log.lines())
