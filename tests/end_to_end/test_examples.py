"""The files below conf/ are what people copy: each one must load."""

import pytest
from support.bundle_process import ROOT, run_bundle

CONF = ROOT / "conf"
FILES = [CONF / "site.toml", *sorted((CONF / "examples").glob("*.toml"))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_file_loads(file):
    ended = run_bundle("check", "--elsewhere", "--conf", file)

    assert ended.returncode == 0, ended.stderr


def test_the_demo_page_shows_its_worker_and_takes_an_upload(serve):
    demo = serve((ROOT / "conf" / "site.toml").read_text()
                 .replace('directory = "demo"', f'directory = "{ROOT}/conf/demo"')
                 .replace('directory = "../static"', f'directory = "{ROOT}/static"'))

    page = demo.get("/")
    upload = demo.post("/upload", b'--b\r\nContent-Disposition: form-data; name="file"; filename="a<b>.txt"\r\n\r\n'
                       b"content\r\n--b--\r\n", [("Content-Type", "multipart/form-data; boundary=b")])

    assert any(str(worker) in page.text for worker in demo.workers())
    assert page.field("x-request-id") in page.text
    assert "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73" in upload.text
    assert "a&lt;b&gt;.txt" in upload.text
    for target in ("/static/demo/demo.css", "/static/demo/bundle.svg"):
        assert target in page.text
        assert demo.get(target).status == 200
