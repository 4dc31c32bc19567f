"""A page into blocks: headings, list items, table rows, paragraphs, and web residue that nobody should read as news."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.data import words

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(r"[\s\u3000]*(#{1,6}(?=\s)|[·•◎▪▫■□◆◇★☆✅✓▶►※→*>—–-]+(?=\s?\S))[\s\u3000]*")
_NUMBER = re.compile(
    r"[\s\u3000]*(?:#+[ ])?(?:\d{1,2}[.、)]|\([一二三四五六七八九十\d]+\)|[一二三四五六七八九十]{1,2}[、.])[\s\u3000]*"
)
_ROW = re.compile(r"\t|\|.*\||\S[\u3000]+\S.*\S[\u3000]+\S")
_ENDS = "。！？；”，：…"
_HEADING_LIMIT = 42


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the plain text: `kind` is heading, item, row, text or residue; `level` 1 to 6 for marked headings.

    `start` is after the list or heading mark. `story` counts the stories of a page from 0.
    """

    kind: str
    start: int
    end: int
    level: int
    story: int


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a plain text, in order. Blank lines make none."""
    story = 0
    for line in _LINE.finditer(text):
        raw = line.group()
        if not raw.strip():
            continue
        kind, start, level = _kind(raw)
        if level == 1 or raw.lstrip().startswith("本报讯"):
            story += 1
        end = line.end() - (len(raw) - len(raw.rstrip()))
        yield Block(kind, min(line.start() + start, end), end, level, story)


def _kind(raw: str) -> tuple[str, int, int]:
    """Kind, where the words begin in the line, and the heading's level."""
    bare = raw.strip()
    if bare.startswith(words("residue")):
        return "residue", len(raw) - len(raw.lstrip()), 0
    mark = _MARK.match(raw)
    number = _NUMBER.match(raw)
    begin = max(mark.end() if mark else 0, number.end() if number else 0, len(raw) - len(raw.lstrip()))
    if mark and mark.group(1).startswith("#"):
        return "heading", _after_number(raw, mark.end()), len(mark.group(1))
    if _ROW.search(raw):
        return "row", begin, 0
    if len(bare) <= _HEADING_LIMIT and bare[-1] not in _ENDS and not mark and "，" not in bare[:-1]:
        return "heading", begin, 7 if not number else 6
    return ("item" if mark or number else "text"), begin, 0


def _after_number(raw: str, start: int) -> int:
    number = _NUMBER.match(raw[start:])
    return start + (number.end() if number else 0)
