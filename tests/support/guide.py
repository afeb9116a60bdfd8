"""Reads a guide: its fenced blocks, and whether a command printed what a block shows."""

import re
import textwrap
from dataclasses import dataclass

FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=indent)```$", re.M | re.S)
WRITTEN = ("python", "nginx", "ini", "json", "toml")
NAMED = re.compile(r"# (?P<path>[\w./@-]+\.\w+|/[\w./@-]+)\n")  # a first line that is a path in a comment
# What differs from run to run: ids, numbers of processes and such, times, moments, memory.
VARIES = [
    (re.compile(r"[0-9A-HJKMNP-TV-Z]{26}"), r"[0-9A-HJKMNP-TV-Z]{26}"),
    (re.compile(r"(pid=)?\d{4,}"), r"\1\\d+"),
    (re.compile(r"3\.\d+(,?)"), r"3\\.\\d+\1"),
    (re.compile(r"(\d,)[0-9A-HJKMNP-TV-Z]{26}"), r"\1[0-9A-HJKMNP-TV-Z]{26}"),
    (re.compile(r"\d+(\.\d+)?(ms|us|s|m|h|d)(,?)"), r"\\d+(\\.\\d+)?(ms|us|s|m|h|d)\3"),
]


@dataclass(frozen=True)
class Block:
    place: str  # conf/README.md:31
    info: str   # what stands behind the fence: "sh", "sh elsewhere", "json unit.json"
    text: str

    @property
    def kind(self):
        return self.info.partition(" ")[0]

    @property
    def path(self):
        """Where the text is to be written, or None."""
        if self.kind not in WRITTEN:
            return None
        named = NAMED.match(self.text)
        return self.info.partition(" ")[2] or (named["path"] if named else None)


def blocks_of(guide, name):
    text = guide.read_text()
    return [Block(f"{name}:{text.count(chr(10), 0, found.start()) + 1}", found["info"].strip(), textwrap.dedent(found["text"]))
            for found in FENCE.finditer(text)]


def told_of(block):
    """[(command, lines that it prints)] of a console."""
    told = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            told.append((line[2:], []))
        else:
            told[-1][1].append(line)
    return told


def pattern_of(word, following):
    if "..." in word:
        return ".*".join(re.escape(part) for part in word.split("..."))
    if word.isdigit() and following == "MB":
        return r"\d+"
    for varies, pattern in VARIES:
        found = varies.fullmatch(word)
        if found:
            return found.expand(pattern)
    return re.escape(word)


def is_line(shown, printed):
    """Words may stand further apart, and vary as VARIES says."""
    words = shown.split()
    patterns = [pattern_of(word, "".join(words[number + 1:number + 2])) for number, word in enumerate(words)]
    return re.fullmatch(r"\s+".join(patterns), printed.strip()) is not None


def first_difference(shown, printed):
    """The line of a guide that was not printed, or one that was and is not shown; None when all is as shown. A line "..."
    stands for any number of lines."""
    printed = list(printed)
    skips = False
    for line in shown:
        if line.strip() == "...":
            skips = True
            continue
        while skips and printed and not is_line(line, printed[0]):
            printed.pop(0)
        if not printed or not is_line(line, printed[0]):
            return line
        printed.pop(0)
        skips = False
    return None if skips or not printed else printed[0]
