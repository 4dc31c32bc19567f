"""A page into blocks: headings, list items, table rows, paragraphs, and web residue that nobody should read as news."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extractor import tables
from extractor.furniture import is_furniture, related

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(r"[\s\u3000]*(#{1,6}(?=\s)|[·•◎▪▫■□◆◇★☆✅✓▶►※→*>—–-]+(?=\s?\S))[\s\u3000]*")
_NUMBER = re.compile(
    r"[\s\u3000]*(?:#+[ ])?(?:\d{1,2}[.、)](?!\d)|[①-⑳]|\([一二三四五六七八九十\d]+\)|[一二三四五六七八九十]{1,2}[、.])"
    r"[\s\u3000]*"
)
_ROW = re.compile(r"\t|\|.*\||\S[\u3000]+\S.*\S[\u3000]+\S")
_CELLS = re.compile(r"[\t|\u3000]")
_NEWS = "本报讯"
_BYLINE = re.compile(r"记者|通讯员")
_ENDS = "。！？；”，：…"
_HEADING_LIMIT = 42
_RELATED_LIMIT = 300
_MOST_CELLS = 400  # lines of a table told one cell a line that are looked at together


class Block(NamedTuple):
    """A line of the plain text: `kind` is heading, item, row, text or residue; `level` 1 to 6 for marked headings.

    `start` is after the list or heading mark. `story` counts the stories of a page from 0; a headline of another
    article (相关阅读) is a story of its own. A row may have been told on several lines: `cells` are the spans of its
    cells, `header` the words of the row that heads its table (empty where none does), cell for cell.
    """

    kind: str
    start: int
    end: int
    level: int
    story: int
    cells: tuple[tuple[int, int], ...] = ()
    header: tuple[str, ...] = ()


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a plain text, in order. Blank lines make none."""
    lines = [(match.start(), match.group()) for match in _LINE.finditer(text) if not match.group().isspace()]
    reader = _Reader(text, lines)
    at = 0
    while at < len(lines):
        taken = list(reader.together(at)) if tables.may_begin(lines[at][1]) else []
        if taken:
            yield from taken
            at = reader.next(at, taken[-1].end)
        else:
            yield reader.line(at)
            at += 1


class _Reader:
    """Reads a page's lines from the first to the last."""

    def __init__(self, text: str, lines: Sequence[tuple[int, str]]) -> None:
        self.text, self.lines = text, lines
        self.story = 0
        self.others = False
        self.header: tuple[str, ...] = ()
        self.told = False
        self.behind = False
        self.headed = False

    def next(self, at: int, end: int) -> int:
        """The first line after `at` that begins at or after `end`."""
        at += 1
        while at < len(self.lines) and self.lines[at][0] < end:
            at += 1
        return at

    def together(self, at: int) -> Iterator[Block]:
        """The records or rows of several lines that begin with one that may: a form, a table told one cell a line."""
        near = self._adjacent(at)
        count = tables.record(near)
        if count:
            yield self._row(at, at + count - 1, ())
            return
        width, rows = tables.one_cell_a_line(near)
        head = tuple(line.strip() for line in near[:width])
        for row in range(rows):
            yield self._row(at + row * width, at + (row + 1) * width - 1, head if row else ())

    def _adjacent(self, at: int) -> list[str]:
        """The lines from one on that no blank line parts."""
        near = []
        end = self.lines[at][0]
        for start, line in self.lines[at : at + _MOST_CELLS]:
            if start > end + 1:
                break
            near.append(line)
            end = start + len(line)
        return near

    def _row(self, first: int, last: int, header: tuple[str, ...]) -> Block:
        start, (begin, line) = self.lines[first][0], self.lines[last]
        end = begin + len(line.rstrip())
        return Block("row", start, end, 0, self.story, tables.cells(self.text, start, end), header)

    def line(self, at: int) -> Block:
        """One line's block."""
        begin, raw = self.lines[at]
        end = begin + len(raw.rstrip())
        kind, start, level = _kind(raw)
        skip = related(raw.strip()) if len(raw) < _RELATED_LIMIT else None
        if self._is_other(raw, kind, skip):
            if skip is not None:
                start = len(raw) - len(raw.lstrip()) + skip
                kind = "residue" if begin + start >= end else "heading"
            self.story += 1
        elif level == 1 or raw.lstrip().startswith(_NEWS):
            self._open(behind=self.told and level != 1)
        elif self.behind:
            self._read_behind(raw.strip(), kind)
        self.told = self.told or (kind == "text" and "。" in raw)
        if kind == "row":
            return self._table_row(begin, end)
        if kind != "residue":
            self.header = ()
        return Block(kind, min(begin + start, end), end, level, self.story)

    def _open(self, *, behind: bool) -> None:
        """Begin a story; `behind` the text of another, as on a page whose PDF tells headlines after their texts."""
        self.story += 1
        self.behind, self.headed = behind, False

    def _read_behind(self, line: str, kind: str) -> None:
        """A story behind another ends with its headline: what is told after that is the lead of the page's first."""
        if kind == "heading":
            self.headed = self.headed or not _BYLINE.search(line)
        elif self.headed and kind == "text" and "，" in line and line[-1] in _ENDS:
            self.story, self.behind = 0, False

    def _is_other(self, raw: str, kind: str, skip: int | None) -> bool:
        """Whether a line is another article's headline, or heads a list of such."""
        if skip is not None:
            self.others = True
        elif kind == "residue":
            return False
        elif self.others and ("。" in raw or kind == "row"):
            self.others = False
            self.story += 1
        return self.others

    def _table_row(self, start: int, end: int) -> Block:
        """A row on a line of its own, under the header of the table it goes on with."""
        cells = tables.cells(self.text, start, end)
        told = tables.header([self.text[first:last] for first, last in cells])
        self.header = told or self.header
        begin = cells[0][0] if cells else start
        return Block("row", begin, end, 0, self.story, cells, () if told else self.header)


def _kind(raw: str) -> tuple[str, int, int]:
    """Kind, where the words begin in the line, and the heading's level."""
    bare = raw.strip()
    if is_furniture(bare):
        return "residue", len(raw) - len(raw.lstrip()), 0
    mark = _MARK.match(raw)
    number = _NUMBER.match(raw)
    begin = max(mark.end() if mark else 0, number.end() if number else 0, len(raw) - len(raw.lstrip()))
    if mark and mark.group(1).startswith("#"):
        return "heading", _after_number(raw, mark.end()), len(mark.group(1))
    if _CELLS.search(raw) and _ROW.search(raw):
        return "row", begin, 0
    if len(bare) <= _HEADING_LIMIT and bare[-1] not in _ENDS and not mark and "，" not in bare[:-1]:
        return "heading", begin, 7 if not number else 6
    return ("item" if mark or number else "text"), begin, 0


def _after_number(raw: str, start: int) -> int:
    number = _NUMBER.match(raw[start:])
    return start + (number.end() if number else 0)
