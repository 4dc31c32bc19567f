"""All SQL of the statistics.

A sum that several banks share stands at the event of each, and counts once wherever several of them come together.
So events are counted in two parts: those that share nothing, which are nearly all, once and plainly; and those that
do, once for each total that is asked for.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, case, func, literal, null, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from api.resources.stats.facts import dimension
from api.resources.stats.money import Rates
from core.models import Bank, Firm

_MEASURED = ("shared", "facility", "currency", "first", "least", "most", "qualifier")


class Cells(NamedTuple):
    """What events add up to for each key (`key0` …) and currency.

    `alone` are those that share nothing. Of `shared` sums there are rows for the keys and for each total over them:
    `level` has a bit for each key that is totalled, the last key's the lowest.
    """

    alone: Sequence[Row[Any]]
    shared: Sequence[Row[Any]]


def cells(session: Session, facts: Subquery, by: Sequence[str]) -> Cells:
    """The events added up by the dimensions `by`."""
    labels = [dimension(facts, one).label(f"key{number}") for number, one in enumerate(by)]
    # a subquery, so that the keys are columns: PostgreSQL takes two parameters of one value for two
    keyed = select(*labels, *facts.c[_MEASURED]).subquery()
    keys = [keyed.c[label.key] for label in labels]
    groups = [*keys, keyed.c.currency]
    alone = select(*groups, *_measures(keyed)).where(~keyed.c.shared).group_by(*groups)
    return Cells(session.execute(alone).all(), session.execute(_shared(keyed, keys)).all())


def _shared(keyed: Subquery, keys: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """One row for each facility and total first, then what these add up to."""
    totals = [[key for number, key in enumerate(keys) if level >> number & 1] for level in range(2 ** len(keys))]
    sets = func.grouping_sets(*(tuple_(*kept, keyed.c.facility, keyed.c.currency) for kept in totals))
    level = func.grouping(*keys) if keys else literal(0)
    once = select(
        *keys,
        level.label("level"),
        keyed.c.currency,
        func.max(keyed.c.least).label("least"),
        func.max(keyed.c.most).label("most"),
        func.min(keyed.c.qualifier).label("qualifier"),
        func.min(keyed.c.first).label("first"),
    )
    each = once.where(keyed.c.shared).group_by(sets).subquery()
    groups = [each.c[f"key{number}"] for number in range(len(keys))] + [each.c.level, each.c.currency]
    return select(*groups, *_measures(each)).group_by(*groups)


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


def ranking(facts: Subquery, of: str, order: str, rates: Rates, currency: str) -> Subquery:
    """Each bank or firm (`subject`) with its `rank`: by number, or by the sums told in one currency or converted to it.

    Subjects of one rank are equal in what they are ranked by. By sum, those without one are left out.
    """
    one = select(facts.c[of].label("subject"), *_worth(facts, rates, currency))
    once = one.where(facts.c.shared).ext(distinct_on(facts.c[of], facts.c.facility))
    every = union_all(one.where(~facts.c.shared), once).subquery()
    number, least, most = func.count(), func.sum(every.c.least), func.sum(every.c.most)
    wanted = select(every.c.subject).where(every.c.subject.is_not(None)).group_by(every.c.subject)
    if order == "sum":
        wanted = wanted.having(func.count(every.c.most) > 0)
    best_first = (number.desc(),) if order == "count" else (least.desc(), most.desc())
    rank = func.rank().over(order_by=best_first).label("rank")
    return wanted.add_columns(rank, func.count().over().label("ranked")).subquery()


def _worth(facts: Subquery, rates: Rates, currency: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The least and the most of a sum in the ranking's currency; null where it cannot be told in it."""
    known = {one.currency: one.rate for one in rates.rates} | {currency: 1}
    rate = case(known, value=facts.c.currency, else_=null())
    least, most = facts.c.least, facts.c.most
    return (func.coalesce(least, 0) * rate).label("least"), (func.coalesce(most, least) * rate).label("most")


def first(session: Session, ranked: Subquery, limit: int) -> Sequence[Row[Any]]:
    """The first `limit` of a ranking; `ranked` is how many it has."""
    return session.execute(select(ranked).order_by(ranked.c.rank, ranked.c.subject).limit(limit)).all()


def ranks(session: Session, ranked: Subquery, subjects: Collection[UUID]) -> dict[UUID, int]:
    """The ranks of those of `subjects` that have one."""
    found = session.execute(select(ranked.c.subject, ranked.c.rank).where(ranked.c.subject.in_(subjects)))
    return {row.subject: row.rank for row in found}


def only(facts: Subquery, of: str, subjects: Collection[UUID]) -> Subquery:
    """The facts of these banks or firms alone."""
    return select(facts).where(facts.c[of].in_(subjects)).subquery()


def names(session: Session, of: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of banks or firms by their ids."""
    table = Bank if of == "bank" else Firm
    found = session.execute(select(table.id, table.name).where(table.id.in_(list(ids))))
    return {row.id: row.name for row in found}
