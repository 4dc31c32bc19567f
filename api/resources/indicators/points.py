"""Tellings into points: what may be the same number is one point with several sources; what cannot be contradicts.

Growth is worked out only between two points that stand: a value that nothing contradicts, a year apart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.models import Article, Indicator

Telling = tuple[Indicator, Article]
_STRICT = {"exact": 0, "about": 1, "at_least": 2, "at_most": 2, None: 3}
_TENTH, _TWENTIETH = Decimal("0.1"), Decimal("0.05")
_FIRM = ("exact", "about")  # qualifiers between whose values growth is worked out
_COUNTED = ("CNY", "count")


@dataclass
class Point:
    """One value at one date; `head` is its strictest telling."""

    head: Indicator
    tellings: list[Telling] = field(default_factory=list)
    contradicted: bool = False


def points(tellings: Iterable[Telling]) -> dict[str | None, list[Point]]:
    """The points of each date told, in the order given."""
    by_date: dict[str | None, list[Telling]] = {}
    for telling in tellings:
        by_date.setdefault(telling[0].date, []).append(telling)
    return {told: list(_at_one_date(found, told)) for told, found in by_date.items()}


def _at_one_date(tellings: Sequence[Telling], told: str | None) -> Iterator[Point]:
    found: list[Point] = []
    for telling in sorted(tellings, key=lambda one: (_STRICT[one[0].qualifier], one[0].id)):
        fitting = [point for point in found if may_be(telling[0], point.head)]
        if fitting and (telling[0].value is not None or len(fitting) == 1):
            fitting[0].tellings.append(telling)
        else:
            found.append(Point(telling[0], [telling]))
    valued = [point for point in found if point.head.value is not None]
    for point in valued:
        point.contradicted = told is not None and len(valued) > 1
    yield from found


def may_be(loose: Indicator, strict: Indicator) -> bool:
    """Whether a telling can be the number that a stricter one tells; a change alone may be that of any."""
    mine, other = loose.value, strict.value
    if mine is None or other is None:
        return mine is None
    if loose.qualifier == "at_least":
        return mine <= other <= mine + abs(mine) * _TENTH
    if loose.qualifier == "at_most":
        return mine - abs(mine) * _TENTH <= other <= mine
    if loose.qualifier == "about":
        return abs(mine - other) <= abs(other) * _TWENTIETH
    return mine == other


def shown(point: Point, computed: Mapping[str, Any] | None) -> dict[str, Any]:
    """A point as the API answers it."""
    head, surest = point.head, sorted(point.tellings, key=lambda one: -one[0].confidence)
    return {
        "date": head.date,
        "as_of": head.as_of,
        "value": number(head.value),
        "qualifier": head.qualifier,
        "growth": next((change for row, _ in surest if (change := _change(row, "growth"))), None),
        "growth_computed": computed,
        "increment": next((change for row, _ in surest if (change := _change(row, "increment"))), None),
        "contradicted": point.contradicted,
        "confidence": surest[0][0].confidence,
        "sources": [_source(*one) for one in sorted(point.tellings, key=lambda one: str(one[0].id))],
    }


def grown(unit: str, period: str, mine: Point, before: Sequence[Point]) -> dict[str, Any] | None:
    """Growth in percent against the point a year before, where both stand."""
    known = [point for point in before if point.head.value is not None]
    if unit not in _COUNTED or period == "cumulative" or len(known) != 1:
        return None
    new, old = mine.head, known[0].head
    if mine.contradicted or new.value is None or not old.value or {new.qualifier, old.qualifier} - {*_FIRM}:
        return None
    return {"value": float(round((new.value / old.value - 1) * 100, 2)), "against": old.date}


def year_before(told: str | None) -> str | None:
    """2024-09 a year before is 2023-09; a leap day has none."""
    if told is None or told.endswith("-02-29"):
        return None
    return f"{int(told[:4]) - 1:04}{told[4:]}"


def number(value: Decimal | None) -> float | int | None:
    """A value as a JSON number."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _change(row: Indicator, name: str) -> dict[str, Any] | None:
    value = getattr(row, name)
    if value is None:
        return None
    more = {part: getattr(row, f"{name}_{part}") for part in ("base", "qualifier")}
    return {"value": number(value), **more}


def _source(row: Indicator, article: Article) -> dict[str, Any]:
    same = ("article_id", "qualifier", "subject_text", "quote", "start", "end", "confidence")
    return {
        **{name: getattr(row, name) for name in same},
        **{name: getattr(article, name) for name in ("title", "url", "published")},
        "source": article.source_name,
        "value": number(row.value),
        "growth": _change(row, "growth"),
        "increment": _change(row, "increment"),
    }
