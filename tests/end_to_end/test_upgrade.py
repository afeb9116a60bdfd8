"""Upgrades: other programs take over, in the same process and from the same clients."""

import os
import signal
import socket
import threading

import pytest
from support.bundle_process import BIN
from support.gate import Gate
from support.http2_client import NO_ERROR, Http2Client
from support.installation import Installation
from support.load import Load
from support.processes import kill, wait_until, wait_until_gone
from support.raw_client import request_bytes

SITE = """
[app.main]
wsgi = "{wsgi}"
directory = "{{apps}}"
workers = 2
env = {{ TEST_DIRECTORY = "{{directory}}" }}
"""
FAILED = 1
NOT_LOADED = 4
CONFIGURATION = 2


@pytest.fixture
def installation(directory):
    return Installation(directory / "bin")


@pytest.fixture
def serve_installed(serve, installation):
    def start(wsgi="waits:app", **options):
        return serve(SITE.format(wsgi=wsgi), programs=installation.folder, **options)
    return start


def upgrade(bundle):
    ended = bundle.command("upgrade", deadline=60)
    assert ended.returncode == 0, ended.stderr + "\n".join(bundle.log.lines())
    return ended


def children_of_now(bundle, front):
    """Front and arbiter, once those before the upgrade have left."""
    wait_until_gone(front, deadline=30)
    bundle.wait_for_arbiters(1)
    return bundle.front(), bundle.arbiter()


def test_an_upgrade_runs_the_new_programs_in_the_same_process(serve_installed, installation):
    waits = serve_installed()
    front = waits.front()
    installation.install()
    assert not installation.runs_in(waits.pid)

    ended = upgrade(waits)

    assert "can take over" in ended.stdout
    assert "app main: 2/2 ready\n" in ended.stdout
    assert ended.stdout.endswith("serves: generation 2 serves\n")
    assert waits.get("/").status == 200
    for pid in (waits.pid, *children_of_now(waits, front), *waits.workers()):
        assert installation.runs_in(pid)


def test_usr2_upgrades_and_everything_else_goes_on_as_before(serve_installed, installation):
    waits = serve_installed()
    front = waits.front()
    for generation in (2, 3):
        installation.install()
        waits.signal(signal.SIGUSR2)
        waits.wait_for_log(f"upgraded: generation {generation} serves", deadline=30)
        front, _ = children_of_now(waits, front)

    assert waits.command("scale", "main", "3").returncode == 0
    assert waits.command("reload").returncode == 0
    [worker, *_] = waits.wait_for_workers(2)
    kill(worker)
    waits.wait_for_workers(2, without=[worker])
    assert waits.get("/").status == 200
    assert sorted(os.listdir(waits.directory / "run")) == ["control.sock", "master.lock", "workers-3.sock"]


def test_maintenance_by_command_outlives_an_upgrade(serve_installed, installation):
    waits = serve_installed()
    assert waits.command("maintenance", "on").returncode == 0
    installation.install()
    upgrade(waits)

    assert waits.get("/").status == 503
    assert waits.command("maintenance", "off").returncode == 0
    assert waits.get("/").status == 200


def test_upgrades_under_load_lose_no_request(serve_installed, installation, upgrades):
    waits = serve_installed()
    with Load(waits) as gets, Load(waits, clients=2, method="POST") as posts:
        for _ in range(upgrades):
            gets.wait_for_more(50)
            front = waits.front()
            installation.install()
            upgrade(waits)
            children_of_now(waits, front)

    assert gets.failures == posts.failures == []
    assert installation.runs_in(waits.front())


def test_a_request_that_runs_ends_on_its_worker_and_closes_its_connection(serve_installed, installation):
    waits = serve_installed()
    front, arbiter = waits.front(), waits.arbiter()
    with Gate(waits.directory) as gate, waits.connect() as client:
        client.send(request_bytes("POST", "/wait", body=b"once"))
        gate.wait_until_reached()
        [*workers] = waits.workers()
        installation.install()
        upgrade(waits)
        assert waits.get("/").status == 200
        gate.let_through()
        answer = client.read_answer()
        assert (answer.status, answer.field("connection")) == (200, "close")
        assert int(answer.text) in workers
    for pid in (front, arbiter, *workers):
        wait_until_gone(pid, deadline=30)


def test_what_waits_in_the_old_queue_is_served_by_the_old_workers(serve_installed, installation):
    waits = serve_installed(settings=["app.main.workers=1"])
    clients = [waits.connect() for _ in range(3)]
    with Gate(waits.directory) as gate:
        for client in clients:
            client.send(request_bytes("POST", "/wait", body=b"once"))
        gate.wait_until_reached()
        upgrade(waits)
        gate.let_through(len(clients))
        assert {client.read_answer().status for client in clients} == {200}
    for client in clients:
        client.close()


def test_an_answer_that_is_under_way_is_sent_to_its_end(serve_installed):
    streams = serve_installed("streams:app")
    with Gate(streams.directory) as gate, streams.connect() as client:
        client.send(request_bytes("GET", "/gated"))
        client.read_head()
        assert client.read_chunk() == b"first\n"
        upgrade(streams)
        gate.let_through()
        assert [client.read_chunk(), client.read_chunk()] == [b"second\n", b""]
        assert client.is_closed()


def test_what_is_uploaded_during_an_upgrade_gets_its_answer(serve_installed):
    waits = serve_installed()
    with waits.connect() as client:
        client.send(request_bytes("POST", "/", [("Content-Length", "4")]) + b"on")
        upgrade(waits)
        client.send(b"ce")
        assert client.read_answer().status == 200


def test_who_asks_the_old_front_whether_it_is_ready_is_not_frightened(serve, installation):
    site = SITE.format(wsgi="waits:app") + '[[site]]\napp = "main"\nhealth = true\n'
    waits = serve(site, programs=installation.folder)
    with waits.connect() as balancer:
        assert balancer.request("GET", "/-/ready").status == 200
        upgrade(waits)
        assert balancer.request("GET", "/-/ready").status == 200


def test_a_kept_connection_is_told_to_close_by_its_next_answer(serve_installed):
    waits = serve_installed()
    with waits.connect() as client:
        assert client.request("GET", "/").field("connection") != "close"
        upgrade(waits)
        # What it was told by the master and what this client asks come by two ways.
        wait_until(lambda: client.request("GET", "/").field("connection") == "close", "the last answer")


def test_an_idle_connection_does_not_keep_the_old_front(serve_installed):
    waits = serve_installed()
    front = waits.front()
    with waits.connect() as client:
        client.request("GET", "/")
        upgrade(waits)
        assert client.is_closed()
    wait_until_gone(front)


def test_the_new_front_listens_where_the_old_one_did(serve, installation, directory):
    path = directory / "web.sock"
    waits = serve(SITE.format(wsgi="waits:app") + f'[[listen]]\naddress = "unix:{path}"\n', programs=installation.folder)
    inode = path.stat().st_ino
    front = waits.front()
    upgrade(waits)
    children_of_now(waits, front)

    assert path.stat().st_ino == inode
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(request_bytes("GET", "/", [("Connection", "close")]))
        assert client.recv(12) == b"HTTP/1.1 200"
    waits.stop()
    assert not path.exists()


def test_tls_goes_on_after_an_upgrade(secure, installation, authority):
    secured = secure("waits:app", programs=installation.folder)
    with secured.connect(tls=authority.client()) as client:
        assert client.request("GET", "/").status == 200
        upgrade(secured)
        assert client.request("GET", "/").field("connection") == "close"
    assert secured.get("/", tls=authority.client()).status == 200


def test_streams_of_http2_end_on_the_old_front_and_their_connection_with_them(serve_http2, installation):
    waits = serve_http2("waits:app", workers=2, programs=installation.folder)
    front = waits.front()
    with Gate(waits.directory) as gate, Http2Client(waits.address) as client:
        client.ask(1, "/wait")
        gate.wait_until_reached()
        upgrade(waits)
        client.read_until(lambda: client.goaway is not None, "GOAWAY")
        gate.let_through()

        assert client.answer(1).status == 200
        assert client.connection_error() == NO_ERROR
    with Http2Client(waits.address) as client:
        assert client.is_served(1)
    wait_until_gone(front)


def test_a_stop_does_not_wait_for_the_connections_of_an_upgrade(serve_installed):
    waits = serve_installed()
    with waits.connect() as client:
        client.request("GET", "/")
        upgrade(waits)
        waits.stop()
        assert client.is_closed()


# ---- what cannot take over changes nothing ------------------------------------------------------------------


def fails(bundle, status, *texts):
    family = {bundle.pid, bundle.front(), bundle.arbiter(), *bundle.workers()}
    bundle.expect_log(r"master\[")

    ended = bundle.command("upgrade", deadline=60)

    assert ended.returncode == status, ended.stdout + ended.stderr
    for text in texts:
        assert text in ended.stderr
    assert ended.stderr.endswith("upgrade failed; what served before goes on serving\n")
    assert bundle.get("/").status == 200
    # A worker may still have been on its way.
    assert family <= {bundle.pid, bundle.front(), bundle.arbiter(), *bundle.workers()}


@pytest.mark.parametrize("other, told", [
    (("/bin/true", 0), "Exec format error"),
    ("/bin/true", "does not say whether it can take over"),
    ("/bin/cat", "the new bundle cannot take over:\n/"),
    ((BIN / "bundle", 65536), "died of SIG"),
], ids=["empty", "silent", "says why", "half of it"])
def test_a_broken_bundle_is_refused(serve_installed, installation, other, told):
    waits = serve_installed()
    installation.put_instead("bundle", other)

    fails(waits, FAILED, told)


@pytest.mark.parametrize("program", ["bundle-front", "bundle-backend-*"])
def test_a_program_of_another_release_is_refused(serve_installed, installation, program):
    waits = serve_installed()
    installation.put_instead(program, "/bin/ls")

    fails(waits, FAILED, "that belongs to this bundle", "ls (GNU coreutils)")


def test_a_file_that_is_wrong_is_refused(serve_installed):
    waits = serve_installed()
    waits.site_file.write_text("[app.main\n")

    fails(waits, CONFIGURATION, "site.toml:1:")


def test_an_application_that_cannot_be_loaded_leaves_the_old_workers(serve, installation, directory):
    (directory / "shop.py").write_text("from hello import app\n")
    site = SITE.format(wsgi="shop:app").replace("{apps}", str(directory)) + 'python_path = ["{apps}"]\n'
    shop = serve(site, programs=installation.folder)
    installation.install()
    (directory / "shop.py").write_text("raise ValueError('a bad deploy')\n")

    fails(shop, NOT_LOADED, "ValueError: a bad deploy")

    (directory / "shop.py").write_text("from hello import app\n")
    front = shop.front()
    upgrade(shop)
    assert shop.get("/").status == 200
    assert installation.runs_in(children_of_now(shop, front)[0])


class BackgroundUpgrade(threading.Thread):
    """`bundle upgrade`, under way; join() it."""

    def __init__(self, bundle):
        super().__init__()
        self._bundle = bundle
        self.start()

    def run(self):
        self.ended = self._bundle.command("upgrade", deadline=60)


def serve_gated_import(serve, installation, directory):
    """From now on an import waits at the gate."""
    (directory / "shop.py").write_text("from waits import app\n")
    site = SITE.format(wsgi="shop:app").replace("{apps}", str(directory)) + 'python_path = ["{apps}"]\n'
    shop = serve(site, programs=installation.folder)
    (directory / "shop.py").write_text("from gates import pass_gate; pass_gate()\nfrom waits import app\n")
    return shop


def test_a_new_front_that_dies_leaves_the_old_one(serve, installation, directory):
    shop = serve_gated_import(serve, installation, directory)
    shop.expect_log("front|upgrade failed")
    old = shop.front()
    with Gate(shop.directory) as gate:
        upgrading = BackgroundUpgrade(shop)
        gate.wait_until_reached()
        kill(shop.wait_for_new("bundle-front", old))
        upgrading.join()

    assert upgrading.ended.returncode == FAILED
    assert "the new front died (signal=SIGKILL)" in upgrading.ended.stderr
    assert shop.front() == old
    assert shop.get("/").status == 200


def test_while_an_upgrade_is_under_way_the_old_ones_are_replaced_when_they_die(serve, installation, directory):
    shop = serve_gated_import(serve, installation, directory)
    shop.expect_log("front|disconnected")
    front = shop.front()
    [worker, _] = shop.wait_for_workers(2)
    with Gate(shop.directory) as gate:
        upgrading = BackgroundUpgrade(shop)
        gate.wait_until_reached()
        kill(worker)
        kill(front)
        assert shop.get("/").status == 200
        gate.let_through()
        upgrading.join()

    assert upgrading.ended.returncode == 0, upgrading.ended.stderr
    assert shop.get("/").status == 200


def test_a_stop_ends_an_upgrade(serve, installation, directory):
    shop = serve_gated_import(serve, installation, directory)
    shop.expect_log("upgrade failed|bundle is told to stop")
    with Gate(shop.directory) as gate:
        upgrading = BackgroundUpgrade(shop)
        gate.wait_until_reached()
        shop.signal(signal.SIGTERM)
        upgrading.join()

        assert upgrading.ended.returncode == FAILED
        assert shop.wait_for_exit() == 0
