"""All SQL of the statistics.

A sum that several banks share stands at the event of each, and counts once wherever several of them come together.
So events are counted in two parts: those that share nothing, which are nearly all, once and plainly; and those that
do, once for each total that is asked for. Both are read out of one index (`ix_event_figures`), in one look each.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from api.resources.stats.facts import dimension, rows_of
from api.resources.stats.money import Rates
from core.models import Bank, Firm

_MEASURED = ("shared", "facility", "currency", "first", "least", "most", "qualifier")
_MEASURES = ("number", "undated", "least", "most", "at_least", "at_most", "about")
_ROWS = {"bank": "bank", "firm": "firm_row"}  # what events say themselves; a firm's row may have been merged
Keys = Sequence[ColumnElement[Any]]
Sets = Sequence[Sequence[int]]  # the numbers of the keys that each grouping keeps


def cells(session: Session, facts: Subquery, by: Sequence[str], *, apart: bool = False) -> Sequence[Row[Any]]:
    """What the events add up to by the dimensions `by` together (`key0` …), and for each total over some of them;
    `apart`: only by each for itself, and in all.

    A row for each currency, and whether the sums are `shared`; `level` has a bit for each key that is totalled, the
    last key's the lowest.
    """
    keyed, places = _keyed(facts, by), range(len(by))
    sets = [[number for number in places if level >> number & 1] for level in range(2 ** len(by))]
    if apart:
        sets = [kept for kept in sets if len(kept) < 2]
    groups = [*_keys(keyed), keyed.c.currency]  # plainly first, which PostgreSQL's workers share, as they do no sets
    cell = select(*groups, *_measures(keyed)).where(~keyed.c.shared).group_by(*groups).subquery()
    alone = select(*_keys(cell), _level(cell), cell.c.currency, literal(False).label("shared"), *_added(cell))
    alone = alone.group_by(_grouped(cell, sets, cell.c.currency))
    every: CompoundSelect[Any] = union_all(alone, _once(keyed, sets))
    return session.execute(every).all()


def _keyed(facts: Subquery, by: Sequence[str]) -> Subquery:
    """The events with their keys as columns, since PostgreSQL takes two parameters of one value for two."""
    keys = [dimension(facts, one).label(f"key{number}") for number, one in enumerate(by)]
    return select(*keys, *facts.c[_MEASURED]).subquery()


def _keys(keyed: Subquery) -> Keys:
    return [column for name, column in keyed.c.items() if name.startswith("key")]


def _once(keyed: Subquery, sets: Sets) -> Select[Any]:
    """One row for each facility and total first, then what these add up to."""
    once = select(*_keys(keyed), _level(keyed), keyed.c.currency, *_facility(keyed)).where(keyed.c.shared)
    each = once.group_by(_grouped(keyed, sets, keyed.c.facility, keyed.c.currency)).subquery()
    groups = [*_keys(each), each.c.level, each.c.currency]
    return select(*groups, literal(True).label("shared"), *_measures(each)).group_by(*groups)


def _grouped(keyed: Subquery, sets: Sets, *also: ColumnElement[Any]) -> ColumnElement[Any]:
    keys = _keys(keyed)
    return func.grouping_sets(*(tuple_(*(keys[number] for number in kept), *also) for kept in sets))


def _level(keyed: Subquery) -> ColumnElement[int]:
    return func.grouping(*_keys(keyed)).label("level")


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


def _added(parts: Subquery) -> list[ColumnElement[Any]]:
    """The measures of several parts together."""
    sums = {name: func.sum(parts.c[name]) for name in _MEASURES}
    # a sum of whole numbers is a numeric one
    return [(one if name in ("least", "most") else cast(one, BigInteger)).label(name) for name, one in sums.items()]


def ranking(facts: Subquery, of: str, order: str, rates: Rates, currency: str) -> Subquery:
    """Each bank or firm (`subject`) with its `rank`: by number, or by the sums told in one currency or converted to it.

    Subjects of one rank are equal in what they are ranked by. By sum, those without one are left out.
    """
    priced = order == "sum"
    every = union_all(_parts(facts, of, priced), _facilities(facts, of, priced)).subquery()
    wanted = select(every.c.subject).where(every.c.subject.is_not(None)).group_by(every.c.subject)
    best_first = [func.sum(every.c.number).desc()]
    if priced:
        rate = _rate(every.c.currency, rates, currency)
        best_first = [func.sum(every.c[end] * rate).desc() for end in ("least", "most")]
        wanted = wanted.having(func.count(every.c.most * rate) > 0)
    rank = func.rank().over(order_by=best_first).label("rank")
    return wanted.add_columns(rank, func.count().over().label("ranked")).subquery()


def _parts(facts: Subquery, of: str, priced: bool) -> Select[Any]:
    """What shares nothing, by subject (and currency): added up before firms are joined, of which there are fewer."""
    groups = [facts.c[_ROWS[of]].label("row"), *([facts.c.currency] if priced else [])]
    least, most = func.coalesce(func.sum(facts.c.least), 0), func.sum(func.coalesce(facts.c.most, facts.c.least))
    figures = [func.count().label("number"), *([least.label("least"), most.label("most")] if priced else [])]
    parts = select(*groups, *figures).where(~facts.c.shared).group_by(*groups).subquery()
    subject, *rest = parts.c
    if of == "bank":
        return select(subject.label("subject"), *rest)
    heads = select(func.coalesce(Firm.merged_into, subject).label("subject"), *rest)
    return heads.select_from(parts).outerjoin(Firm, Firm.id == subject)


def _facilities(facts: Subquery, of: str, priced: bool) -> Select[Any]:
    """Each shared sum once for each subject."""
    groups = [facts.c[of].label("subject"), *([facts.c.currency] if priced else [])]
    least, most = func.max(facts.c.least), func.max(facts.c.most)
    sums = [func.coalesce(least, 0).label("least"), func.coalesce(most, least).label("most")] if priced else []
    once = select(*groups, literal(1).label("number"), *sums)
    return once.where(facts.c.shared).group_by(*groups, facts.c.facility)


def _rate(currency: ColumnElement[Any], rates: Rates, to: str) -> ColumnElement[Any]:
    """What a unit is worth in the ranking's currency; null where it cannot be told in it."""
    return case({one.currency: one.rate for one in rates.rates} | {to: 1}, value=currency, else_=null())


def first(session: Session, ranked: Subquery, limit: int) -> Sequence[Row[Any]]:
    """The first `limit` of a ranking; `ranked` is how many it has."""
    return session.execute(select(ranked).order_by(ranked.c.rank, ranked.c.subject).limit(limit)).all()


def ranks(session: Session, ranked: Subquery, subjects: Collection[UUID]) -> dict[UUID, int]:
    """The ranks of those of `subjects` that have one."""
    found = session.execute(select(ranked.c.subject, ranked.c.rank).where(ranked.c.subject.in_(subjects)))
    return {row.subject: row.rank for row in found}


def only(facts: Subquery, of: str, subjects: Collection[UUID]) -> Subquery:
    """The facts of these banks or firms alone, found by what events say themselves."""
    said = facts.c[_ROWS[of]]
    return select(facts).where(said.in_(subjects) if of == "bank" else said.in_(rows_of(subjects))).subquery()


def names(session: Session, of: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of banks or firms by their ids."""
    table = Bank if of == "bank" else Firm
    found = session.execute(select(table.id, table.name).where(table.id.in_(list(ids))))
    return {row.id: row.name for row in found}
