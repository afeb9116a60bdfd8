"""The guides, followed to the letter: every block of README.md, conf/, deploy/ and tests/README.md is run, checked or
compared as it stands there. tests/README.md says what the word behind a fence means."""

import re
import shutil
import subprocess

import pytest
from support.bundle_process import PRESET, ROOT, run_bundle
from support.guide import blocks_of, first_difference
from support.guide_follower import GuideFollower
from support.machine_copy import MachineCopy

GUIDES = [name for name in ["README.md", *sorted(str(path.relative_to(ROOT)) for folder in ("conf", "deploy")
                                                  for path in (ROOT / folder).glob("*.md")), "tests/README.md"]
          if name != "conf/reference.md"]  # generated; its rows are the tests of options
BLOCKS = {name: blocks_of(ROOT / name, name) for name in GUIDES}
pytestmark = pytest.mark.timeout(300)
# What needs systemd, Docker or minutes, and who does the same.
ELSEWHERE = {
    "systemctl enable --now bundle": "tests/end_to_end/test_package.py",  # starts what the unit says, with its rights
    "journalctl -u bundle": "tests/end_to_end/test_log_services.py",
    "docker build": "tests/end_to_end/test_supervisors.py",  # runs what the image does, as process 1
    "tests/run": "tests/run",
    "./tests/run": "tests/run",
    "deploy/setup build bench": "tests/bench/compare",
    "tests/bench/": "tests/bench/compare",
}
IN_THE_CLONE = ("README.md", "deploy/installing.md", "tests/README.md")

SITE = """
[app.main]
wsgi = "shop.wsgi"
workers = 2
slow_after = "300ms"

[[site]]
app = "main"

[[site.route]]
path = "/static/"
directory = "collected"
"""
URLS = """
import time

from django.http import HttpResponse
from django.urls import path


def report(request):
    time.sleep(float(request.GET["seconds"]))
    return HttpResponse("done\\n")


urlpatterns = [path("", lambda request: HttpResponse("front page\\n")), path("report", report)]
"""
PROJECT = f"""
cmake --install {ROOT}/build/{PRESET} --prefix /usr >/dev/null
mkdir -p /srv && cd /srv
django-admin startproject shop
cd shop
sed -i 's/^ALLOWED_HOSTS = .*/ALLOWED_HOSTS = ["*"]/' shop/settings.py
echo 'STATIC_ROOT = BASE_DIR / "collected"' >>shop/settings.py
python3 manage.py collectstatic --noinput >/dev/null
mkdir -p public releases/42
touch public/404.html public/500.html
ln -s releases/41 current
"""


def everything(kind=None):
    return [block for blocks in BLOCKS.values() for block in blocks if kind in (None, block.kind)]


def is_elsewhere(block):
    return block.info == "sh elsewhere"


@pytest.fixture
def follower(directory):
    """follower(name) -> where the guide expects its reader to be."""
    if PRESET != "release" or not shutil.which("script"):
        pytest.skip("the guides speak of the preset release, and need util-linux")
    pytest.importorskip("django")
    try:
        machine = MachineCopy(directory, own_network=True)
    except OSError as reason:
        pytest.skip(str(reason))

    def begin(name):
        made = GuideFollower(machine, directory, str(ROOT))
        if name in IN_THE_CLONE:
            return made
        status, printed = made.shell(PROJECT)
        assert status == 0, printed
        if name == "deploy/moving.md":
            return made
        with open(machine.path("/srv/shop/shop/urls.py"), "w") as file:
            file.write(URLS)
        with open(machine.path("/srv/shop/site.toml"), "w") as file:
            file.write(SITE)
        made.serve("bundle serve")
        return made

    yield begin
    machine.remove()


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_does_what_it_says(follower, name):
    followed = follower(name)

    for block in BLOCKS[name]:
        if not is_elsewhere(block):
            followed.follow(block)
    followed.stop()


def test_every_block_is_of_a_kind_that_is_run_written_or_free():
    lonely = [f"{block.place}: {block.info!r}" for block in everything() if not block.path
              and block.info not in ("sh", "sh elsewhere", "console", "toml", "text")]

    assert not lonely


def test_what_is_free_holds_no_command():
    commands = [f"{block.place}: {line}" for block in everything("text") for line in block.text.splitlines()
                if re.match(r"\s*(\$ |# |bundle [a-z]+( --|$))", line)]

    assert not commands


def test_a_file_that_a_guide_shows_is_used_by_what_follows():
    unused = []
    for blocks in BLOCKS.values():
        for number, block in enumerate(blocks):
            following = "".join(later.text for later in blocks[number + 1:] if later.kind in ("sh", "console"))
            names = [part.partition(".")[0] for part in (block.path or "").split("/")[-2:]]
            if block.path and not any(re.search(rf"\b{re.escape(name)}\b", following) for name in names):
                unused.append(f"{block.place}: {block.path}")

    assert not unused


def test_what_is_run_elsewhere_is_known_and_little():
    unknown = [block.place for block in everything("sh") if is_elsewhere(block)
               and not any(block.text.startswith(command) for command in ELSEWHERE)]
    missing = [test for test in ELSEWHERE.values() if not (ROOT / test).exists()]

    assert not unknown
    assert not missing
    assert all(any(block.text.startswith(command) for block in everything("sh") if is_elsewhere(block)) for command in ELSEWHERE)


def test_the_benchmarks_take_the_options_that_are_shown():
    lines = [line.partition("#")[0].split() for block in everything("sh") if is_elsewhere(block)
             for line in block.text.splitlines() if line.startswith("tests/bench/")]

    for program, *arguments in lines:
        told = subprocess.run([ROOT / program, "--help"], capture_output=True, text=True, check=True).stdout
        assert all(word in told for word in arguments if word.startswith("--")), (program, told)
    assert {line[0] for line in lines} == {str(path.relative_to(ROOT)) for path in (ROOT / "tests/bench").iterdir()
                                           if path.is_file() and not path.suffix and path.name != "CMakeLists.txt"}


@pytest.mark.parametrize(("shown", "printed"), [
    (["worker 1    pid 4711    31 MB   busy 2.1s"], ["  worker 1  pid 7  8 MB  busy 950ms"]),
    (["...", "ready"], ["one", "two", "ready"]),
    (["GET / 01JD4F9Y7QK3V8W2M5T6X9ZB0C", "..."], ["GET / 01M8CW71VY0GMHFFY0Y74NE7Y6", "more"]),
    (["its timeout is 30s, ..."], ["its timeout is 60s, which is long"]),
])
def test_what_varies_may_vary(shown, printed):
    assert first_difference(shown, printed) is None


@pytest.mark.parametrize(("shown", "printed", "difference"), [
    (["404"], ["200"], "404"),
    (["one"], ["one", "two"], "two"),
    (["one", "two"], ["one"], "two"),
    (["...", "ready"], ["one"], "ready"),
    (["address :8000"], ["address :8001"], "address :8000"),
])
def test_what_differs_is_noticed(shown, printed, difference):
    assert first_difference(shown, printed) == difference


def text_of(name):
    """What stands outside of blocks."""
    return re.sub(r"^( *)```.*?^\1```$", "", (ROOT / name).read_text(), flags=re.M | re.S)


@pytest.mark.parametrize("name", GUIDES)
def test_every_block_is_fenced(name):
    assert not re.findall(r"^ *```.*$|^ {4,}\S.*$", text_of(name), re.M)


def spans_of(name):
    return [re.sub(r"\s+", " ", span) for span in re.findall(r"`([^`]+)`", text_of(name))]


def help_of(verb):
    return run_bundle(verb, "--help").stdout


@pytest.mark.parametrize("name", GUIDES)
def test_a_command_in_a_sentence_exists(name):
    for words in (span.split() for span in spans_of(name) if re.match(r"bundle [a-z]", span)):
        told = help_of(words[1])
        assert told, words
        assert all(word in told for word in words if word.startswith("--")), words


def defaults():
    """What the reference says behind "default", by the option's full name."""
    reference, found = (ROOT / "conf/reference.md").read_text(), {}
    for section, rows in re.findall(r"^## `\[+([^]]+)\]+`$(.*?)(?=^## |\Z)", reference, re.M | re.S):
        for option, default in re.findall(r"^- \*\*`(\w+)`.*?(?:; default(.*)|required) {0,2}$", rows, re.M):
            found[f"{section}.{option}"] = default.replace('"1m"', '"60s"')
    return found


def test_an_option_in_a_sentence_exists():
    options = set(defaults())
    tables = {option.partition(".")[0] for option in options} - {"site"}

    unknown = [span for name in GUIDES for span in spans_of(name) if re.fullmatch(rf"({'|'.join(tables)})(\.\w+)+", span)
               and span not in options and not any(option.startswith(f"{span}.") for option in options)]

    assert not unknown


def test_a_default_in_a_sentence_or_a_picture_is_the_default():
    options, wrong = defaults(), []
    told = [(option, value) for name in GUIDES for option, value in re.findall(r"`([\w.]+)` \((\d\w*)[),]", text_of(name))]
    for picture in (ROOT / "conf").glob("*.svg"):
        texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture.read_text())
        told += [(option, value.split()[0].strip(",:")) for option, value in zip(texts, texts[1:], strict=False)
                 if re.fullmatch(r"\w+[._]\w+", option) and value[0].isdigit()]

    for option, value in told:
        rows = [default for full, default in options.items() if full == option or full.endswith(f".{option}")]
        if not rows or not any(re.search(rf"\b{value}\b", row) for row in rows):
            wrong.append((option, value, rows))

    assert len(told) > 30
    assert not wrong


LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)")


def anchors_of(name):
    text = text_of(name)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in re.findall(r"^#+ (.*)$", text, re.M)}


@pytest.mark.parametrize("name", GUIDES)
def test_the_links_of_a_guide_lead_somewhere(name):
    broken = []
    for file, anchor in LINK.findall(re.sub(r"`[^`]*`", "", text_of(name))):
        target = ((ROOT / name).parent / file).resolve() if file else ROOT / name
        if not target.exists() or (anchor and anchor not in anchors_of(target.relative_to(ROOT))):
            broken.append(f"{file}#{anchor}")

    assert not broken
