"""All SQL of `/v1/referrals`: the tellings of the same two firms and bank are one referral."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, defer

from api import pagination
from api.pagination import Position
from api.resources.events import named
from api.resources.referrals.schemas import ReferralQuery
from core.models import Article, Bank, Firm, Referral

MOST_EDGES = 20_000
_WHO = (Referral.from_firm_id, Referral.to_firm_id, Referral.bank_id)
Key = tuple[UUID, UUID, UUID]


def page(session: Session, query: ReferralQuery) -> tuple[Sequence[Any], str | None]:
    """The referrals that pass every filter, last told first, and the cursor of the next page."""
    found = _with_names(_told(session, query.firm, query.bank, query.confidence).subquery())
    moment, row_id = found.selected_columns.first_seen, found.selected_columns.id
    if query.cursor is not None:
        after = pagination.decode(query.bound("referrals"), query.cursor)
        found = found.where(tuple_(moment, row_id) < tuple_(after.moment, after.id))
    rows = session.execute(found.order_by(moment.desc(), row_id.desc()).limit(query.limit + 1)).all()
    if len(rows) <= query.limit:
        return rows, None
    last = rows[query.limit - 1]
    return rows[: query.limit], pagination.encode(query.bound("referrals"), Position(last.first_seen, last.id))


def edges(
    session: Session, firms: Sequence[str] = (), banks: Sequence[str] = (), confidence: float = 0.0
) -> Sequence[Any]:
    """All referrals (id, from_firm_id, from_name, to_firm_id, to_name, bank_id, bank_name, confidence, articles),
    oldest first: what the network draws, and chains are made of. `firms` stand on either side."""
    found = _with_names(_told(session, firms, banks, confidence).subquery())
    return session.execute(found.order_by(found.selected_columns.id).limit(MOST_EDGES)).all()


def firms(session: Session, names: Sequence[str]) -> Sequence[UUID]:
    """The ids of firms, each by any of its names or by id; Invalid names those that no firm has."""
    return named.firms(session, names)


def tellings(session: Session, keys: Sequence[Key]) -> dict[Key, list[tuple[Referral, Article]]]:
    """By both firms and the bank every telling with its article, the surest first, in two queries."""
    rows = session.scalars(
        select(Referral).where(tuple_(*_WHO).in_(keys)).order_by(Referral.confidence.desc(), Referral.id)
    )
    told = rows.all()
    wanted = select(Article).where(Article.id.in_({row.article_id for row in told})).options(defer(Article.text))
    articles = {article.id: article for article in session.scalars(wanted)}
    found: dict[Key, list[tuple[Referral, Article]]] = defaultdict(list)
    for row in told:
        found[row.from_firm_id, row.to_firm_id, row.bank_id].append((row, articles[row.article_id]))
    return found


def _told(session: Session, firms: Sequence[str], banks: Sequence[str], confidence: float) -> Select[Any]:
    """One row for each two firms and bank: the first telling's id and moment, and the best of the confidences."""
    found = select(
        *_WHO,
        func.array_agg(Referral.id.distinct())[1].label("id"),
        func.min(Referral.created_at).label("first_seen"),
        func.max(Referral.confidence).label("confidence"),
        func.count(Referral.article_id.distinct()).label("articles"),
    ).where(Referral.from_firm_id != Referral.to_firm_id)
    if firms:
        ids = named.firms(session, firms)
        found = found.where(or_(Referral.from_firm_id.in_(ids), Referral.to_firm_id.in_(ids)))
    if banks:
        found = found.where(Referral.bank_id.in_(named.banks(session, banks)))
    found = found.group_by(*_WHO)
    return found.having(func.max(Referral.confidence) >= confidence) if confidence else found


def _with_names(told: Subquery) -> Select[Any]:
    who, whom = aliased(Firm), aliased(Firm)
    names = (who.name.label("from_name"), whom.name.label("to_name"), Bank.name.label("bank_name"))
    return (
        select(*told.c, *names)
        .join(who, who.id == told.c.from_firm_id)
        .join(whom, whom.id == told.c.to_firm_id)
        .join(Bank, Bank.id == told.c.bank_id)
    )
