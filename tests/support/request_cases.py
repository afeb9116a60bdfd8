"""Reads tests/requests/*.txt: raw requests beside what must become of them. Its README.md tells the format."""

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "requests"
TITLE = re.compile(r"= (?P<name>.+?) \((?P<reason>[^()]+)\)")
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([rnt0\\]))")
NAMED = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\"}
REPEATED = re.compile(r"\{\{(.+?) x (\d+)\}\}")
ENDS = ("open", "closed", "unfinished")


@dataclass
class ExpectedAnswer:
    status: int
    is_head: bool = False
    text: str | None = None  # the answer's body, when it is not the application that answers
    facts: dict = field(default_factory=dict)  # of what the application saw: name -> value, None: absent

    @property
    def is_by_application(self):
        return self.status == 200 and self.text is None


@dataclass
class RequestCase:
    file: str
    line: int
    name: str
    reason: str
    bytes: bytes = b""
    answers: list = field(default_factory=list)
    end: str = ""

    @property
    def expects_continue(self):
        return b"expect: 100-continue" in self.bytes.lower() and b"HTTP/1.0" not in self.bytes

    def __str__(self):
        return f"{self.file}:{self.line} {self.name}"


def unescaped(text):
    """Text whose code points are the bytes meant."""
    text = REPEATED.sub(lambda match: match[1] * int(match[2]), text)
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else NAMED[match[2]], text)


def read_answer(text):
    status, *words = text.split()
    answer = ExpectedAnswer(int(status))
    for word in words:
        name, has_value, value = word.partition("=")
        if word == "head":
            answer.is_head = True
        elif name == "text" and has_value:
            answer.text = unescaped(value)
        elif name.startswith("!") and not has_value:
            answer.facts[name[1:]] = None
        elif has_value:
            answer.facts[name] = unescaped(value)
        else:
            raise ValueError(f"what is {word!r}?")
    if answer.facts and not answer.is_by_application:
        raise ValueError("the application does not see this request")
    return answer


def add_line(case, line):
    mark, _, rest = line.partition(" ")
    if mark == ">" and not case.answers:
        case.bytes += unescaped(rest).encode("latin-1")
    elif mark == "<" and not case.end:
        case.answers.append(read_answer(rest))
    elif mark == "." and not case.end and rest in ENDS:
        case.end = rest
    else:
        raise ValueError(f"{line!r} has no place here")


def read_file(path):
    case = None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            if not line or line.startswith("#"):
                continue
            if title := TITLE.fullmatch(line):
                if case and not case.end:
                    raise ValueError(f"the case before, {case.name!r}, has no end")
                case = RequestCase(path.name, number, title["name"], title["reason"])
                yield case
            elif case is None:
                raise ValueError("a case begins with '= NAME (REASON)'")
            else:
                add_line(case, line)
        except (ValueError, KeyError) as error:
            raise ValueError(f"{path}:{number}: {error}") from None
    if case is None or not case.end:
        raise ValueError(f"{path}: the last case has no end")


def request_cases():
    return [case for path in sorted(FOLDER.glob("*.txt")) for case in list(read_file(path))]
