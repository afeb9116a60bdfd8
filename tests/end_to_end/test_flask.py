"""A Flask site from Debian's package."""

import hashlib

import pytest


@pytest.fixture
def flask(serve_app):
    return serve_app("flask_site:app", workers=2)


def multipart(data, name="file.bin"):
    body = (f'--frontier\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode() + data + b"\r\n--frontier--\r\n"
    return body, [("Content-Type", "multipart/form-data; boundary=frontier")]


def test_a_template_is_rendered(flask):
    answer = flask.get("/?name=%C3%A9t%C3%A9")

    assert answer.status == 200
    assert answer.text == "<h1>Hello été</h1>"


@pytest.mark.parametrize("size", [10, 2_000_000])
def test_an_upload_arrives(flask, size):
    data = hashlib.sha256(b"seed").digest() * (size // 32 + 1)
    body, fields = multipart(data)

    assert flask.post("/upload", body, fields).json == {
        "name": "file.bin", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def test_a_redirect_leads_to_where_the_client_asked(flask):
    answer = flask.get("/moved")

    assert answer.status == 302
    assert answer.field("location") == "/?name=moved"


def test_a_generator_is_streamed(flask):
    assert flask.get("/stream").text == "".join(f"line {number}\n" for number in range(1000))


def test_flask_sees_the_client_and_the_host(flask):
    assert flask.get("/where").json == {"url": "http://test.example/where", "remote": "127.0.0.1", "secure": False}


def test_a_failing_view_is_flasks_500_and_its_traceback_is_logged(flask):
    flask.expect_log(r"wsgi\.errors request_id=")

    assert flask.get("/fails").status == 500
    flask.wait_for_log("Flask view failed")
    assert flask.get("/").status == 200


def test_a_missing_page_is_flasks_404(flask):
    assert flask.get("/none").status == 404
