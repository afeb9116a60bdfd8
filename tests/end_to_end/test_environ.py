"""What the application is told: environ after PEP 3333, forwarded fields, wsgi.input."""

import pytest


@pytest.fixture
def echo(serve_app):
    return serve_app("echo:app")


def test_environ_has_what_pep_3333_asks_for(echo):
    told = echo.get("/caf%C3%A9/a?b=c%20d", [("Accept", "text/html"), ("Accept", "text/plain")]).json
    environ = told["environ"]

    assert environ["REQUEST_METHOD"] == "GET"
    assert environ["SCRIPT_NAME"] == ""
    assert environ["PATH_INFO"] == "/café/a".encode().decode("latin-1")
    assert environ["QUERY_STRING"] == "b=c%20d"
    assert environ["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert environ["wsgi.url_scheme"] == "http"
    assert environ["HTTP_HOST"] == "test.example"
    assert environ["HTTP_ACCEPT"].replace(" ", "") == "text/html,text/plain"
    assert environ["SERVER_NAME"]
    assert environ["SERVER_PORT"].isdecimal()
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert told["version"] == [1, 0]
    assert told["run_once"] is False
    assert all(kind == "str" for name, kind in told["types"].items() if not name.startswith(("wsgi.", "bundle.")))


def test_a_post_has_content_type_and_length_without_the_http_prefix(echo):
    environ = echo.post("/", b"a=b", [("Content-Type", "application/x-www-form-urlencoded")]).json["environ"]

    assert environ["CONTENT_TYPE"] == "application/x-www-form-urlencoded"
    assert environ["CONTENT_LENGTH"] == "3"
    assert not {"HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"} & set(environ)


def test_nothing_of_one_request_is_left_in_the_next(serve_app):
    echo = serve_app("echo:app", workers=1)

    with echo.connect() as client:
        client.request("POST", "/?secret=1", [("Cookie", "session=1"), ("X-Only-Here", "yes")], b"body")
        environ = client.request("GET", "/").json["environ"]

    assert not {"HTTP_COOKIE", "HTTP_X_ONLY_HERE", "CONTENT_TYPE"} & set(environ)
    assert environ["QUERY_STRING"] == ""
    assert environ.get("CONTENT_LENGTH", "") in ("", "0")


def test_the_application_is_told_of_the_client_by_forwarded_fields(echo):
    environ = echo.get("/").json["environ"]

    assert environ["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
    assert environ["HTTP_X_REAL_IP"] == "127.0.0.1"
    assert environ["HTTP_X_FORWARDED_PROTO"] == "http"
    assert environ["HTTP_X_FORWARDED_HOST"] == "test.example"
    assert environ["HTTP_X_FORWARDED_PORT"] == str(echo.address[1])


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port",
                                  "X-Real-IP", "Forwarded", "Proxy", "X_Forwarded_For", "X_Real_IP"])
def test_a_forged_field_is_dropped(echo, name):
    environ = echo.get("/", [(name, "forged-value")]).json["environ"]

    assert not [key for key, value in environ.items() if "forged-value" in value]


def test_hop_by_hop_fields_end_at_the_front(echo):
    environ = echo.get("/", [("Connection", "keep-alive, X-Mine"), ("X-Mine", "1"), ("Keep-Alive", "5"),
                             ("TE", "trailers"), ("Upgrade", "h2c")]).json["environ"]

    gone = {"HTTP_CONNECTION", "HTTP_X_MINE", "HTTP_KEEP_ALIVE", "HTTP_TE", "HTTP_UPGRADE"}
    assert not gone & set(environ)


def test_connection_cannot_take_away_what_we_route_by(echo):
    environ = echo.get("/", [("Connection", "Host, Content-Length, X-Forwarded-For")]).json["environ"]

    assert environ["HTTP_HOST"] == "test.example"
    assert environ["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"


def test_every_request_has_an_id_of_its_own_in_environ_and_answer(echo):
    answers = [echo.get("/") for _ in range(2)]
    ids = [answer.json["environ"]["HTTP_X_REQUEST_ID"] for answer in answers]

    assert ids[0] != ids[1]
    assert [answer.field("x-request-id") for answer in answers] == ids


@pytest.mark.parametrize("tail", ["three", "three" * 100_000], ids=["in memory", "spooled"])
def test_wsgi_input_reads_like_a_file(serve_app, tail):
    reads = serve_app("reads:app")
    body = b"one\ntwo\n" + tail.encode()

    assert reads.post("/readline", body).json == ["one\n", "two", "\n", tail]
    assert reads.post("/readlines", body).json == ["one\n", "two\n", tail]
    assert reads.post("/iteration", body).json == ["one\n", "two\n", tail]
    assert reads.post("/pieces", body).json == ["one\n", "", "two\n", tail, "", ""]


def test_two_workers_share_no_state(serve_app):
    echo = serve_app("echo:app", workers=2)

    told = echo.get("/").json

    assert told["multiprocess"] is True
    assert told["multithread"] is False
    assert told["pid"] in echo.workers()
