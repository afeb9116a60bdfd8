"""The examples of deploy/ for supervisors and containers, as far as they can be tried here: what people copy has to work."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess

import pytest
from support import processes
from support.bundle_process import BIN, ROOT
from support.machine_copy import MachineCopy
from support.processes import DEADLINE, wait_until
from support.raw_client import RawClient

DEPLOY = ROOT / "deploy"
HELLO = """
[app.main]
wsgi = "hello:app"
directory = "{apps}"
workers = 1
[server]
run_directory = "{home}/run"
[[listen]]
address = "unix:{home}/web.sock"
[log.access]
path = "{home}/access.log"
"""


class Supervised:
    """A folder with a site, and how to ask what serves it."""

    def __init__(self, home):
        self.home = home
        self.site = home / "site.toml"
        self.site.write_text(HELLO.replace("{apps}", str(ROOT / "tests" / "apps")).replace("{home}", str(home)))

    def adapted(self, text):
        """An example for this machine's paths."""
        return (text.replace("/usr/bin/bundle", str(BIN / "bundle")).replace("/etc/bundle/site.toml", str(self.site))
                .replace("/var/log/bundle", str(self.home)))

    def answers(self):
        try:
            with RawClient(str(self.home / "web.sock")) as client:
                return client.request("GET", "/").status == 200
        except OSError:
            return False

    def wait_until_it_answers(self):
        wait_until(self.answers, "an answer", DEADLINE * 3)

    def master_below(self, supervisor):
        return next((pid for pid in processes.descendants_of(supervisor) if processes.executable_of(pid) == "bundle"), None)


@pytest.fixture
def supervised(directory):
    return Supervised(directory)


def end(process):
    process.terminate()
    process.wait(DEADLINE * 3)


# ---- supervisord ----------------------------------------------------------------------------------------------

SUPERVISORD = """
[supervisord]
nodaemon=true
logfile={home}/supervisord.log
pidfile={home}/supervisord.pid
[unix_http_server]
file={home}/s.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{home}/s.sock
"""


@pytest.mark.skipif(not shutil.which("supervisord"), reason="supervisord is not installed: deploy/setup test")
def test_supervisord_starts_reloads_and_stops_it_and_starts_it_again_when_it_dies(supervised):
    conf = supervised.home / "supervisord.conf"
    conf.write_text(SUPERVISORD.format(home=supervised.home)
                    + supervised.adapted((DEPLOY / "supervisord" / "bundle.conf").read_text()))
    supervisord = subprocess.Popen(["supervisord", "-c", conf], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ctl(*words):
        return subprocess.run(["supervisorctl", "-c", conf, *words], capture_output=True, text=True, check=False,
                              timeout=60).stdout

    try:
        supervised.wait_until_it_answers()
        master = supervised.master_below(supervisord.pid)
        assert "bundle: signalled" in ctl("signal", "HUP", "bundle")
        wait_until(lambda: "generation 2 serves" in (supervised.home / "error.log").read_text(), "the reload")
        processes.kill(master)
        wait_until(lambda: supervised.master_below(supervisord.pid) not in (None, master), "another master")
        supervised.wait_until_it_answers()
        assert "bundle: stopped" in ctl("stop", "bundle")
        assert supervised.master_below(supervisord.pid) is None
        assert "draining" in (supervised.home / "error.log").read_text(), "it had its time"
    finally:
        end(supervisord)


# ---- runit ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("runsv"), reason="runit is not installed: deploy/setup test")
def test_runit_starts_reloads_and_stops_it_and_starts_it_again_when_it_dies(supervised):
    service = supervised.home / "service"
    for file in (path for path in (DEPLOY / "runit").rglob("*") if path.is_file()):
        copy = service / file.relative_to(DEPLOY / "runit")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(supervised.adapted(file.read_text()))
        copy.chmod(0o755)
    log = supervised.home / "current"
    runsv = subprocess.Popen(["runsv", service])

    def sv(*words):
        return subprocess.run(["sv", *words, service], capture_output=True, text=True, check=False, timeout=60)

    try:
        supervised.wait_until_it_answers()
        master = supervised.master_below(runsv.pid)
        sv("hup")
        wait_until(lambda: "generation 2 serves" in log.read_text(), "the reload")
        processes.kill(master)
        wait_until(lambda: supervised.master_below(runsv.pid) not in (None, master), "another master")
        supervised.wait_until_it_answers()
        assert sv("-w", "40", "stop").returncode == 0
        assert supervised.master_below(runsv.pid) is None
        supervised.site.write_text("[app.main\n")
        sv("up")
        wait_until(lambda: "down" in sv("status").stdout and "site.toml:1" in log.read_text(), "the end of a mistake")
    finally:
        end(runsv)


# ---- containers -----------------------------------------------------------------------------------------------

# What the application sees of the container: who is process 1, whether the root can be written, zombies.
APP = """
import json, os, subprocess
def stats():
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat, title = [open(f"/proc/{name}/{file}").read() for file in ("stat", "cmdline")]
        except OSError:  # it has ended
            continue
        yield stat.rpartition(")")[2].split()[0], title
def app(environ, start_response):
    if environ["PATH_INFO"] == "/orphan":
        subprocess.run(["sh", "-c", "true & true"])
    try:
        open("/written", "w")
        written = True
    except OSError:
        written = False
    found = list(stats())
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"first": open("/proc/1/cmdline").read(), "written": written, "uid": os.getuid(),
                        "zombies": sum(state == "Z" for state, _ in found),
                        "workers": sum(" worker " in line for _, line in found)}).encode()]
"""
# As `docker run --read-only --tmpfs /tmp` does, for what the image's CMD says.
AS_CONTAINER = """
mount -t proc proc /proc && mount -t tmpfs -o mode=1777 tmpfs /tmp && mount -o remount,bind,ro / &&
exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs -- "$@"
"""


@pytest.fixture
def machine(directory):
    try:
        copy = MachineCopy(directory)
    except OSError as error:
        pytest.skip(f"no copy of the machine: {error}")
    yield copy
    copy.remove()


def dockerfile(instruction):
    return re.findall(rf"^{instruction} (.*)$", (DEPLOY / "Dockerfile").read_text(), re.M)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def test_the_dockerfile_copies_what_is_there():
    for source, _ in (line.split() for line in dockerfile("COPY") if "--from" not in line):
        assert (ROOT / source).exists(), source


def test_as_process_1_of_a_container_with_a_read_only_root(machine):
    shutil.copytree(BIN, machine.path("/opt/bundle"), symlinks=True)
    for source, target in (line.split() for line in dockerfile("COPY") if line.startswith("deploy/")):
        machine.run("mkdir", "-p", target.rpartition("/")[0])
        shutil.copy(ROOT / source, machine.path(target))
    machine.run("mkdir", "/app")
    open(machine.path("/app/shop.py"), "w").write(APP)
    machine.run("python3", "-m", "venv", "--without-pip", "/venv")
    port = free_port()
    command = json.loads(dockerfile("CMD")[0])
    container = machine.start(
        "unshare", "--pid", "--fork", "--mount", "sh", "-c", AS_CONTAINER, "container", "env", "-i",
        "PATH=/opt/bundle:/usr/bin:/bin", f"PORT={port}", "WSGI=shop:app", "WEB_CONCURRENCY=2", *command,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def ask(path):
        with RawClient(("127.0.0.1", port)) as client:
            return client.request("GET", path)

    def is_ready():
        try:
            return ask("/-/ready").status == 200
        except OSError:
            return container.poll() is not None

    wait_until(is_ready, "the container", DEADLINE * 3)
    assert container.poll() is None, container.communicate()
    seen = ask("/orphan").json
    assert seen["first"].startswith("bundle: ")
    assert (seen["written"], seen["uid"], seen["workers"]) == (False, 65534, 2)
    wait_until(lambda: ask("/").json["zombies"] == 0, "the end of the orphan")

    master = next(pid for pid in processes.descendants_of(container.pid) if processes.executable_of(pid) == "bundle")
    os.kill(master, signal.SIGTERM)
    wait_until(lambda: ask("/-/ready").status == 503, "the load balancer to be told")
    assert ask("/").status == 200, "it serves on for drain_delay"
    os.kill(master, signal.SIGTERM)
    stdout, stderr = container.communicate(timeout=DEADLINE * 3)
    assert container.returncode == 0, stderr
    assert '"GET /orphan HTTP/1.1" 200' in stdout


def test_kubernetes_gives_it_the_time_that_its_file_wants_and_asks_where_it_answers(serve):
    yaml = pytest.importorskip("yaml", reason="python3-yaml is not installed: deploy/setup test")
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "shop.yaml").read_text()))
    pod = documents[0]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    text = (DEPLOY / "container" / "site.toml").read_text()
    bundle = serve(text.replace('"/app"', '"{apps}"').replace('virtualenv = "/venv"', "workers = 1"),
                   environment={"WSGI": "hello:app"})

    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert bundle.get(container[probe]["httpGet"]["path"]).status == 200
    seconds = [int(number) for number in re.findall(r'^drain_\w+ = "(\d+)s"', text, re.M)]
    assert len(seconds) == 2
    assert pod["terminationGracePeriodSeconds"] > sum(seconds)
    assert {"name": "PORT", "value": str(container["ports"][0]["containerPort"])} in container["env"]
    assert documents[1]["spec"]["selector"] == documents[0]["spec"]["template"]["metadata"]["labels"]
    bundle.signal(signal.SIGTERM)
    bundle.signal(signal.SIGTERM)
    bundle.expect_log("cut off|killing")
