"""What Prometheus' own judge says of /metrics: promtool of Debian's package prometheus, which tests/run fetches."""

import shutil
import subprocess

import pytest
from support.bundle_process import ROOT
from support.certificates import Authority
from support.raw_client import RawClient

PROMTOOL = shutil.which("promtool") or shutil.which("promtool", path=ROOT / "build" / "tools")
SITE = """
[app.counts]
wsgi = "counts:app"
directory = "{apps}"
workers = 1
[app.fates]
wsgi = "fates:app"
directory = "{apps}"
workers = { min = 1, max = 2 }
retry = "off"
[admin]
address = "unix:{directory}/admin.sock"
[[site]]
hosts = ["counts.example"]
app = "counts"
[[site]]
app = "fates"
[[site.route]]
path = "/gone"
return = 410
"""


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not here: apt-get install prometheus")
def test_promtool_finds_nothing_to_say_of_the_metrics(serve, directory):
    authority = Authority(directory)
    site = serve(SITE + authority.issue("counts.example", "fates.example").toml(), settings=("listen.0.tls=true",))
    site.expect_log("worker")
    for target, host in (("/ok?5", "counts.example"), ("/%22%5C%0A%FF", "counts.example"), ("/ok", "fates.example"), ("/gone", "fates.example"),
                         ("/crash", "fates.example")):
        with site.connect(tls=authority.client(), server_name=host) as client:
            client.request("GET", target, host=host)
    assert site.command("reload").returncode == 0

    with RawClient(str(site.directory / "admin.sock")) as client:
        metrics = client.request("GET", "/metrics").text
    judged = subprocess.run([PROMTOOL, "check", "metrics"], input=metrics, text=True, capture_output=True, timeout=30,
                            check=False)

    for name in ("demo_took_seconds_bucket", "bundle_tls", "bundle_reloads"):
        assert name in metrics
    assert (judged.returncode, judged.stdout, judged.stderr) == (0, "", "")
