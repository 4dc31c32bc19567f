"""Lines into paragraphs: hard wraps are undone, also inside names, numbers and Latin words."""

import re
from collections.abc import Iterable, Sequence

from ingest.pdf.blocks import Block, ends_sentence
from ingest.pdf.columns import Columns
from ingest.pdf.lines import Line

_INDENT = 1.0  # em
_SHORT = 1.4  # em that a line that ends a sentence falls short of its column, where its paragraph ends
_VERY_SHORT = 3.0  # em, for a line that ends no sentence: a heading
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9'’&+.-]*")
_LAST_WORD = re.compile(r"[A-Za-z][A-Za-z0-9'’&+-]*$")
_FIRST_WORD = re.compile(r"^[A-Za-z0-9][A-Za-z0-9'’&+-]*")
_SOFT_HYPHEN = "\u00ad"


class Words:
    """The Latin words of a page, that tell how a word broken by a line's end is written."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._known = {word.strip(".-").lower() for one in lines for word in _WORD.findall(one.text)[:-1] or ()}

    def join(self, text: str, following: str) -> str:
        """A text and the line that goes on with it."""
        if text.endswith(_SOFT_HYPHEN):
            return text[:-1] + following
        first = _FIRST_WORD.match(following)
        if not first:
            return text + following
        if text.endswith("-") and len(text) > 1 and text[-2].isalpha() and text[-2].isascii():
            return self._hyphen(text, following, first[0])
        last = _LAST_WORD.search(text)
        if not last or not first[0][0].isalpha():
            return text + following
        return text + following if (last[0] + first[0]).lower() in self._known else f"{text} {following}"

    def _hyphen(self, text: str, following: str, first: str) -> str:
        last = _LAST_WORD.search(text[:-1])
        start = last[0] if last else ""
        if f"{start}-{first}".lower() in self._known or not first[0].islower():
            return text + following
        return text[:-1] + following


def paragraphs(blocks: Sequence[Block], columns: Columns, words: Words) -> list[str]:
    """The paragraphs of texts in reading order."""
    out: list[str] = []
    before: tuple[Line, Block] | None = None
    for block in blocks:
        for line in block.lines:
            if before is not None and not _begins(line, block, *before, columns):
                out[-1] = words.join(out[-1], line.text)
            else:
                out.append(line.text)
            before = (line, block)
    return out


def _begins(line: Line, block: Block, before: Line, last: Block, columns: Columns) -> bool:
    """Whether a line begins a paragraph: it stands in, or the line before it ends one by being short."""
    size = line.size
    if abs(before.size - size) > 0.06 * size:
        return True
    if _stands_in(line, block, columns) and not _stands_in_too(line, block):
        return True
    missing = columns.span(last).x1 - before.rect.x1
    if ends_sentence(before.text):
        apart = block is last and line.rect.y0 - before.rect.y0 > 1.25 * block.leading
        short = _VERY_SHORT if columns.indents and line.font == before.font else _SHORT
        return missing > short * size or apart or before.font != line.font
    if missing <= _VERY_SHORT * size:
        return False
    first = _FIRST_WORD.match(line.text)  # a long word that did not fit moved on
    return not (first and 0.6 * size * len(first[0]) >= missing - _SHORT * size)


def _stands_in(line: Line, block: Block, columns: Columns) -> bool:
    return line.rect.x0 - columns.span(block).x0 >= _INDENT * line.size


def _stands_in_too(line: Line, block: Block) -> bool:
    """Whether all lines around stand in as far: they run around something."""
    at = next((i for i, one in enumerate(block.lines) if one is line), 0)
    near = [one.rect.x0 for one in block.lines[max(at - 1, 0) : at + 3]]
    return len(near) > 2 and all(abs(x - line.rect.x0) < 0.3 * line.size for x in near)
