"""Which columns are looked at together: a template is a column, or two templates mixed into one number.

A column is told by its name and how many characters further on it is read. Templates are written as they are meant and
laid out once as a plan: the columns come first, then all that two columns are mixed into, then all that is mixed of
that. A numpy call on a short array costs its start, and so all that is of one depth is mixed in one call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from extractor.tagger.mixing import K2, Codes, mix

Template = tuple[Any, Any]
"""A column's name and a number of characters, or two templates."""

_AT, _WHERE, _TAG = ("at", 0), ("where", 0), ("tag", 0)


def _along(column: str, first: int, last: int) -> list[Template]:
    return [(column, by) for by in range(first, last + 1)]


def _of_signs() -> list[Template]:
    """The characters around, alone and together, their classes, and how like a name's they are."""
    kinds, begins = (("kind", 0), ("kind", 1)), ("begins", 0)
    return [
        *_along("sign", -3, 3),
        *_along("two", -3, 2),
        (("sign", -1), ("sign", 1)),
        *_along("three", -3, 1),
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
    """Rows of an array: the columns first (`names`, which of them and how many characters further on each is read),
    then lots of mixed rows (which, and which with), and where templates lie; `numbers` tells these apart.
    """

    names: Sequence[str]
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
def _plan() -> _Plan:
    templates = [*_of_signs(), *_of_words(), *_of_lists(), *_of_document()]
    every = sorted(dict.fromkeys(part for template in templates for part in _parts(template)), key=_depth)
    row = {template: number for number, template in enumerate(every)}
    lots = [[one for one in every if _depth(one) == depth] for depth in range(1, _depth(every[-1]) + 1)]
    pairs = [(np.array([row[left] for left, _ in lot]), np.array([row[right] for _, right in lot])) for lot in lots]
    columns = [one for one in every if not _depth(one)]
    names = list(dict.fromkeys(name for name, _ in columns))
    spots = [(names.index(name), by) for name, by in columns]
    which, further = (np.array(told)[:, None] for told in zip(*spots, strict=True))
    numbers = np.arange(1, len(templates) + 1, dtype=np.uint32)[:, None] * K2
    return _Plan(names, which, further, pairs, len(every), np.array([row[one] for one in templates]), numbers)


def mixed(columns: Mapping[str, Codes], places: npt.NDArray[np.intp]) -> Codes:
    """What every template says of the characters at the places, another number each: an array (templates, places).

    `columns` are of one length; none of the places lies in the outer separators.
    """
    plan = _plan()
    told = [columns[name] for name in plan.names]
    at = len(plan.which)
    found = np.empty((plan.rows, len(places)), dtype=np.uint32)
    spots = (plan.which * len(told[0]) + plan.further) + places
    np.concatenate(told).take(spots, out=found[:at], mode="clip")  # "raise" would copy what it writes
    for left, right in plan.lots:
        found[at : at + len(left)] = mix(found.take(left, 0), found.take(right, 0))
        at += len(left)
    rows = found.take(plan.templates, 0)
    rows += plan.numbers
    return rows
