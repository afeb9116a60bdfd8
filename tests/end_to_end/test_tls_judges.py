"""What others make of our TLS and HTTP/2: testssl.sh, which looks for weaknesses, and a browser. Both only where they are
installed, testssl.sh with --full: it takes minutes."""

import json
import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.front

WELL = {"OK", "INFO", "DEBUG"}
# Its client reads the end of its input, and one time in five it has left before a ticket can come (nginx's as well).
LEFT_TOO_EARLY = "check failed because of connect problem"
OF_TEST_CERTIFICATE = ("cert", "OCSP", "DNS_CAA", "intermediate_cert", "engine", "scanTime", "id")
FILES = 100


@pytest.mark.skipif(not shutil.which("testssl"), reason="testssl.sh is not installed")
@pytest.mark.timeout(1000)
@pytest.mark.parametrize("profile", ["intermediate", "modern"])
def test_testssl_finds_nothing(secure, directory, full, profile):
    if not full:
        pytest.skip("it takes minutes")
    bundle = secure("hello:app", settings=[f"tls.profile={profile}"])
    told = directory / "testssl.json"
    sections = ["--protocols", "--std", "--fs", "--server-preference", "--server-defaults", "--vulnerable", "--grease"]
    subprocess.run(["testssl", "--quiet", "--color", "0", "--warnings", "batch", "--jsonfile", told, *sections,
                    f"127.0.0.1:{bundle.address[1]}"], stdout=subprocess.DEVNULL, timeout=900, check=False)

    findings = json.loads(told.read_text())
    assert len(findings) > 40
    assert [finding for finding in findings
            if finding["severity"] not in WELL and not finding["id"].startswith(OF_TEST_CERTIFICATE)
            and finding["finding"] != LEFT_TOO_EARLY] == []


@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
def test_a_browser_loads_a_page_of_many_files_by_http2(secure, directory):
    folder = directory / "0" / "files"
    folder.mkdir(parents=True)
    names = [f"part-{number}.js" for number in range(FILES)]
    for name in names:
        (folder / name).write_text(f"document.body.append('has {name}; ');")
    (folder / "index.html").write_text(
        "<!doctype html><body>" + "".join(f'<script src="{name}"></script>' for name in names))
    bundle = secure("hello:app", more='[[site]]\nroot = "{directory}/files"\n')

    page = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={directory}/chromium",
         "--ignore-certificate-errors", f"--host-resolver-rules=MAP test.example 127.0.0.1:{bundle.address[1]}",
         "--dump-dom", "https://test.example/"], capture_output=True, text=True, timeout=120, check=True).stdout

    assert [name for name in names if f"has {name}; " not in page] == []
    lines = [bundle.wait_for_access_log(rf'"GET /{re.escape(name)} HTTP/\S+" 200') for name in names]
    assert all("HTTP/2.0" in line for line in lines)
