"""All SQL of the statistics.

A sum that several banks share stands at the event of each, and counts once wherever several of them come together.
So events are counted in two parts: those that share nothing, which are nearly all, once and plainly; and those that
do, once for each total that is asked for. Both are read out of one index (`ix_event_figures`), in one look each.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Row, Select, Subquery, case, func, literal, null, select, tuple_, union_all
from sqlalchemy.orm import Session

from api.resources.stats.facts import dimension
from api.resources.stats.money import Rates
from core.models import Bank, Firm

_MEASURED = ("shared", "facility", "currency", "first", "least", "most", "qualifier")
Keys = Sequence[ColumnElement[Any]]


class Cells(NamedTuple):
    """What events add up to for each key (`key0` …) and currency.

    `alone` are those that share nothing. Of `shared` sums there are rows for the keys and for each total over them:
    `level` has a bit for each key that is totalled, the last key's the lowest.
    """

    alone: Sequence[Row[Any]]
    shared: Sequence[Row[Any]]


def cells(session: Session, facts: Subquery, by: Sequence[str]) -> Cells:
    """The events added up by the dimensions `by` together."""
    keyed, keys = _keyed(facts, by)
    totals = [[key for number, key in enumerate(keys) if level >> number & 1] for level in range(2 ** len(keys))]
    return _cells(session, keyed, keys, alone=[keys], shared=totals)


def apart(session: Session, facts: Subquery, by: Sequence[str]) -> Cells:
    """The events added up by each of the dimensions `by` for itself; of shared sums the total too."""
    keyed, keys = _keyed(facts, by)
    each = [[key] for key in keys]
    return _cells(session, keyed, keys, alone=each, shared=[*each, []])


def _keyed(facts: Subquery, by: Sequence[str]) -> tuple[Subquery, Keys]:
    labels = [dimension(facts, one).label(f"key{number}") for number, one in enumerate(by)]
    # a subquery, so that the keys are columns: PostgreSQL takes two parameters of one value for two
    keyed = select(*labels, *facts.c[_MEASURED]).subquery()
    return keyed, [keyed.c[label.key] for label in labels]


def _cells(session: Session, keyed: Subquery, keys: Keys, *, alone: Sequence[Keys], shared: Sequence[Keys]) -> Cells:
    plainly = select(*keys, _level(keys, alone), keyed.c.currency, *_measures(keyed)).where(~keyed.c.shared)
    plainly = plainly.group_by(*_sets(alone, keyed.c.currency))
    found: list[Any] = [session.execute(each).all() for each in (plainly, _once(keyed, keys, shared))]
    return Cells(*found)


def _once(keyed: Subquery, keys: Keys, sets: Sequence[Keys]) -> Select[Any]:
    """One row for each facility and total first, then what these add up to."""
    once = select(*keys, _level(keys, sets), keyed.c.currency, *_facility(keyed)).where(keyed.c.shared)
    each = once.group_by(*_sets(sets, keyed.c.facility, keyed.c.currency)).subquery()
    groups = [each.c[f"key{number}"] for number in range(len(keys))] + [each.c.level, each.c.currency]
    return select(*groups, *_measures(each)).group_by(*groups)


def _sets(sets: Sequence[Keys], *also: ColumnElement[Any]) -> Sequence[ColumnElement[Any]]:
    """What to group by; a single set plainly, which PostgreSQL's workers can share."""
    if len(sets) == 1:
        return [*sets[0], *also]
    return [func.grouping_sets(*(tuple_(*kept, *also) for kept in sets))]


def _level(keys: Keys, sets: Sequence[Keys]) -> ColumnElement[Any]:
    return (func.grouping(*keys) if len(sets) > 1 else literal(0)).label("level")


def _facility(facts: Subquery) -> list[ColumnElement[Any]]:
    """A shared sum out of the events that tell it."""
    return [
        func.max(facts.c.least).label("least"),
        func.max(facts.c.most).label("most"),
        func.min(facts.c.qualifier).label("qualifier"),
        func.min(facts.c.first).label("first"),
    ]


def _measures(facts: Subquery) -> list[ColumnElement[Any]]:
    """How many, how much at least and at most, and how many sums are told how.

    "At most" adds nothing to what is the least, "at least" adds to the most what it tells.
    """
    least, most = facts.c.least, facts.c.most
    return [
        func.count().label("number"),
        func.count().filter(facts.c.first.is_(None)).label("undated"),
        func.coalesce(func.sum(least), 0).label("least"),
        func.coalesce(func.sum(func.coalesce(most, least)), 0).label("most"),
        func.count().filter(most.is_(None)).label("at_least"),
        func.count().filter(least.is_(None)).label("at_most"),
        func.count().filter(facts.c.qualifier == "about").label("about"),
    ]


class Ranking(NamedTuple):
    """Banks or firms (`subject`) in their `places` with their `rank` among all, `ranked` in number; `parts` are their
    figures, apart by currency and whether they are `shared`."""

    places: Subquery
    parts: CTE


def ranking(facts: Subquery, of: str, order: str, rates: Rates, currency: str) -> Ranking:
    """All banks or firms by number, or by the sums told in one currency or converted to it.

    Subjects of one rank are equal in what they are ranked by. By sum, those without one are left out.
    """
    parts = _parts(facts, of)
    rate = _rate(parts.c.currency, rates, currency)
    number, least, most = (func.sum(one) for one in (parts.c.number, parts.c.least * rate, parts.c.most * rate))
    places = select(parts.c.subject).group_by(parts.c.subject)
    if order == "sum":
        places = places.having(func.sum(parts.c.told).filter(rate.is_not(None)) > 0)
    best_first = (number.desc(),) if order == "count" else (least.desc(), most.desc())
    rank = func.rank().over(order_by=best_first).label("rank")
    return Ranking(places.add_columns(rank, func.count().over().label("ranked")).subquery(), parts)


def _parts(facts: Subquery, of: str) -> CTE:
    """What the events of each bank or firm add up to; `told` are those that tell how much."""
    keyed = select(facts.c[of].label("subject"), *facts.c[_MEASURED]).where(facts.c[of].is_not(None)).subquery()
    groups = [keyed.c.subject, keyed.c.currency]
    alone = select(*groups, literal(False).label("shared"), *_measures(keyed), _told(keyed))
    once = select(*groups, *_facility(keyed)).where(keyed.c.shared).group_by(*groups, keyed.c.facility).subquery()
    shared = select(once.c.subject, once.c.currency, literal(True).label("shared"), *_measures(once), _told(once))
    return union_all(
        alone.where(~keyed.c.shared).group_by(*groups), shared.group_by(once.c.subject, once.c.currency)
    ).cte("parts")


def _told(facts: Subquery) -> ColumnElement[int]:
    return func.count(func.coalesce(facts.c.most, facts.c.least)).label("told")


def _rate(currency: ColumnElement[Any], rates: Rates, to: str) -> ColumnElement[Any]:
    """What a unit is worth in the ranking's currency; null where it cannot be told in it."""
    return case({one.currency: one.rate for one in rates.rates} | {to: 1}, value=currency, else_=null())


def foremost(session: Session, ranked: Ranking, limit: int) -> Sequence[Row[Any]]:
    """The parts of the first `limit` of a ranking, each with its `rank`, in its order."""
    first = select(ranked.places).order_by(ranked.places.c.rank, ranked.places.c.subject).limit(limit).subquery()
    found = select(first, ranked.parts).join(ranked.parts, ranked.parts.c.subject == first.c.subject)
    return session.execute(found.order_by(first.c.rank, first.c.subject)).all()


def ranks(session: Session, ranked: Ranking, subjects: Collection[UUID]) -> dict[UUID, int]:
    """The ranks of those of `subjects` that have one."""
    places = ranked.places.c
    found = session.execute(select(places.subject, places.rank).where(places.subject.in_(subjects)))
    return {row.subject: row.rank for row in found}


def names(session: Session, of: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of banks or firms by their ids."""
    table = Bank if of == "bank" else Firm
    found = session.execute(select(table.id, table.name).where(table.id.in_(list(ids))))
    return {row.id: row.name for row in found}
