"""`bundle serve --dev` at a terminal, without a file: what a developer types and sees, a debugger's prompt included."""

import os
import signal

import pytest
from support.processes import wait_until
from support.raw_client import request_bytes
from support.terminal import BundleAtATerminal

APP = """
def app(environ, start_response):
    answer = 6 * 7
    {within}
    print("answering", answer)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"{text} %d" % answer]
"""


@pytest.fixture
def at_terminal(directory):
    """at_terminal(*arguments) -> bundle serve in a folder with shop.py."""
    running = []

    def start(*arguments, within="pass", **options):
        save(directory, "one", within)
        running.append(BundleAtATerminal(directory, *arguments, **options))
        return running[-1]

    yield start
    for bundle in running:
        bundle.end()


def save(directory, text, within="pass"):
    draft = directory / "draft"
    draft.write_text(APP.format(text=text, within=within))
    draft.rename(directory / "shop.py")


def test_it_serves_without_a_file_and_says_that_it_is_for_development(at_terminal):
    bundle = at_terminal("--dev", "shop:app")

    with bundle.connect() as client:
        assert client.request("GET", "/books?x=1").text == "one 42"
    bundle.wait_for("dev mode +reloads when a file changes, shows tracebacks to clients: not for production")
    bundle.wait_for("app main +shop:app\r\n.*1 worker\r\n")
    bundle.wait_for(r"(?m)^answering 42\r$")
    bundle.wait_for(r"\] GET /books\?x=1 200, 6 bytes in \d+ ms\r\n")


def test_without_dev_it_serves_without_a_file_too(at_terminal):
    bundle = at_terminal("shop:app", "--set", "app.main.workers=1")

    with bundle.connect() as client:
        assert client.request("GET", "/").text == "one 42"
    assert "dev mode" not in bundle.text()


def test_ctrl_c_ends_it(at_terminal):
    bundle = at_terminal("--dev", "shop:app")

    bundle.type("\x03")

    assert bundle.wait_for_exit() == 0


def test_breakpoint_asks_at_the_terminal(at_terminal):
    bundle = at_terminal("--dev", "shop:app", within="breakpoint()")

    with bundle.connect() as client:
        client.send(request_bytes("GET", "/"))
        bundle.wait_for(r"\(Pdb\) ")
        bundle.type("answer = 43\n")
        bundle.wait_for(r"answer = 43[\s\S]*\(Pdb\) ")
        bundle.type("continue\n")
        assert client.read_answer().text == "one 43"


def test_a_save_ends_who_stands_at_a_prompt_and_the_request_sees_the_new_code(at_terminal, directory):
    bundle = at_terminal("--dev", "shop:app", within="breakpoint()")

    with bundle.connect() as client:
        client.send(request_bytes("GET", "/"))
        bundle.wait_for(r"\(Pdb\) ")
        save(directory, "two")
        assert client.read_answer().text == "two 42"
    wait_until(bundle.echoes, "the terminal to show what is typed")


def test_ctrl_c_ends_it_at_a_prompt_too(at_terminal):
    bundle = at_terminal("--dev", "shop:app", within="breakpoint()")

    with bundle.connect() as client:
        client.send(request_bytes("GET", "/"))
        bundle.wait_for(r"\(Pdb\) ")
        os.kill(bundle.pid, signal.SIGINT)
        assert bundle.wait_for_exit() == 0
    assert bundle.echoes()


def test_when_its_window_is_closed_it_ends(at_terminal):
    bundle = at_terminal("--dev", "shop:app")

    bundle.close_window()

    assert bundle.wait_for_exit() == 0
