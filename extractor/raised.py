"""Sums that grew: 授信由1亿元追加至5亿元, 给予授信1亿元，后增至5亿元. Pure; words are in `data/raise_words.csv`.

A line that grew is one event with its last amount: where the earlier sum stands the grant is told, the later is what
it came to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from extractor.data import rows
from extractor.recognisers import Mark
from extractor.scene import Scene


def raised(scene: Scene, sums: Sequence[Mark]) -> list[tuple[Mark, Mark]]:
    """Each sum of a sentence with what it grew into in the end, which is mostly itself; what was grown into is not
    there again."""
    if len(sums) < 2:
        return [(one, one) for one in sums]
    became = {one.start: other for one, other in pairwise(sums) if _grew(scene, one, other)}
    later = {mark.start for mark in became.values()}
    return [(one, _last(one, became)) for one in sums if one.start not in later]


def _last(one: Mark, became: dict[int, Mark]) -> Mark:
    while (other := became.get(one.start)) is not None:
        one = other
    return one


def _grew(scene: Scene, one: Mark, other: Mark) -> bool:
    """Whether the next sum is what this one became: words of growing lead to it, and it is not of something else."""
    if not _is_more(one, other):
        return False
    leads = _leads().search(scene.page_text[one.end : other.start])
    return leads is not None and (_is_from(scene, one) or _is_of_the_same(scene, one.end, one.end + leads.start()))


def _is_of_the_same(scene: Scene, start: int, end: int) -> bool:
    """Whether nothing but when, and the line itself, stands in the clause of growing, and nobody else before it."""
    clause = max(start, scene.page_text.rfind("，", start, end) + 1)
    named = any(ref.named and start <= ref.start < end for ref in (*scene.banks, *scene.firms))
    if clause == start or named:
        return False
    told, at = [], clause
    for date in (*scene.within("date"), None):
        until = end if date is None else date.start
        if at <= until <= end:
            told.append(scene.page_text[at:until])
            at = date.end if date else end
    return all(_own().fullmatch(piece) for piece in told)


def _is_more(one: Mark, other: Mark) -> bool:
    earlier, later = ((mark.value.max or mark.value.min or 0) for mark in (one, other))
    return bool(one.value.currency == other.value.currency and earlier < later)


def _is_from(scene: Scene, one: Mark) -> bool:
    return scene.page_text.endswith(_words("from"), scene.sentence.start, one.start)


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(row["phrase"] for row in rows("raise_words") if row["kind"] == kind)


@cache
def _leads() -> re.Pattern[str]:
    """What stands right before the later sum: 追加至, 提高到了近."""
    return re.compile(rf"(?:{_either('grow')})了?(?:{_either('to')})了?[约近逾超]?\Z")


@cache
def _own() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either('own')})*")


def _either(kind: str) -> str:
    return "|".join(sorted(map(re.escape, _words(kind)), key=len, reverse=True))
