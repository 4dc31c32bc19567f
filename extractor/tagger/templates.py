"""Which columns are looked at together: a template is a column, or two templates mixed into one number.

A column is told by its name and how many characters further on it is read. Templates are written as they are meant and
laid out once as a plan: the columns come first, then all that two columns are mixed into, then all that is mixed of
that. A numpy call on a short array costs its start, and so all that is of one depth is mixed in one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from extractor.tagger.mixing import K2, PAD, Codes, mix

Template = tuple[Any, Any]
"""A column's name and a number of characters, or two templates."""

_AT, _WHERE, _TAG = ("at", 0), ("where", 0), ("tag", 0)


def _along(column: str, first: int, last: int) -> list[Template]:
    return [(column, by) for by in range(first, last + 1)]


def _of_signs() -> list[Template]:
    """The characters around, alone and together, their classes, and how like a name's they are."""
    kinds, begins = (("kind", 0), ("kind", 1)), ("begins", 0)
    two = {by: (("sign", by), ("sign", by + 1)) for by in range(-3, 3)}
    return [
        *_along("sign", -3, 3),
        *two.values(),
        (("sign", -1), ("sign", 1)),
        *((two[by], ("sign", by + 2)) for by in range(-3, 2)),
        (kinds, ("kind", -1)),
        (begins, _WHERE),
        (begins, (("first", 2), ("second", 3))),
        (("begins", -1), _WHERE),
        (("ends", -1), _AT),
        (("begins", -2), ("final", 0)),
    ]


def _of_words() -> list[Template]:
    """The word a character stands in and the two on either side: their characters, tags and lengths."""
    own, following, last, later, earlier = (("word" + side, 0) for side in SIDES)
    _, tag_next, tag_last, tag_later, tag_earlier = (("tag" + side, 0) for side in SIDES)
    mine, tagged = (own, _WHERE), (_TAG, _AT)
    told = (tagged, tag_next)
    return [
        mine,
        *((word, _AT) for word in (following, last, later, earlier)),
        (mine, following),
        (mine, last),
        tagged,
        told,
        (tagged, tag_last),
        (told, tag_last),
        ((_AT, tag_next), tag_later),
        ((_AT, tag_last), tag_earlier),
        ((_AT, ("size+1", 0)), ("size-1", 0)),
        (((_AT, ("size+1", 0)), ("size-1", 0)), (tag_next, tag_last)),
    ]


def _of_lists() -> list[Template]:
    """Places and words of trade around, quotation marks, and how far a legal form or the end of a trade word is."""
    own, tagged = ("listed", 0), (_TAG, _AT)
    inside, legal, trade = ("quoted", 0), ("legal", 0), ("trade", 0)
    return [
        (own, _AT),
        ((own, ("listed", 1)), ("listed", -1)),
        ((("listed", 1), ("listed", 2)), ("listed", 3)),
        ((("listed", -1), ("listed", -2)), ("listed", -3)),
        (inside, _AT),
        (inside, ("sign", 0)),
        (legal, _AT),
        (legal, tagged),
        (trade, _AT),
        (trade, tagged),
    ]


def _of_document() -> list[Template]:
    """What the article says of the characters here: see `DocumentHints.seen`."""
    here, named = ("ahead", 0), ("named", 0)
    return [
        (here, _AT),
        (here, ("behind", 0)),
        ((here, ("ahead", -1)), ("ahead", 1)),
        (named, _AT),
        (named, (("named", -1), ("named", 1))),
    ]


SIDES = ("", "+1", "-1", "+2", "-2")
"""The word that a character stands in, the next one, the one before, the next but one, the last but one."""


class _Plan(NamedTuple):
    """Rows of an array: the columns first (`which` of them and how many characters further on each is read), then lots
    of mixed rows (which, and which with), and where templates lie; `numbers` tells these apart.
    """

    which: npt.NDArray[np.intp]
    further: npt.NDArray[np.intp]
    lots: Sequence[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]
    rows: int
    templates: npt.NDArray[np.intp]
    numbers: Codes


def _depth(template: Template) -> int:
    """How often mixed numbers are mixed again: 0 for a column."""
    return 0 if isinstance(template[0], str) else 1 + max(map(_depth, template))


def _parts(template: Template) -> list[Template]:
    """A template and all that it is mixed of."""
    return [template, *(part for one in template if _depth(template) for part in _parts(one))]


@cache
def _plan(names: tuple[str, ...]) -> _Plan:
    templates = [*_of_signs(), *_of_words(), *_of_lists(), *_of_document()]
    every = sorted(dict.fromkeys(part for template in templates for part in _parts(template)), key=_depth)
    row = {template: number for number, template in enumerate(every)}
    lots = [[one for one in every if _depth(one) == depth] for depth in range(1, _depth(every[-1]) + 1)]
    pairs = [(np.array([row[left] for left, _ in lot]), np.array([row[right] for _, right in lot])) for lot in lots]
    spots = [(names.index(name), by) for name, by in every if isinstance(name, str)]
    which, further = map(np.array, zip(*spots, strict=True))
    numbers = np.arange(1, len(templates) + 1, dtype=np.uint32)[:, None] * K2
    return _Plan(which, further, pairs, len(every), np.array([row[one] for one in templates]), numbers)


def mixed(names: tuple[str, ...], columns: Codes) -> Codes:
    """What every template says of every character, another number each: an array (templates, characters).

    `columns` has a row for each of `names`. The outer separators are left out: `PAD` characters on either side.
    """
    plan = _plan(names)
    size = columns.shape[1] - 2 * PAD
    found = np.empty((plan.rows, size), dtype=np.uint32)
    at = len(plan.which)
    # a column read further on is a stretch of all columns one behind another, which begins at some character
    stretches = np.ndarray((columns.size - size + 1, size), columns.dtype, columns, strides=columns.strides[1:] * 2)
    found[:at] = stretches[plan.which * columns.shape[1] + plan.further + PAD]
    for left, right in plan.lots:
        known, new = found[:at], found[at : at + len(left)]
        known.take(left, 0, out=new, mode="clip")  # "raise" would copy what it writes
        mix(new, known.take(right, 0))
        at += len(left)
    rows = found.take(plan.templates, 0)
    rows += plan.numbers
    return rows
