"""`bundle completion`: what bash and zsh offer behind what is typed."""

import shlex
import shutil
import subprocess

import pytest
from support.bundle_process import run_bundle

# What _arguments of zsh is given for a verb, a line each.
ZSH_SPECS = """
compdef() {{ }}
_describe() {{ }}
_arguments() {{ print -rl -- "$@" }}
words=(bundle {verb} "")
CURRENT=3
source {script}
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("completion")
    for shell in ("bash", "zsh"):
        (folder / shell).write_text(run_bundle("completion", shell, cwd=folder).stdout)
    return folder


def bash_offers(scripts, folder, words):
    ask = (f"source {scripts}/bash; COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}; _bundle; "
           'printf "%s\\n" "${COMPREPLY[@]}"')
    return subprocess.run(["bash", "-c", ask], cwd=folder, capture_output=True, text=True, check=True).stdout.split()


def zsh_specs(scripts, verb):
    ask = ZSH_SPECS.format(verb=verb, script=scripts / "zsh")
    return subprocess.run(["zsh", "-f", "-c", ask], capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize(("words", "offered"), [
    (["bundle", "rel"], ["reload"]),
    (["bundle", "check", "--els"], ["--elsewhere"]),
    (["bundle", "maintenance", "o"], ["on", "off"]),
    (["bundle", "serve", "--conf", "sh"], ["shop.toml", "shop"]),
    (["bundle", "serve", "--conf", "=", "shop."], ["shop.toml"]),
    (["bundle", "serve", "--conf", "="], ["shop.toml", "shop"]),
    (["bundle", "import", "--gunicorn", "shop."], ["shop.toml"]),
    (["bundle", "init", "sh"], ["shop.toml", "shop"]),
    (["bundle", "init", "--wsg"], ["--wsgi"]),
])
def test_bash_offers(scripts, directory, words, offered):
    (directory / "shop.toml").touch()
    (directory / "shop").mkdir()

    assert sorted(bash_offers(scripts, directory, words)) == sorted(offered)


zsh = pytest.mark.skipif(not shutil.which("zsh"), reason="needs zsh")


@zsh
def test_zsh_offers_files_where_a_file_may_stand(scripts):
    specs = zsh_specs(scripts, "import")

    assert any(spec.startswith("--gunicorn=[") and spec.endswith(":FILE|COMMAND:_files") for spec in specs)
    assert any(spec.endswith(":FOLDER:_files") for spec in zsh_specs(scripts, "init"))


@zsh
def test_zsh_offers_again_what_may_be_repeated(scripts):
    specs = zsh_specs(scripts, "serve")

    assert any(spec.startswith("*--set=[") for spec in specs)
    assert any(spec.startswith("--conf=[") and spec.endswith(":FILE:_files") for spec in specs)
    assert any(spec.startswith("--dev[") for spec in specs)


@zsh
def test_zsh_offers_choices(scripts):
    assert any(spec.endswith(":on|off:(on off)") for spec in zsh_specs(scripts, "maintenance"))
