"""The lines of a page and its hard wraps: which breaks only the page's width made.

A page counts as hard-wrapped where most lines that do not end a sentence are of one width. Then lines run on within
their paragraph, also inside names, numbers and quotations; `columns` tells how paragraphs run on across blank lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LIST_HEAD = re.compile(
    r"[\s\u3000]*(?:[·•◎▪▫■□◆◇★☆✅✓▶►※→>*|#【〔—–①-⑳-]|\d{1,2}[.、)）．](?!\d)|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]{1,2}、)"
)
_TERMINAL = "。！？；…!?;"
_CLOSING = "”」』’)）"
STOPS = re.compile(r"[，。；：]")  # a headline has none of these, as a rule
_LEAST_OPEN = 5  # unfinished lines from which on a page's column is told by most of them
_FEW_OPEN = 3  # and by all of them where they are fewer
_SLACK = 3  # columns by which a full line may fall short: punctuation may not begin a line
_LOOSE = 0.62  # share of the column that an unfinished line fills at least, where Latin words or numbers moved on


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that stand together: its span, the breaks inside to be cut, and what its first and last line show.

    `width` is the usual one of its lines but the last (0 for a flat page), `open` whether it ends amid a sentence at
    the line's end, `lead` whether its first line is indented, `lines` how many there are.
    """

    start: int
    end: int
    cuts: tuple[tuple[int, int], ...]
    width: int
    open: bool
    lead: bool
    lines: int


def ends_sentence(line: str) -> bool:
    """Whether a line ends with a sentence; a closing quotation mark or bracket alone does not say so."""
    bare = line.rstrip().rstrip(_CLOSING)
    return not bare or bare[-1] in _TERMINAL


def columns_of(line: str) -> int:
    """Columns a line fills: two for a Chinese character, one for a Latin one."""
    return (len(line) + len(line.encode("utf-8", "replace"))) // 2


def column(lines: Sequence[str]) -> int:
    """The page's width in columns, 0 for text that is not hard-wrapped: most unfinished lines are of one width."""
    told = [line for line in lines if line and not line.isspace()]
    unfinished = [line for line in told if line.rstrip()[-1] not in _TERMINAL + _CLOSING]
    if len(unfinished) < _FEW_OPEN or len(unfinished) < 0.4 * len(told):
        return 0
    widths = sorted(columns_of(line) for line in unfinished)
    width = widths[int(0.8 * (len(widths) - 1))]
    if len(unfinished) < _LEAST_OPEN and (widths[-1] - widths[0] > _SLACK or not _is_prose(unfinished)):
        return 0
    if sum(columns_of(line) > 1.5 * width for line in told) > 0.1 * len(told):
        return 0
    near = sum(_LOOSE * width <= one <= 1.3 * width for one in widths)
    return width if 16 <= width <= 100 and near >= 0.6 * len(widths) else 0


def _is_prose(lines: Sequence[str]) -> bool:
    return all(STOPS.search(line) for line in lines)


def paragraphs(lines: Sequence[str], width: int) -> list[Paragraph]:
    """The paragraphs of a hard-wrapped page whose column is `width` wide, in the page's order."""
    widths = [columns_of(line.rstrip()) for line in lines]
    full = _full_widths(lines, widths, width)
    out: list[Paragraph] = []
    at = first = start = 0
    cuts: list[tuple[int, int]] = []
    prose = False
    for i, line in enumerate(lines):
        if i == first:
            start, cuts, prose = at, [], False
        prose = prose or STOPS.search(line) is not None
        end = at + len(line)
        filled = widths[i] in full or (prose and widths[i] >= _LOOSE * width and not ends_sentence(line))
        if filled and i + 1 < len(lines) and _may_go_on(line, lines[i + 1]):
            following = lines[i + 1]
            cuts.append((at + len(line.rstrip()), end + 1 + len(following) - len(following.lstrip())))
        else:
            if line.strip():
                opened = (widths[i] in full or widths[i] > width) and not ends_sentence(line)
                inside = sorted(widths[first:i] or widths[first : i + 1])
                own = inside[len(inside) // 2]
                out.append(Paragraph(start, end, tuple(cuts), own, opened, lines[first][:2].isspace(), i + 1 - first))
            first = i + 1
        at = end + 1
    return out


def _full_widths(lines: Sequence[str], widths: Sequence[int], width: int) -> frozenset[int]:
    """The widths of full lines: those that unfinished lines with one after them often have, and slightly less."""
    inner = (
        widths[i]
        for i in range(len(lines) - 1)
        if lines[i + 1].strip() and widths[i] >= _LOOSE * width and not ends_sentence(lines[i])
    )
    often = [one for one, count in Counter(inner).items() if count >= 3] or [width]
    return frozenset(one - less for one in often for less in range(_SLACK)) | {max(often) + 1}


def _may_go_on(line: str, following: str) -> bool:
    """Whether a line may go on with the following one, as far as the following one shows."""
    if not line.strip() or not following.strip() or line.lstrip().startswith("#"):
        return False
    return not following[:2].isspace() and LIST_HEAD.match(following) is None
