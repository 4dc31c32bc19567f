"""All SQL of `/v1/network`, upon the events that count (api/resources/stats/facts.py)."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Subquery, and_, func, literal, null, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from api.resources.stats.facts import rows_of
from core.models import Bank, BankAlias, Firm, Referral
from core.names import fold

Kind = Literal["bank", "firm"]


def edges(
    session: Session, facts: Subquery, limit: int, *, of: Kind | None = None, but: tuple[Kind, UUID] | None = None
) -> Sequence[Row[Any]]:
    """Pairs of a bank and a firm with most events; `edges` is how many pairs there are in all.

    With `of`, each bank (or firm) has its first pair before any has its second. `but` is left out.
    """
    c = facts.c
    pairs = (
        select(
            c.bank,
            c.firm,
            func.count().label("events"),
            func.min(c.first).label("first"),
            func.max(c.last).label("last"),
        )
        .where(c.firm.is_not(None), *([c[but[0]] != but[1]] if but else []))
        .group_by(c.bank, c.firm)
        .subquery()
    )
    most = (pairs.c.events.desc(), pairs.c.last.desc().nulls_last(), pairs.c.bank, pairs.c.firm)
    turn = func.row_number().over(partition_by=pairs.c[of], order_by=most) if of else literal(1)
    found = select(pairs, func.count().over().label("edges"), turn.label("turn")).subquery()
    order = (found.c.turn, found.c.events.desc(), found.c.last.desc().nulls_last(), found.c.bank, found.c.firm)
    return session.execute(select(found).order_by(*order).limit(limit)).all()


def ways(session: Session, facts: Subquery) -> dict[tuple[UUID, UUID], Row[Any]]:
    """With what `instruments` each bank financed each firm, and of which `statuses` these are."""
    c = facts.c
    instruments, statuses = (func.array_agg(column.distinct()) for column in (c.instrument, c.status))
    told = (instruments.label("instruments"), statuses.label("statuses"))
    found = session.execute(select(c.bank, c.firm, *told).group_by(c.bank, c.firm))
    return {(row.bank, row.firm): row for row in found}


def unnamed(session: Session, facts: Subquery) -> int:
    """How many of the events are of a firm that is not named."""
    return session.scalar(select(func.count()).select_from(facts).where(facts.c.firm_row.is_(None))) or 0


def referrals(
    session: Session, firms: Collection[UUID], middle: UUID | None, confidence: float, limit: int
) -> Sequence[Row[Any]]:
    """Who recommended whom to which bank (from_firm, to_firm, bank, articles), the most told first: between two of
    these firms, or where one of both is the `middle`."""
    who, whom, own, by = aliased(Firm), aliased(Firm), rows_of(firms), (Referral.from_firm_id, Referral.to_firm_id)
    between = and_(*(end.in_(own) for end in by))
    if middle is not None:
        between = or_(between, *(end.in_(rows_of([middle])) for end in by))
    heads = [func.coalesce(one.merged_into, one.id) for one in (who, whom)]
    articles = func.count(Referral.article_id.distinct())
    ends = (heads[0].label("from_firm"), heads[1].label("to_firm"), Referral.bank_id.label("bank"))
    columns: tuple[Any, ...] = (*ends, articles.label("articles"))
    found = select(*columns)
    found = found.join(who, who.id == by[0]).join(whom, whom.id == by[1])
    found = found.where(between, heads[0] != heads[1], Referral.confidence >= confidence)
    found = found.group_by(*heads, Referral.bank_id)
    return session.execute(found.order_by(articles.desc(), *heads, Referral.bank_id).limit(limit)).all()


def between(facts: Subquery, pairs: Sequence[tuple[UUID, UUID]]) -> Subquery:
    """Those of the events that are of one of these pairs of bank and firm."""
    return select(facts).where(tuple_(facts.c.bank, facts.c.firm).in_(pairs)).subquery()


def is_bank(session: Session, name: str) -> bool:
    """Whether a bank has this name or id."""
    called: list[Any] = [Bank.id.in_(select(BankAlias.bank_id).where(BankAlias.key == fold(name)))]
    with suppress(ValueError):
        called.append(Bank.id == UUID(name))
    return session.scalar(select(Bank.id).where(or_(*called)).limit(1)) is not None


def head(session: Session, ids: Collection[UUID]) -> UUID:
    """The one of these rows of a firm that stands for all of them."""
    return session.scalars(select(Firm.id).where(Firm.id.in_(ids), Firm.merged_into.is_(None))).one()


def nodes(session: Session, wanted: Iterable[tuple[Kind, UUID]]) -> list[tuple[Kind, Row[Any]]]:
    """(id, name, sector) of banks and firms, banks first, each by name."""
    asked = list(wanted)
    found: list[tuple[Kind, Row[Any]]] = []
    for kind, columns in _NODES:
        ids = [one for what, one in asked if what == kind]
        rows = session.execute(select(*columns).where(columns[0].in_(ids)).order_by(columns[1], columns[0]))
        found += [(kind, row) for row in rows]
    return found


_NODES: tuple[tuple[Kind, Any], ...] = (
    ("bank", (Bank.id, Bank.name, null().label("sector"))),
    ("firm", (Firm.id, Firm.name, Firm.sector)),
)
