"""Reloading: all of the new, or nothing; and no client notices."""

import os
import signal
import socket
import threading

import pytest
from support.gate import Gate
from support.load import Load
from support.processes import kill, wait_until, wait_until_gone
from support.raw_client import RawClient, request_bytes

APP = """
{before}
def app(environ, start_response):
    environ["wsgi.input"].read()
    {within}
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "{size}")])
    return [b"{release}"]
"""

SITE = """
[app.shop]
wsgi = "shop:app"
directory = "{directory}/current"
python_path = ["{apps}"]
workers = 2
env = { TEST_DIRECTORY = "{directory}" }
"""
CONFIGURATION = 2
FAILED = 1
COULD_NOT_BOOT = 3
NOT_LOADED = 4


def write_release(home, release, before="", within="pass"):
    """A deploy: a folder of its own, to which `current` leads from now on."""
    folder = home / f"release-{release}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.py").write_text(APP.format(release=release, size=len(release), before=before, within=within))
    link = home / "next"
    link.symlink_to(folder.name)
    link.rename(home / "current")


@pytest.fixture
def shop(serve, directory):
    """Serves release "one" with two workers."""
    write_release(directory / "0", "one")
    return serve(SITE + "[http]\nkeepalive_requests = 1_000_000\n")


def reload(bundle):
    ended = bundle.command("reload")
    assert ended.returncode == 0, ended.stderr + "\n".join(bundle.log.lines())
    return ended


def test_a_reload_serves_the_new_release_from_where_current_leads(shop):
    assert shop.get("/").text == "one"
    write_release(shop.directory, "two")

    ended = reload(shop)

    assert shop.get("/").text == "two"
    assert "app shop: 2/2 ready\n" in ended.stdout
    assert ended.stdout.endswith("generation 2 serves\n")


def test_hup_reloads(shop):
    write_release(shop.directory, "two")

    shop.signal(signal.SIGHUP)

    shop.wait_for_log("reloaded: generation 2 serves")
    assert shop.get("/").text == "two"


def test_a_reload_keeps_the_clients_connections_and_the_front(shop):
    front = shop.front()
    with shop.connect() as client:
        assert client.request("GET", "/").text == "one"
        write_release(shop.directory, "two")
        reload(shop)
        assert client.request("GET", "/").text == "two"
    assert shop.front() == front


def test_a_request_that_runs_ends_on_the_old_worker_which_then_leaves(serve, directory):
    write_release(directory / "0", "one", before="from gates import pass_gate", within="pass_gate()")
    shop = serve(SITE + 'graceful_timeout = "0s"\nrequest_timeout = "5m"\n')  # it has the time of its route
    old = shop.arbiter()
    with Gate(shop.directory) as gate, shop.connect() as client, shop.connect() as other:
        client.send(request_bytes("POST", "/", body=b"once"))
        gate.wait_until_reached()
        write_release(shop.directory, "two")
        reload(shop)
        assert other.request("GET", "/").text == "two"
        gate.let_through()
        assert client.read_answer().text == "one"
        assert client.request("GET", "/").text == "two"
    wait_until_gone(old)


def test_what_waits_for_a_worker_at_the_commit_goes_to_the_new_ones(serve, directory):
    write_release(directory / "0", "one", before="from gates import pass_gate", within="pass_gate()")
    shop = serve(SITE.replace("workers = 2", "workers = 1"))
    with Gate(shop.directory) as gate, shop.connect() as client, shop.connect() as waiting:
        client.send(request_bytes("GET", "/"))
        gate.wait_until_reached()
        waiting.send(request_bytes("POST", "/", body=b"later"))
        write_release(shop.directory, "two")
        reload(shop)
        assert waiting.read_answer().text == "two"
        gate.let_through()
        assert client.read_answer().text == "one"


def test_ten_reloads_under_load_lose_no_request_and_close_no_connection(shop):
    deployed, seen = {"one"}, set()

    def is_deployed(answer):
        seen.add(answer.text)
        return answer.status == 200 and answer.text in deployed

    with Load(shop, is_right=is_deployed) as load:
        for number in range(10):
            release = f"release{number}"
            write_release(shop.directory, release, before="import time; time.sleep(0.3)")
            deployed.add(release)
            reload(shop)
            wait_until(lambda name=release: name in seen or load.failures, "the new release to answer")

    assert load.failures == []
    assert load.answered > 100


def test_no_worker_is_started_in_place_of_those_that_a_reload_sends_away(shop):
    for _ in range(10):
        reload(shop)
    shop.wait_for_arbiters(1)

    born = [line for line in shop.log.lines() if "worker born" in line]
    assert len(born) == 11 * 2


class BackgroundReload(threading.Thread):
    """`bundle reload`, under way; join() it."""

    def __init__(self, bundle):
        super().__init__()
        self._bundle = bundle
        self.start()

    def run(self):
        ended = self._bundle.command("reload")
        self.status, self.stdout, self.stderr = ended.returncode, ended.stdout, ended.stderr


# ---- what fails commits nothing ---------------------------------------------------------------------------


def fails(bundle, status, *texts):
    bundle.expect_log(r"reload failed|" + "|".join(texts))
    bundle.expect_log(r"master\[")  # each line of the reason

    ended = bundle.command("reload")

    assert ended.returncode == status, ended.stdout + ended.stderr
    for text in texts:
        assert text in ended.stderr
    assert ended.stderr.endswith("reload failed; what served before goes on serving\n")
    assert bundle.get("/").text == "one"


def test_a_syntax_error_changes_nothing(shop):
    shop.site_file.write_text("[app.shop\n")

    fails(shop, CONFIGURATION, "site.toml:1:")


def test_an_unknown_key_changes_nothing(shop):
    shop.write_site(SITE + "wrokers = 2\n")

    fails(shop, CONFIGURATION, "app.shop.wrokers is unknown; did you mean workers?")


def test_what_cannot_change_is_named(shop):
    shop.write_site(SITE + f'[control]\npath = "{shop.directory}/other.sock"\n')

    fails(shop, CONFIGURATION, "control.path cannot change while bundle runs")


def test_an_exception_at_import_changes_nothing_and_is_shown(shop):
    write_release(shop.directory, "two", before="raise ValueError('a bad deploy')")

    fails(shop, NOT_LOADED, "ValueError: a bad deploy", "shop.py")


def test_an_exception_where_each_worker_imports_is_shown_too(serve, directory):
    write_release(directory / "0", "one")
    shop = serve(SITE + "preload = false\n")
    write_release(shop.directory, "two", before="raise ValueError('a bad deploy')")
    shop.expect_log("cannot boot")

    fails(shop, NOT_LOADED, "could not boot", "ValueError: a bad deploy", "shop.py")


def test_an_import_that_hangs_in_a_worker_is_shown_where_it_stands(serve, directory):
    write_release(directory / "0", "one")
    shop = serve(SITE + 'preload = false\nboot_timeout = "3s"\n')
    write_release(shop.directory, "two", before="import threading; threading.Event().wait()")

    fails(shop, COULD_NOT_BOOT, "it took longer than boot_timeout; it stands here", "shop.py")


def test_a_warm_up_that_fails_shows_what_the_application_raised(serve, directory):
    write_release(directory / "0", "one")
    shop = serve(SITE + 'warmup = ["/"]\n')
    write_release(shop.directory, "two", within="raise ValueError('an empty cache')")
    shop.expect_log("application error|cannot boot")

    fails(shop, COULD_NOT_BOOT, "GET / of app.shop.warmup was answered", "ValueError: an empty cache")


def test_an_exit_at_import_changes_nothing(shop):
    write_release(shop.directory, "two", before="import sys; sys.exit('no database')")

    fails(shop, NOT_LOADED, "no database")


def test_a_crash_at_import_changes_nothing(shop):
    write_release(shop.directory, "two", before="import os; os.kill(os.getpid(), 9)")

    fails(shop, FAILED, "app shop: its new arbiter died (signal=SIGKILL)")


def test_a_port_that_is_taken_changes_nothing(shop):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        shop.write_site(SITE + f'[[listen]]\naddress = "{address}"\n')

        fails(shop, FAILED, address)


def test_a_folder_that_is_not_there_changes_nothing(shop):
    shop.write_site(SITE + '[[site]]\napp = "shop"\n[[site.route]]\npath = "/static/"\ndirectory = "{directory}/none"\n')

    fails(shop, CONFIGURATION, "site.0.route.0.directory")


def test_after_a_failed_reload_the_next_one_succeeds(shop):
    write_release(shop.directory, "bad", before="raise ValueError('a bad deploy')")
    fails(shop, NOT_LOADED, "a bad deploy")
    write_release(shop.directory, "two")

    reload(shop)

    assert shop.get("/").text == "two"


def test_a_front_that_dies_in_a_reload_makes_it_fail(shop):
    shop.expect_log("front|reload failed")
    with Gate(shop.directory) as gate:
        write_release(shop.directory, "two", before="from gates import pass_gate; pass_gate()")
        ended = BackgroundReload(shop)
        gate.wait_until_reached()
        kill(shop.front())
        ended.join()
    assert ended.status == FAILED
    assert "the front died (signal=SIGKILL)" in ended.stderr
    assert shop.get("/").text == "one"


def test_a_second_reload_follows_the_first(shop):
    with Gate(shop.directory) as gate:
        write_release(shop.directory, "two", before="from gates import pass_gate; pass_gate()")
        first = BackgroundReload(shop)
        gate.wait_until_reached()
        write_release(shop.directory, "three")
        second = BackgroundReload(shop)
        shop.wait_for_log("reloading when what is under way is done")
        gate.let_through()
        first.join()
        second.join()

    assert (first.status, second.status) == (0, 0)
    assert first.stdout.endswith("generation 2 serves\n")
    assert second.stdout.endswith("generation 3 serves\n")
    assert "waiting for what is under way" in second.stdout
    assert shop.get("/").text == "three"


def test_a_stop_ends_a_reload(shop):
    shop.expect_log("reload failed|bundle is told to stop")
    with Gate(shop.directory) as gate:
        write_release(shop.directory, "two", before="from gates import pass_gate; pass_gate()")
        ended = BackgroundReload(shop)
        gate.wait_until_reached()
        shop.signal(signal.SIGTERM)
        ended.join()

        assert ended.status == FAILED
        assert shop.wait_for_exit() == 0


def test_a_front_that_dies_after_a_reload_comes_back_with_the_new_generation(shop):
    shop.expect_log("front")
    write_release(shop.directory, "two")
    reload(shop)
    front = shop.front()

    kill(front)
    shop.wait_for_new("bundle-front", front)

    assert shop.get("/").text == "two"


def test_an_arbiter_that_dies_after_a_reload_comes_back_with_the_new_generation(shop):
    shop.expect_log("arbiter|backend")
    write_release(shop.directory, "two")
    reload(shop)
    shop.wait_for_arbiters(1)
    arbiter = shop.arbiter()

    kill(arbiter)
    shop.wait_for_new("bundle-backend", arbiter)

    assert shop.get("/").text == "two"


# ---- what a reload can change -----------------------------------------------------------------------------


def test_the_number_of_workers_changes(shop):
    shop.write_site(SITE.replace("workers = 2", "workers = 3"))

    reload(shop)

    shop.wait_for_arbiters(1)
    shop.wait_for_workers(3)


def test_applications_come_go_and_change_their_names(shop):
    write_release(shop.directory, "two")
    store = SITE.replace("[app.shop]", "[app.store]")
    hello = '[app.hello]\nwsgi = "hello:app"\ndirectory = "{apps}"\nworkers = 1\n'
    site = '[[site]]\napp = "store"\n[[site.route]]\npath = "/hello/"\napp = "hello"\n'
    with shop.connect() as client:
        assert client.request("GET", "/").text == "one"
        shop.write_site(store + hello + site)
        reload(shop)
        assert client.request("GET", "/").text == "two"
        assert client.request("GET", "/hello/").status == 200
        shop.write_site(store)
        reload(shop)
        assert client.request("GET", "/hello/").text == "two"
    shop.wait_for_arbiters(1)


def test_listeners_come_and_go_and_their_clients_stay(shop):
    path = str(shop.directory / "web.sock")
    shop.write_site(SITE + f'[[listen]]\naddress = "unix:{path}"\n')
    reload(shop)
    with RawClient(path) as client:
        assert client.request("GET", "/").text == "one"
        shop.write_site(SITE)
        reload(shop)
        assert client.request("GET", "/").text == "one"
        wait_until(lambda: not os.path.exists(path), "the socket file to go")
    assert shop.get("/").text == "one"


def test_limits_change_for_the_next_request_of_a_connection(shop):
    with shop.connect() as client:
        assert client.request("POST", "/", body=b"x" * 2000).status == 200
        shop.write_site(SITE + '[http]\nmax_body = "1K"\n')
        reload(shop)
        assert client.request("POST", "/", body=b"x" * 2000).status == 413


def test_logs_change_their_places_and_levels(shop):
    logs = shop.directory / "logs"
    logs.mkdir()
    shop.write_site(SITE + f'[log]\npath = "{logs}/error.log"\nlevel = "debug"\n[log.access]\npath = "{logs}/access.log"\n')

    reload(shop)
    shop.get("/from-now-on")

    wait_until(lambda: "/from-now-on" in (logs / "access.log").read_text(), "the new access log")
    wait_until(lambda: "front[" in (logs / "error.log").read_text(), "the front in the new error log")
