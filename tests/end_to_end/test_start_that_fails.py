"""A start that does not come about: a reload may replace it, and it does not go on for ever."""

from support.processes import wait_until

SITE = """
[app.main]
wsgi = "shop:app"
directory = "{directory}"
workers = 1
preload = false
boot_timeout = "BOOT"
"""
GOOD = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"good"]
"""
COULD_NOT_BOOT = 3


def begin(serve, directory, module, boot_timeout="60s"):
    home = directory / "0"
    home.mkdir()
    (home / "shop.py").write_text(module)
    bundle = serve(SITE.replace("BOOT", boot_timeout), ready=False)
    bundle.wait_for_log("worker died .*exit=1 ")
    return bundle


def test_a_reload_replaces_a_start_whose_workers_die(serve, directory):
    bundle = begin(serve, directory, "import os; os._exit(1)")

    (bundle.directory / "shop.py").write_text(GOOD)
    ended = bundle.command("reload")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    bundle.wait_until_ready()
    assert bundle.get("/").text == "good"
    wait_until(lambda: len(bundle.arbiters()) == 1, "the end of the arbiter that never got ready")


def test_a_reload_that_fails_leaves_the_start_going(serve, directory):
    bundle = begin(serve, directory, "import os; os._exit(1)")
    bundle.expect_log("reload failed|wrong")

    bundle.write_site(SITE.replace("BOOT", "60s") + "wrong = 1\n")
    ended = bundle.command("reload")

    assert ended.returncode == 2
    assert ended.stderr.endswith("reload failed; what was started before goes on starting\n")
    (bundle.directory / "shop.py").write_text(GOOD)
    bundle.wait_until_ready()


def test_a_start_that_never_gets_ready_ends_with_the_status_of_a_worker_that_cannot_boot(serve, directory):
    bundle = begin(serve, directory, "import os; os._exit(1)", boot_timeout="1s")

    bundle.expect_log("0 of 1 workers are ready, and 1 must be")
    bundle.expect_exit(COULD_NOT_BOOT)
    assert bundle.wait_for_exit() == COULD_NOT_BOOT
