"""Tables of a page: rows and their cells, also those told one cell a line, or as a form of labelled lines.

Labels (银行, 金额, 期限 …) are data: `field_labels.txt`. A form's lines (借方：…, 贷方：…) make one record. A table of
one cell a line begins with at least three labels, and then has as many lines for each row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.data import word_set

_CELL = re.compile(r"[^\t|\n\u3000]*[^\t|\n\u3000\s][^\t|\n\u3000]*")
_LABEL = re.compile(r"[\s\u3000]*(?:\d{1,2}[.、)]\s?)?(?P<label>[^：:\s\d]{2,10})(?P<unit>[(（][^()（）]{1,6}[)）])?")
_LONGEST_CELL = 30
_LEAST = 3

Span = tuple[int, int]


def cells(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The spans of the cells of a row, without blanks around them."""
    out = []
    for match in _CELL.finditer(text, start, end):
        told = match.group()
        out.append((match.start() + len(told) - len(told.lstrip()), match.end() - len(told) + len(told.rstrip())))
    return tuple(out)


def header(row: Sequence[str]) -> tuple[str, ...]:
    """The row's cells where it heads a table: at least two, and half of them, are labels."""
    labels = sum(_label(cell) is not None for cell in row)
    return tuple(row) if labels >= 2 and 2 * labels >= len(row) else ()


def may_begin(line: str) -> bool:
    """Whether a line may be the first of a form or of a table told one cell a line."""
    match = _LABEL.match(line)
    return match is not None and match["label"] in word_set("field_labels")


def record(lines: Sequence[str]) -> int:
    """How many lines from the first on make one form: labelled lines, no label twice."""
    told: set[str] = set()
    for count, line in enumerate(lines):
        match = _LABEL.match(line)
        label = match["label"] if match and line[match.end() : match.end() + 1] in ("：", ":") else None
        if label not in word_set("field_labels") or label in told or len(line) > 3 * _LONGEST_CELL:
            return count if count >= _LEAST else 0
        told.add(label or "")
    return len(lines) if len(lines) >= _LEAST else 0


def one_cell_a_line(lines: Sequence[str]) -> tuple[int, int]:
    """Columns and rows (the header is one) of a table told one cell a line from the first line on; 0, 0 for none."""
    width = next((i for i, line in enumerate(lines) if _label(line) is None), len(lines))
    if width < _LEAST:
        return 0, 0
    short = next((i for i, line in enumerate(lines) if len(line.strip()) > _LONGEST_CELL or "。" in line), len(lines))
    rows = short // width
    return (width, rows) if rows > 1 else (0, 0)


def _label(cell: str) -> str | None:
    match = _LABEL.fullmatch(cell.strip())
    return match["label"] if match and match["label"] in word_set("field_labels") else None
