"""Which columns are looked at together: a template is a column, or two templates mixed into one number.

A column is told by its name and how many characters further on it is read. Templates are written as they are meant and
laid out once as a plan: the columns come first, then all that two columns are mixed into, then all that is mixed of
that; what is mixed is read further on as columns are, and so is mixed once. A numpy call on a short array costs its
start, and so all that is of one depth is mixed in one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from extractor.tagger.mixing import K2, PAD, Codes, mix

Template = tuple[Any, Any]
"""A column's name and a number of characters, or two templates."""

Rows = npt.NDArray[np.intp]

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
    """Rows of an array: the columns first, then lots of mixed ones: which row is mixed, with which, and how many
    characters further on that is read. At last the templates: which row, and how many characters further on; `numbers`
    tells these apart.
    """

    lots: Sequence[tuple[Rows, Rows, Rows]]
    rows: int
    templates: Rows
    further: Rows
    numbers: Codes


def _depth(template: Template) -> int:
    """How often mixed numbers are mixed again: 0 for a column."""
    return 0 if isinstance(template[0], str) else 1 + max(map(_depth, template))


def _further(template: Template) -> int:
    """How many characters further on a template is read: its first column."""
    by: int = template[1] if isinstance(template[0], str) else _further(template[0])
    return by


def _back(template: Template, by: int) -> Template:
    """The template that says `by` characters further on what this one says."""
    left, right = template
    return (left, right - by) if isinstance(left, str) else (_back(left, by), _back(right, by))


def _here(template: Template) -> Template:
    """A template as it is mixed, once for all that differ only in how many characters further on they are read."""
    return _back(template, _further(template))


def _mixtures(template: Template) -> list[Template]:
    """A template and all that it is mixed of, each as it is mixed; no columns."""
    if not _depth(template):
        return []
    return [_here(template), *(part for one in template for part in _mixtures(one))]


@cache
def _plan(names: tuple[str, ...]) -> _Plan:
    templates = [*_of_signs(), *_of_words(), *_of_lists(), *_of_document()]
    every = sorted(dict.fromkeys(part for template in templates for part in _mixtures(template)), key=_depth)
    row = {one: number for number, one in enumerate([*((name, 0) for name in names), *every])}
    lots = []
    for _, lot in groupby(every, _depth):
        told = [(row[left], row[_here(right)], _further(right)) for left, right in lot]
        which, others, further = map(np.array, zip(*told, strict=True))
        lots.append((which, others, further))
    rows, further = (np.array(told) for told in ([row[_here(one)] for one in templates], [*map(_further, templates)]))
    numbers = np.arange(1, len(templates) + 1, dtype=np.uint32)[:, None] * K2
    return _Plan(lots, len(row), rows, further, numbers)


def mixed(names: tuple[str, ...], columns: Sequence[Codes]) -> Codes:
    """What every template says of every character, another number each: an array (templates, characters).

    `columns` have a row for each of `names`. The outer separators are left out: `PAD` characters on either side.
    """
    plan = _plan(names)
    width = columns[0].shape[1]
    every = np.empty((1 + plan.rows + 1) * width, dtype=np.uint32)  # a row on either side, to be read at its ends
    found = every[width:-width].reshape(plan.rows, width)
    # a row read further on is a stretch of all rows one behind another, which begins at some character
    stretches = np.ndarray((len(every) - width + 1, width), every.dtype, every, strides=every.strides * 2)
    at = len(names)
    np.concatenate(columns, out=found[:at])
    for which, others, further in plan.lots:
        new = found[at : at + len(which)]
        found.take(which, 0, out=new, mode="clip")  # "raise" would copy what it writes
        mix(new, stretches[(others + 1) * width + further])
        at += len(which)
    rows: Codes = stretches[(plan.templates + 1) * width + plan.further + PAD, : width - 2 * PAD]
    rows += plan.numbers
    return rows
