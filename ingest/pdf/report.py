"""A report into one text: one column over all pages, running heads and page numbers left out, tables as rows."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.pdf.blocks import body_size, is_prose, read_blocks
from ingest.pdf.columns import Columns
from ingest.pdf.lines import Line
from ingest.pdf.marks import Sheet, around
from ingest.pdf.paragraphs import Words, paragraphs
from ingest.pdf.roles import FOLIO
from ingest.pdf.words import pattern

_EDGE = 0.12  # of the page's height: above and below stand running heads and page numbers
_OFTEN = 0.4  # of the pages on which a running head stands at least
_TITLE = 1.15  # times the text's size
_WEEKDAY = re.compile(r"(?:星期|周)[一二三四五六日天]")
_PIECE = 6  # characters of a line that may be one of a column
_BESIDE = 0.2  # of a page's characters that stand beside others, where it has one column and tables
_LONG = 0.55  # of the text's width that most lines of one column reach

Pages = Sequence[tuple[Sheet, list[Line]]]


def is_report(pages: Pages) -> bool:
    """Whether most pages have one column."""
    told = [(sheet, lines) for sheet, lines in pages if lines]
    return sum(_has_one_column(lines) and not _has_masthead(sheet, lines) for sheet, lines in told) > 0.7 * len(told)


def _has_masthead(sheet: Sheet, lines: Sequence[Line]) -> bool:
    """Whether a date with its weekday stands at the top: newspapers have that, reports do not."""
    return any(_WEEKDAY.search(one.text) and len(one.text) < 60 for one in lines if _is_at_edge(one, sheet))


def _has_one_column(lines: Sequence[Line]) -> bool:
    body = body_size(lines)
    texts = [one for one in lines if abs(one.size - body) < 0.1 * body and len(one.text) >= _PIECE]
    if not texts:
        return True
    width = max(one.rect.x1 for one in texts) - min(one.rect.x0 for one in texts)
    told = sum(len(one.text) for one in texts)
    long = sum(len(one.text) for one in texts if one.rect.width > _LONG * width)
    return long > 0.5 * told and _beside(texts) < _BESIDE * told


def _beside(texts: Sequence[Line]) -> int:
    """How many characters stand in lines beside others."""
    rows: dict[int, list[Line]] = defaultdict(list)
    for one in texts:
        rows[round(one.base / (0.5 * one.size))].append(one)
    return sum(len(one.text) for row in rows.values() if len(row) > 1 for one in row)


def read_report(pages: Pages) -> tuple[str, list[str]]:
    """Title and paragraphs."""
    kept = list(_without_running_heads(pages))
    everything = [one for lines in kept for one in lines]
    body = body_size(everything)
    title, first = _title(kept[0] if kept else [], body)
    kept[:1] = [[one for one in kept[0] if one not in first]] if kept else []
    words = Words(everything)
    blocks = [one for lines in kept for one in read_blocks(list(_rows(lines)), [])]
    return title, [one for one in paragraphs(blocks, Columns(blocks, one_story=True), words) if one]


def _without_running_heads(pages: Pages) -> Iterator[list[Line]]:
    """The pages' lines without what stands at the edge of many of them, numbers apart, and without folios."""
    marks = [{_mark(one) for one in lines if _is_at_edge(one, sheet)} for sheet, lines in pages]
    counted = Counter(mark for page in marks for mark in page)
    often = {mark for mark, count in counted.items() if count >= max(2, _OFTEN * len(pages))}
    for sheet, lines in pages:
        yield [
            one
            for one in lines
            if not _is_at_edge(one, sheet)
            or (_mark(one) not in often and not FOLIO.fullmatch(one.text) and not pattern("furniture").match(one.text))
        ]


def _is_at_edge(line: Line, sheet: Sheet) -> bool:
    return line.rect.y1 < _EDGE * sheet.height or line.rect.y0 > (1 - _EDGE) * sheet.height


def _mark(line: Line) -> str:
    return re.sub(r"[\d一二三四五六七八九十]+", "#", line.text)


def _title(lines: Sequence[Line], body: float) -> tuple[str, list[Line]]:
    """The largest lines of the first page that stand together, as one line."""
    large = [one for one in lines if one.size >= _TITLE * body and not is_prose([one])]
    if not large:
        return "", []
    size = max(one.size for one in large)
    found = [one for one in large if one.size > 0.95 * size]
    together = found[:1]
    for one in found[1:]:
        if one.rect.y0 - together[-1].rect.y1 < 1.5 * size:
            together.append(one)
    return "".join(_spaced(together)), together


def _spaced(lines: Sequence[Line]) -> Iterator[str]:
    for at, one in enumerate(lines):
        latin = at and one.text[0].isascii() and lines[at - 1].text[-1].isascii()
        yield f" {one.text}" if latin else one.text


def _rows(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines of one height as one: the cells of a table's row are parted by bars, other pieces by a blank."""
    rows: list[list[Line]] = []
    for one in sorted((one for one in lines if not one.is_vertical), key=lambda one: (one.base, one.rect.x0)):
        if rows and abs(rows[-1][0].base - one.base) < 0.35 * min(one.size, rows[-1][0].size):
            rows[-1].append(one)
        else:
            rows.append([one])
    cells = [len(row) > 1 for row in rows]
    for at, row in enumerate(rows):
        row.sort(key=lambda one: one.rect.x0)
        if len(row) == 1:
            yield row[0]
            continue
        is_table = len(row) > 2 or any(cells[near] for near in (at - 1, at + 1) if 0 <= near < len(rows))
        text = f"| {' | '.join(one.text for one in row)} |" if is_table else " ".join(one.text for one in row)
        yield replace(row[0], text=text, rect=around([one.rect for one in row]))
