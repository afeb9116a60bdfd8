"""The Debian package: what is in it, what its services may do, and a life from install to purge."""

import gzip
import re
import shlex
import shutil
import subprocess

import pytest
from support.bundle_process import BIN, PRESET
from support.load import Load
from support.machine_copy import MachineCopy
from support.processes import DEADLINE, wait_until
from support.raw_client import RawClient

BUILD = BIN.parent
pytestmark = [
    pytest.mark.skipif(PRESET != "release", reason="packages are made of release builds"),
    pytest.mark.skipif(not shutil.which("dpkg-shlibdeps"), reason="needs dpkg-dev"),
    pytest.mark.timeout(300),
]
SOCKET = "/run/bundle/web.sock"


@pytest.fixture(scope="module")
def package():
    made = subprocess.run(["cmake", "--build", BUILD, "--target", "deb"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return next(BUILD.glob("bundle_*.deb"))


@pytest.fixture(scope="module")
def content(package, tmp_path_factory):
    """The package's files, and its control files below DEBIAN."""
    folder = tmp_path_factory.mktemp("package") / "content"
    subprocess.run(["dpkg-deb", "-R", package, folder], check=True)
    return folder


def control(content, field):
    text = (content / "DEBIAN/control").read_text()
    return re.search(rf"^{field}: (.*)$", text, re.M)[1]


def test_the_programs_find_each_other_where_they_are_installed(content):
    ended = subprocess.run([content / "usr/bin/bundle", "check", "--elsewhere", "--conf", content / "etc/bundle/site.toml"],
                           capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    assert (content / "usr/libexec/bundle/bundle-front").exists()
    assert list((content / "usr/libexec/bundle").glob("bundle-backend-3.*"))


def test_it_depends_on_the_libraries_and_on_the_python_that_its_backend_embeds(content):
    backend = next((content / "usr/libexec/bundle").glob("bundle-backend-*"))
    version = backend.name.rpartition("-")[2]

    depends = control(content, "Depends")

    assert f"libpython{version}-stdlib" in depends
    assert "libssl3" in depends
    assert "libc6 (>=" in depends
    needed = subprocess.run(["objdump", "-p", content / "usr/libexec/bundle/bundle-front"], capture_output=True, text=True,
                            check=True).stdout
    for library, package in (("libbrotlienc", "libbrotli1"), ("libzstd", "libzstd1")):
        assert (library in needed) == (package in depends), "what the front was built with"


def test_what_an_administrator_changes_is_kept(content):
    assert (content / "DEBIAN/conffiles").read_text().split() == ["/etc/bundle/site.toml", "/etc/logrotate.d/bundle"]


@pytest.mark.parametrize("unit", ["bundle.service", "bundle@.service"])
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_a_service_is_well_sandboxed(content, unit):
    path = content / "usr/lib/systemd/system" / unit

    judged = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=29", path],
                            capture_output=True, text=True, check=False)

    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_the_socket_unit_says_what_the_file_has_to_name(content):
    unit = (content / "usr/lib/systemd/system/bundle.socket").read_text()

    name = re.search(r"^FileDescriptorName=(\S+)$", unit, re.M)[1]
    assert f'address = "systemd:{name}"' in unit


@pytest.mark.parametrize(("page", "told"), [
    ("man1/bundle.1", [r"\fBreload\fR", r"\fB\-\-control PATH\fR", ".SH \"EXIT STATUS\""]),
    ("man5/bundle-site.toml.5", [r"\fB[[site.route]]\fR", r"\fBrequest_timeout\fR"]),
])
def test_the_manual_tells_of_every_verb_and_option(content, page, told):
    text = gzip.decompress((content / "usr/share/man" / f"{page}.gz").read_bytes()).decode()

    for part in told:
        assert part.replace(r"\fBreload\fR", "bundle reload") in text
    if shutil.which("groff"):
        formatted = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=text, capture_output=True, text=True, check=False)
        assert (formatted.returncode, formatted.stderr) == (0, "")


@pytest.mark.parametrize(("words", "offered"), [
    (["bundle", "rel"], ["reload"]),
    (["bundle", "check", "--els"], ["--elsewhere"]),
    (["bundle", "completion", "z"], ["zsh"]),
])
def test_bash_completes_verbs_options_and_choices(content, words, offered):
    script = content / "usr/share/bash-completion/completions/bundle"
    ask = f'source {script}; COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}; _bundle; echo "${{COMPREPLY[@]}}"'

    answered = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True)

    assert answered.stdout.split() == offered


@pytest.mark.skipif(not shutil.which("zsh"), reason="needs zsh")
def test_zsh_can_read_its_completion(content):
    read = subprocess.run(["zsh", "-n", content / "usr/share/zsh/vendor-completions/_bundle"], capture_output=True, check=False)

    assert (read.returncode, read.stderr) == (0, b"")


def test_its_guides_lead_to_what_it_has(content):
    guides = content / "usr/share/bundle"
    links = [(guide, link) for guide in guides.rglob("*.md")
             for link in re.findall(r"\]\((?!https?:)([^)#\s]+)", re.sub(r"`[^`]*`", "", guide.read_text()))]

    assert [(guide.relative_to(guides), link) for guide, link in links if not (guide.parent / link).exists()] == []
    assert len(links) > 30


def test_its_programs_are_hardened_as_those_of_debian(content):
    for program in content / "usr/bin/bundle", *(content / "usr/libexec/bundle").iterdir():
        read = subprocess.run(["readelf", "-Wds", program], capture_output=True, text=True, check=True).stdout
        for sign in "BIND_NOW", "__stack_chk_fail", "_chk@":
            assert sign in read, (program.name, sign)


@pytest.mark.skipif(not shutil.which("lintian"), reason="needs lintian")
def test_lintian_finds_nothing(package):
    found = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", package], capture_output=True, text=True,
                           check=False)

    assert found.returncode == 0, found.stdout


@pytest.fixture
def machine(directory):
    try:
        copy = MachineCopy(directory)
    except OSError as reason:
        pytest.skip(str(reason))
    yield copy
    copy.remove()


def lines_of(unit, key):
    return re.findall(rf"^{key}=(.*)$", unit, re.M)


def start_service(machine):
    """As its unit says it, with the same capabilities, but listening where nobody else does."""
    unit = machine.run("cat", "/usr/lib/systemd/system/bundle.service").stdout
    capabilities = [name.removeprefix("CAP_").lower() for names in lines_of(unit, "CapabilityBoundingSet") for name in names.split()]
    bounded = ["setpriv", "--no-new-privs", "--bounding-set", ",".join(["-all", *(f"+{name}" for name in capabilities)])]
    environment = ["env", "-i", "PATH=/usr/bin:/bin", *lines_of(unit, "Environment")]
    command = [*bounded, *environment, *shlex.split(lines_of(unit, "ExecStart")[0]), "--set", f"listen.0.address=unix:{SOCKET}"]
    folder = "/run/" + lines_of(unit, "RuntimeDirectory")[0]
    machine.run("mkdir", "-m", lines_of(unit, "RuntimeDirectoryMode")[0], folder)
    log = open(machine.log, "wb")
    service = machine.start(*command, stdout=log, stderr=log)
    log.close()
    wait_until(lambda: re.search(r"\] ready\b", machine.log.read_text()) or service.poll() is not None, "a bundle that is ready",
               DEADLINE * 3)
    assert service.poll() is None, machine.log.read_text()
    return service


class Installed:
    """What Load wants to know of a bundle."""

    def __init__(self, machine):
        self._machine = machine

    def connect(self):
        return RawClient(self._machine.path(SOCKET))


def newer(content, directory):
    """The same package with a higher version."""
    folder = shutil.copytree(content, directory / "newer")
    fields = (folder / "DEBIAN/control").read_text()
    (folder / "DEBIAN/control").write_text(re.sub(r"^Version: .*$", "Version: 9.0.0", fields, flags=re.M))
    subprocess.run(["dpkg-deb", "-b", "--root-owner-group", folder, directory / "newer.deb"], check=True, capture_output=True)
    return directory / "newer.deb"


def test_it_is_installed_served_upgraded_under_load_and_purged_without_a_trace(machine, package, content, directory):
    if machine.run("dpkg-query", "-W", "bundle", check=False).returncode == 0:
        pytest.skip("bundle is installed on this machine")
    machine.log = directory / "service.log"
    machine.run("rm", "-rf", "/run/bundle")  # of a bundle that runs on the machine which was copied
    before = set(machine.written_files())

    machine.run("dpkg", "-i", package)
    enabled = machine.run("find", "/etc/systemd", "-name", "bundle*").stdout
    service = start_service(machine)
    users = machine.run("ps", "-eo", "user:20,args").stdout
    with Load(Installed(machine)) as load:
        load.wait_for_more(20)
        upgraded = machine.run("dpkg", "-i", newer(content, directory))
        load.wait_for_more(20)
    machine.run("bundle", "stop", "--control", "/run/bundle/control.sock")
    service.wait(DEADLINE)
    machine.run("rmdir", "/run/bundle")  # as systemd does
    machine.run("dpkg", "--purge", "bundle")

    assert enabled == ""
    assert re.search(r"^bundle +bundle-front", users, re.M), users
    assert re.search(r"^root +bundle: bundle master", users, re.M), users
    assert load.failures == []
    assert "control.sock" not in upgraded.stderr, upgraded.stderr
    assert [path for path in machine.written_files() if "bundle" in path and path not in before] == []
    assert machine.run("getent", "passwd", "bundle", check=False).returncode == 2
