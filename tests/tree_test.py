"""Reads our own sources: the rules of the tree that no compiler checks."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.bundle_process import run_bundle

ROOT = Path(__file__).resolve().parents[1]
TOP_FOLDERS = ("shared", "frontend", "backend")
LONGEST_FILE = 400
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|common|misc|helpers?|manager)(_|$)")
# Which top folders a file of ours may include, by the top folder it stands in. What is included from static/ is a header
# that the build makes of a file there.
ARROWS = {
    "shared": {"shared"},
    "frontend": {"shared", "frontend", "static"},
    "backend": {"shared", "backend"},
}
CLANG_FORMAT = shutil.which("clang-format-16")


def tracked_files():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
                            check=False)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and "build" not in path.relative_to(ROOT).parts]


FILES = tracked_files()
SOURCES = [path for path in FILES if path.suffix in (".cpp", ".hpp")]


def name_of(path):
    return str(path.relative_to(ROOT))


def complaints(found):
    return "\n" + "\n".join(found)


def test_includes_follow_the_arrows():
    wrong = []
    for source in SOURCES:
        allowed = ARROWS.get(source.relative_to(ROOT).parts[0])
        if allowed is None:
            continue
        for number, line in enumerate(source.read_text().splitlines(), 1):
            include = re.match(r'\s*#include "([^"]+)"', line)
            if include and include[1].split("/")[0] not in allowed:
                wrong.append(f"{name_of(source)}:{number}: includes {include[1]}")

    assert not wrong, complaints(wrong)


def test_no_file_is_longer_than_400_lines():
    long = [f"{name_of(path)}: {lines} lines" for path in FILES if path.suffix in (".cpp", ".hpp", ".py")
            and (lines := len(path.read_text().splitlines())) > LONGEST_FILE]

    assert not long, complaints(long)


def nearest_table_of_contents(source):
    """The folder whose CMakeLists.txt lists the source: its own, or the one of the concept that it is a part of."""
    return next(folder for folder in source.parents if (folder / "CMakeLists.txt").exists())


def is_listed(source, table):
    """Whether that CMakeLists.txt names the source, or the function that makes a program of it."""
    text = re.sub(r"bundle_fuzz_target\((\w+)", r"\1_fuzz.cpp", table.read_text())
    text = re.sub(r"bundle_bench\((\w+)", r"\1.cpp", text)
    named = {source.name, str(source.relative_to(nearest_table_of_contents(source))), name_of(source)}
    return any(re.search(rf"(?<![\w/]){re.escape(name)}\b", text.replace("${PROJECT_SOURCE_DIR}/", ""))
               for name in named)


def test_every_source_is_in_its_folders_table_of_contents():
    missing = []
    for source in (path for path in SOURCES if path.suffix == ".cpp"):
        tables = [nearest_table_of_contents(source) / "CMakeLists.txt"]
        if source.parent.name == "support":  # listed by the test programs that use it
            tables = (ROOT / "tests").rglob("CMakeLists.txt")
        if not any(is_listed(source, table) for table in tables):
            missing.append(name_of(source))

    assert not missing, complaints(missing)


def test_every_unit_test_mirrors_a_source():
    lonely = []
    for test in SOURCES:
        parts = test.relative_to(ROOT).parts
        if parts[0] != "tests" or parts[1] not in TOP_FOLDERS or not test.name.endswith("_test.cpp"):
            continue
        folder, words = ROOT.joinpath(*parts[1:-1]), test.name.removesuffix("_test.cpp").split("_")
        # request_parser_limits_test.cpp is about request_parser, too.
        stems = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
        if not any((folder / (stem + ending)).exists() for stem in stems for ending in (".cpp", ".hpp")):
            lonely.append(name_of(test))

    assert not lonely, complaints(lonely)


def test_no_file_has_a_name_that_says_nothing():
    vague = [name_of(path) for path in FILES if FORBIDDEN_NAMES.search(path.stem)]

    assert not vague, complaints(vague)


def test_headers_open_with_a_sentence_and_are_included_once():
    wrong = []
    for header in SOURCES:
        if header.suffix != ".hpp":
            continue
        text = header.read_text()
        if not text.startswith("// "):
            wrong.append(f"{name_of(header)}: does not open with a comment that says what it is")
        if "#pragma once" not in text:
            wrong.append(f"{name_of(header)}: has no #pragma once")

    assert not wrong, complaints(wrong)


@pytest.mark.parametrize(("file", "arguments"), [("reference.md", []), ("schema.json", ["--schema"])])
def test_the_generated_file_is_fresh(file, arguments):
    generated = run_bundle("reference", *arguments)

    assert generated.returncode == 0, generated.stderr
    assert (ROOT / "conf" / file).read_text() == generated.stdout, (
        f"conf/{file} is stale; write it with: bundle reference {' '.join(arguments)} > conf/{file}")


@pytest.mark.skipif(CLANG_FORMAT is None, reason="clang-format-16 is not installed")
def test_sources_are_formatted():
    checked = subprocess.run([CLANG_FORMAT, "--dry-run", "-Werror", *SOURCES], cwd=ROOT, capture_output=True, text=True,
                             check=False)

    unformatted = {line.split(":")[0] for line in checked.stderr.splitlines() if ": error:" in line}
    assert checked.returncode == 0, "run clang-format-16 -i on:" + complaints(sorted(unformatted))
