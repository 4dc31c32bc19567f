"""The Markdown pages of the repository, taken apart as the tests need them."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


class Heading(NamedTuple):
    level: int
    text: str

    @property
    def anchor(self) -> str:
        """As GitHub makes it."""
        return re.sub(r"[^\w\- ]", "", self.text.lower()).replace(" ", "-")


class Section(NamedTuple):
    heading: Heading
    text: str


class Fence(NamedTuple):
    language: str
    code: str


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose(name: str) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", read(name))


def headings(name: str) -> list[Heading]:
    return [Heading(len(marks), text) for marks, text in _HEADING.findall(prose(name))]


def sections(name: str) -> list[Section]:
    """Each heading with what stands between it and the next one, fenced blocks included."""
    fenced = [(found.start(), found.end()) for found in _FENCE.finditer(read(name))]
    found = [
        one for one in _HEADING.finditer(read(name)) if not any(start < one.start() < end for start, end in fenced)
    ]
    ends = [one.start() for one in found[1:]] + [len(read(name))]
    return [
        Section(Heading(len(one[1]), one[2]), read(name)[one.end() : end]) for one, end in zip(found, ends, strict=True)
    ]


def section(name: str, heading: str) -> str:
    """The text under `heading`, what is below its subheadings included."""
    all_of_it = sections(name)
    place = next((i for i, one in enumerate(all_of_it) if one.heading.text == heading), None)
    assert place is not None, f"{name} has no section {heading!r}"
    level = all_of_it[place].heading.level
    text = all_of_it[place].text
    for one in all_of_it[place + 1 :]:
        if one.heading.level <= level:
            break
        text += f"\n{one.heading.text}\n{one.text}"
    return text


def all_fences(text: str) -> list[Fence]:
    return [Fence(*found) for found in _FENCE.findall(text)]


def fences(text: str, language: str) -> list[str]:
    return [one.code for one in all_fences(text) if one.language == language]


def links(name: str) -> Iterator[str]:
    yield from _LINK.findall(prose(name))


def rows(text: str) -> list[list[str]]:
    """The cells of all table rows in `text`, header and ruler left out."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    rulers = [number for number, row in enumerate(cells) if all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    headers = {number - 1 for number in rulers}
    return [row for number, row in enumerate(cells) if number not in headers and number not in rulers]


def named(text: str) -> set[str]:
    """All that stands in backticks in the first cells of the tables in `text`."""
    return {name for row in rows(text) for name in re.findall(r"`([^`]+)`", row[0])}
