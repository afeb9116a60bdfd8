"""deploy/appliance: a machine becomes the server of one application, tried in a copy of this one."""

import os
import shutil
import signal
import zipfile

import pytest
from support import processes
from support.bundle_process import BIN, ROOT
from support.machine_copy import MachineCopy
from support.processes import DEADLINE, wait_until
from support.raw_client import RawClient

APPLIANCE = ROOT / "deploy" / "appliance"
APP = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'{text}']\n"
# Notes what it is told; a service is active once it was started.
SYSTEMCTL = '#!/bin/sh\necho "$@" >>/systemctl.log\nif [ "$1" = is-active ]; then grep -q ^start /systemctl.log; fi\n'
PORT = 18080

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def machine(directory):
    """With bundle, its user, and a systemctl that only takes notes."""
    try:
        copy = MachineCopy(directory)
    except OSError as error:
        pytest.skip(f"no copy of the machine: {error}")
    if copy.run("python3", "-c", "import ensurepip", check=False).returncode != 0:
        pytest.skip("python3-venv is not installed: deploy/setup test")
    shutil.copytree(BIN, copy.path("/opt/bundle"), symlinks=True)
    copy.run("ln", "-sf", "/opt/bundle/bundle", "/usr/bin/bundle")
    copy.run("mkdir", "-p", "/etc/bundle", "/source")
    copy.run("sh", "-c", "id bundle || useradd --system bundle")
    put(copy, "/usr/local/bin/systemctl", SYSTEMCTL)
    copy.run("chmod", "755", "/usr/local/bin/systemctl")
    put(copy, "/provision", (APPLIANCE / "provision").read_text())
    yield copy
    copy.remove()


def put(machine, path, text):
    with open(machine.path(path), "w") as file:
        file.write(text)


def provision(machine, check=True, **said):
    """What it printed, and what systemctl was told in this run."""
    put(machine, "/appliance.conf", "".join(f"{name}={value}\n" for name, value in said.items()))
    machine.run("sh", "-c", ": >>/systemctl.log")
    before = len(open(machine.path("/systemctl.log")).readlines())
    ended = machine.run("env", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "bash", "/provision",
                        "/appliance.conf", check=check)
    told = [line.strip() for line in open(machine.path("/systemctl.log")).readlines()[before:]]
    return ended, told


def served_text(machine):
    """What a bundle of /etc/bundle/site.toml answers."""
    process = machine.start("bundle", "serve", "--conf", "/etc/bundle/site.toml")

    def answer():
        try:
            with RawClient(("127.0.0.1", PORT)) as client:
                return client.request("GET", "/").text
        except OSError:
            return None

    try:
        return wait_until(answer, "an answer", DEADLINE * 3)
    finally:
        for pid in processes.descendants_of(process.pid):
            if processes.executable_of(pid) == "bundle":
                os.kill(pid, signal.SIGTERM)
        process.wait(DEADLINE * 3)


def test_a_folder_is_served_and_its_next_release_takes_its_place(machine):
    put(machine, "/source/blog.py", APP.format(text="one"))
    address = f"127.0.0.1:{PORT}"

    ended, told = provision(machine, SOURCE="/source", ADDRESS=address)

    assert "release 1 serves" in ended.stdout
    assert told == ["enable bundle", "is-active --quiet bundle", "start bundle"]
    assert served_text(machine) == "one"
    put(machine, "/source/blog.py", APP.format(text="two"))
    ended, told = provision(machine, SOURCE="/source", ADDRESS=address)
    assert "release 2 serves" in ended.stdout
    assert told[-1] == "reload bundle"
    assert served_text(machine) == "two"
    assert machine.run("readlink", "/srv/app/current").stdout == "releases/2\n"


def test_a_release_that_cannot_be_served_stays_unused(machine):
    said = {"SOURCE": "/source", "ADDRESS": f"127.0.0.1:{PORT}"}
    put(machine, "/source/blog.py", APP.format(text="one"))
    put(machine, "/source/site.toml", '[app.main]\nwsgi = "blog:app"\ndirectory = "."\n[server]\nuser = "nobody"\n')
    for _ in range(3):
        provision(machine, **said)
    machine.run("rm", "-r", "/srv/app/releases/1")
    put(machine, "/source/site.toml", '[app.main]\nwsgy = "blog:app"\n')

    ended, told = provision(machine, check=False, **said)

    assert ended.returncode == 1
    assert "did you mean wsgi" in ended.stderr
    assert "release 4 cannot be served; releases/3 stays" in ended.stderr
    assert told == []
    assert machine.run("ls", "/etc/bundle").stdout == "site.toml\n"
    assert served_text(machine) == "one"


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_git_url_is_served(machine):
    put(machine, "/source/blog.py", APP.format(text="from git"))
    machine.run("sh", "-c", "cd /source && git init -q -b main && git add . && "
                            "git -c user.name=t -c user.email=t@test.example commit -qm one")

    provision(machine, SOURCE="file:///source", SOURCE_REVISION="main", ADDRESS=f"127.0.0.1:{PORT}")

    assert served_text(machine) == "from git"


def test_a_folder_of_wheels_is_served(machine):
    with zipfile.ZipFile(machine.path("/source/blog-1.0-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("blog.py", APP.format(text="from a wheel"))
        wheel.writestr("blog-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: blog\nVersion: 1.0\n")
        wheel.writestr("blog-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("blog-1.0.dist-info/RECORD", "blog.py,,\nblog-1.0.dist-info/METADATA,,\n"
                                                    "blog-1.0.dist-info/WHEEL,,\nblog-1.0.dist-info/RECORD,,\n")

    provision(machine, SOURCE="/source", APP="blog", WSGI="blog:app", ADDRESS=f"127.0.0.1:{PORT}")

    assert served_text(machine) == "from a wheel"


def test_what_is_missing_is_said_before_anything_serves(machine):
    ended, told = provision(machine, check=False)
    assert ended.returncode == 1
    assert "does not say SOURCE" in ended.stderr

    put(machine, "/source/broken.txt", "")
    ended, told = provision(machine, check=False, SOURCE="/source")
    assert ended.returncode != 0
    assert told == []


def test_the_user_data_runs_the_script_that_the_package_brings():
    yaml = pytest.importorskip("yaml", reason="python3-yaml is not installed: deploy/setup test")
    text = (APPLIANCE / "user-data").read_text()
    assert text.startswith("#cloud-config\n")

    data = yaml.safe_load(text)

    assert data["runcmd"][-1] == ["/usr/share/bundle/deploy/appliance/provision", data["write_files"][0]["path"]]
    assert {"git", "python3-venv", "curl"} <= set(data["packages"])
    said = dict(line.split("=", 1) for line in data["write_files"][0]["content"].splitlines() if "=" in line)
    assert set(said) <= {"SOURCE", "SOURCE_REVISION", "APP", "WSGI", "ADDRESS"}
