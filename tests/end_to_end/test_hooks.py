"""gunicorn's server hooks, from a module that `hooks` names."""

import signal

import pytest
from support.processes import kill, wait_until

HOOKS = 'hooks = "hooked"\n'


def noted(bundle):
    file = bundle.directory / "hooks"
    return file.read_text().splitlines() if file.exists() else []


def wait_for_note(bundle, *words):
    line = " ".join(map(str, words))
    wait_until(lambda: line in noted(bundle), f"the hook to say {line!r}; it said {noted(bundle)}")


def test_the_life_of_a_bundle_is_told_in_its_order(serve_app):
    hooked = serve_app("hooked:app", more=HOOKS)
    worker = hooked.get("/").text
    wait_for_note(hooked, "when_ready", 1)
    hooked.stop()

    assert [line.split()[0] for line in noted(hooked) if "request" not in line] == [
        "on_starting", "nworkers_changed", "pre_fork", "post_fork", "post_worker_init", "when_ready", "worker_exit",
        "child_exit", "on_exit"]
    assert "on_starting True" in noted(hooked)
    assert "nworkers_changed 1 None" in noted(hooked)
    assert "pre_fork 1 [booting]" in noted(hooked)
    assert "post_fork True True" in noted(hooked)
    assert f"child_exit {worker} False" in noted(hooked)


def test_the_hooks_around_a_request_know_it_and_its_answer(serve_app):
    hooked = serve_app("hooked:app", more=HOOKS)

    worker = hooked.get("/cart?a=1", [("X-Asked", "yes")]).text

    wait_for_note(hooked, "pre_request", worker, "GET", "/cart?a=1", "yes")
    wait_for_note(hooked, "post_request", "/cart", "GET", "200 OK", 200, len(worker))


def test_what_pre_request_raises_is_a_500_with_a_traceback(serve_app):
    hooked = serve_app("hooked:app", more=HOOKS)
    hooked.expect_log("PermissionError|application error")

    assert hooked.get("/refused").status == 500
    hooked.wait_for_log("PermissionError: not by me")
    assert hooked.get("/").status == 200


def test_a_worker_that_was_killed_is_told_to_child_exit(serve_app):
    hooked = serve_app("hooked:app", more=HOOKS)
    worker = int(hooked.get("/").text)

    kill(worker)

    wait_for_note(hooked, "child_exit", worker, False)
    hooked.wait_for_workers(1, without=[worker])


def test_worker_int_is_called_when_nobody_waits(serve_app):
    hooked = serve_app("hooked:app", more=HOOKS)
    worker = hooked.get("/").text

    hooked.signal(signal.SIGINT)
    hooked.wait_for_exit()

    wait_for_note(hooked, "worker_int", worker)


def test_the_hooks_log_is_the_error_log(serve_app):
    hooked = serve_app("hooked:app", more=HOOKS)

    hooked.wait_for_log(rf"info main worker 0\[\d+\] worker \d+ is here")


@pytest.mark.parametrize(("hooks", "complaint", "status"), [
    ("def post_fork(server, worker):\n    raise RuntimeError('no pool')\n", "RuntimeError: no pool", 3),
    ("def on_starting(server):\n    raise RuntimeError('not today')\n", "RuntimeError: not today", 4),
    ("import nowhere\n", "No module named 'nowhere'", 4),
])
def test_hooks_that_fail_at_boot_end_the_start_with_their_traceback(serve, directory, hooks, complaint, status):
    home = directory / "0"
    home.mkdir()
    (home / "failing.py").write_text(hooks)
    (home / "plain.py").write_text("def app(environ, start_response):\n    pass\n")
    plain = serve('[app.main]\nwsgi = "plain:app"\nhooks = "failing"\nworkers = 1\n', ready=False)
    plain.expect_log(".")
    plain.expect_exit(status)

    assert plain.wait_for_exit() == status
    plain.wait_for_log(complaint)


def test_prometheus_client_counts_over_workers_and_forgets_the_dead(serve, directory):
    (directory / "0" / "metrics").mkdir(parents=True)
    metered = serve("""
        [app.main]
        wsgi = "metered:app"
        hooks = "metered"
        directory = "{apps}"
        workers = 1
        env = { PROMETHEUS_MULTIPROC_DIR = "{directory}/metrics" }
    """)
    first = int(metered.get("/").text)
    kill(first)
    metered.wait_for_workers(1, without=[first])
    second = int(metered.get("/").text)

    def told():
        return metered.get("/metrics").text

    assert "served_total 2.0" in told()
    wait_until(lambda: f'pid="{first}"' not in told(), "the dead worker's gauge to go")
    assert f'living{{pid="{second}"}} 1.0' in told()


def test_on_reload_is_called_in_the_old_arbiter(serve_app):
    hooked = serve_app("hooked:app", more='hooks = "hooked"\n')

    assert hooked.command("reload").returncode == 0

    names = [line.split()[0] for line in (hooked.directory / "hooks").read_text().splitlines()]
    begins = names.index("on_reload")
    assert names.index("on_starting") < begins < len(names) - 1 - names[::-1].index("on_starting")
