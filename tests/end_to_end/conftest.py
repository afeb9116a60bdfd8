"""Fixtures: `serve` starts a bundle for one test and, at its end, asserts that it stopped cleanly."""

import pytest
from support.bundle_process import BIN, BundleProcess, TestDirectory
from support.certificates import Authority
from support.edited_project import SITE as SITE_OF_PROJECT
from support.edited_project import Project
from support.http2_client import Http2Client

REPORTS = pytest.StashKey()
STOPPED_BADLY = pytest.StashKey()  # its teardown failed; the report of that comes too late to look at


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="what is done a few times under load is done for minutes")
    parser.addoption("--kills", type=int, help="workers that are killed under load [5, --full: 60]")
    parser.addoption("--upgrades", type=int, help="upgrades under load [2, --full: 10]")


def often(config, option, short, full):
    said = config.getoption(option) if option else None
    return said if said is not None else full if config.getoption("--full") else short


@pytest.fixture
def kills(request):
    return often(request.config, "--kills", 5, 60)


@pytest.fixture
def upgrades(request):
    return often(request.config, "--upgrades", 2, 10)


@pytest.fixture
def full(request):
    return request.config.getoption("--full")


@pytest.fixture
def recyclings(request):
    """Workers that are replaced under load."""
    return often(request.config, None, 12, 1000)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    item.stash.setdefault(REPORTS, {})[call.when] = outcome.get_result()


def has_failed(item):
    reports = item.stash.get(REPORTS, {}).values()
    return STOPPED_BADLY in item.stash or any(report.failed for report in reports)


@pytest.fixture(scope="session", autouse=True)
def _bundle_is_built():
    assert (BIN / "bundle").exists(), f"{BIN}/bundle is not there: build it with tests/run"


@pytest.fixture
def directory(request):
    """A private directory; a test that fails keeps it and says where it is."""
    created = TestDirectory()
    yield created.path
    if has_failed(request.node):
        print(f"the test's files are kept in {created.path}")
    else:
        created.remove()


@pytest.fixture
def serve(request, directory):
    """serve(site, **options) -> BundleProcess that is ready; stopped and checked when the test ends."""
    running = []

    def start(site, *, ready=True, **options):
        home = directory / str(len(running))
        home.mkdir(exist_ok=True)
        process = BundleProcess(home, site, **options)
        running.append(process)
        return process.wait_until_ready() if ready else process

    yield start
    try:
        if not has_failed(request.node):
            for process in running:
                process.stop()
    except BaseException:
        request.node.stash[STOPPED_BADLY] = True
        raise
    finally:
        for process in running:
            process.kill_everything()


@pytest.fixture(scope="module")
def serve_for_module():
    """Like serve, for tests that leave no trace: bundles for all of a file, stopped and checked at its end.
    prepare(directory) puts files there first."""
    directory = TestDirectory()
    running = []

    def start(site, prepare=None, **options):
        home = directory.path / str(len(running))
        home.mkdir()
        if prepare:
            prepare(home)
        running.append(BundleProcess(home, site, **options))
        return running[-1].wait_until_ready()

    try:
        yield start
        for process in running:
            process.stop()
        directory.remove()
    finally:
        for process in running:
            process.kill_everything()


SITE_OF_ONE_APP = """
[app.main]
wsgi = "{module}"
directory = "{{apps}}"
workers = {workers}
env = {{ TEST_DIRECTORY = "{{directory}}" }}
"""


@pytest.fixture
def serve_app(serve):
    """serve_app("hello:app", workers=1): the smallest site for one of tests/apps; `more` is TOML that follows."""
    def start(module, workers=1, more="", **options):
        return serve(SITE_OF_ONE_APP.format(module=module, workers=workers) + more, **options)
    return start


SPEAKS_HTTP2 = ('listen.0.protocols=["h2", "http/1.1"]', 'trust.proxies=["loopback"]')


@pytest.fixture(scope="module")
def http2_site(serve_for_module):
    """A bundle that speaks HTTP/2 without TLS, for all of a file."""
    return serve_for_module(SITE_OF_ONE_APP.format(module="echo:app", workers=2), settings=SPEAKS_HTTP2)


@pytest.fixture
def http2(http2_site):
    """http2() -> a client that has begun, closed when the test ends; its options are Http2Client's."""
    clients = []

    def connect(**options):
        clients.append(Http2Client(http2_site.address, **options))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def serve_http2(serve_app):
    """serve_app, but with HTTP/2 without TLS."""
    def start(module="echo:app", settings=(), **options):
        return serve_app(module, settings=(*SPEAKS_HTTP2, *settings), **options)
    return start


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """Issues the certificates of a run of tests."""
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def pair(authority):
    return authority.issue("test.example")


@pytest.fixture
def secure(serve_app, pair):
    """secure("hello:app", more TOML) -> a bundle whose first listener speaks TLS."""
    def start(module="echo:app", more="", certificates=None, settings=(), **options):
        toml = "".join(each.toml() for each in certificates or [pair])
        return serve_app(module, more=more + toml, settings=("listen.0.tls=true", *settings), **options)
    return start


@pytest.fixture
def project(directory):
    created = Project(directory / "0" / "src")
    created.save_app("one")
    return created


@pytest.fixture
def dev(serve, project):
    """dev(more TOML) -> the project, served with --dev."""
    def start(more="", arguments=("--dev",), **options):
        # Bytecode is written, as for developers.
        environment = {"PYTHONDONTWRITEBYTECODE": ""} | options.pop("environment", {})
        project.bundle = serve(SITE_OF_PROJECT + more, arguments=arguments, environment=environment, **options)
        return project
    return start
