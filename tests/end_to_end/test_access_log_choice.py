"""Which requests have a line in the access log."""

import pytest
from support.bundle_process import run_bundle
from support.raw_client import request_bytes

pytestmark = pytest.mark.front

LAST = "/the-last-one"


def logged(bundle):
    """The targets in the log, once a request that is always logged is there."""
    with bundle.connect() as client:
        client.send(request_bytes("POST", LAST, [("Content-Length", str(1 << 40))]))
        assert client.read_answer().status == 413
    bundle.wait_for_access_log(LAST)
    return [line.split('"')[1].split(" ")[1] for line in bundle.output.lines()][:-1]


def test_excluded_paths_have_no_line_whatever_becomes_of_them(serve_app):
    hello = serve_app("hello:app", more='[log.access]\nexclude = ["/healthz", "=/favicon.ico", "*.map"]\n'
                                        '[[site]]\napp = "main"\n[[site.route]]\npath = "*.map"\nreturn = 404\n')

    for target in ("/healthz", "/healthz/deep?x", "/favicon.ico", "/app.js.map", "/healthzz", "/"):
        hello.get(target)

    assert logged(hello) == ["/healthzz", "/"]


def test_whoever_looks_after_our_health_has_lines_only_of_what_is_wrong(serve_app):
    hello = serve_app("hello:app", more='[log.access]\nexclude_agents = ["kube-probe/"]\n'
                                        '[[site]]\napp = "main"\n[[site.route]]\npath = "/none"\nreturn = 404\n')

    for target in ("/live", "/none"):
        hello.get(target, [("User-Agent", "kube-probe/1.29")])
        hello.get(target, [("User-Agent", "Mozilla/5.0")])

    assert logged(hello) == ["/live", "/none", "/none"]


def test_a_sample_has_what_went_wrong_and_what_was_slow_whole(serve_app):
    fates = serve_app("fates:app", more='[log.access]\nsample = 0.0\n[[site]]\napp = "main"\n[[site.route]]\n'
                                        'path = "/none"\nreturn = 404\n', settings=("app.main.slow_after=500ms",))

    for target in ("/ok", "/none", "/nap", "/ok"):
        fates.get(target)

    assert logged(fates) == ["/none", "/nap"]


def test_a_sample_is_of_that_size(serve_app):
    hello = serve_app("hello:app", more="[log.access]\nsample = 0.25\n")

    with hello.connect() as client:
        for number in range(800):
            client.request("GET", f"/{number}")

    assert 100 < len(logged(hello)) < 300


def test_a_site_or_a_route_may_have_no_lines(serve_app):
    hello = serve_app("hello:app", more='[[site]]\napp = "main"\nhosts = ["quiet.example"]\naccess_log = false\n'
                                        '[[site.route]]\npath = "/loud/"\naccess_log = true\n'
                                        '[[site]]\napp = "main"\nhosts = ["test.example"]\n')

    for host in ("quiet.example", "test.example"):
        hello.get(f"/loud/{host}", [("Host", host)])
        hello.get(f"/{host}", [("Host", host)])

    assert logged(hello) == ["/loud/quiet.example", "/loud/test.example", "/test.example"]


@pytest.mark.parametrize(("line", "complaint"), [
    ("sample = 1.5", "log.access.sample is 1.5; it must be a number from 0 to 1"),
    ('exclude = ["healthz"]', "log.access.exclude"),
    ('exclude_agents = [""]', "log.access.exclude_agents"),
    ('path = "syslog:server=log.example"', "its server must be"),
])
def test_check_refuses_what_cannot_work(directory, line, complaint):
    conf = directory / "site.toml"
    conf.write_text(f'[app.main]\nwsgi = "hello:app"\n[log.access]\n{line}\n')

    checked = run_bundle("check", "--elsewhere", "--conf", conf)

    assert checked.returncode == 2
    assert complaint in checked.stderr + checked.stdout
