"""All SQL of `/v1/watchlists/{id}/articles`; every statement is bound to one watchlist of one subscriber."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy.orm import Session, defer

from api import pagination
from api.pagination import PageQuery
from core.models import Article, BankAlias, FirmAlias, Mention, WatchItem, Watchlist
from extractor.lexicon import key as matched


def items(session: Session, owner: UUID, watchlist_id: UUID) -> Sequence[WatchItem] | None:
    """What the owner's watchlist names, but for what it excludes; None where there is no such list."""
    own = Watchlist.subscriber_id == owner
    watchlist = session.scalar(select(Watchlist).where(Watchlist.id == watchlist_id, own))
    return None if watchlist is None else [item for item in watchlist.items if not item.excludes]


def page(session: Session, watched: Collection[WatchItem], query: PageQuery) -> tuple[Sequence[Article], str | None]:
    """The articles in which any of it stands, last collected first, without their texts."""
    standing = select(Mention.article_id).where(_stands(watched))
    found = select(Article).where(Article.id.in_(standing), not_(Article.canary)).options(defer(Article.text))
    what = f"watched by {sorted({str(one.watchlist_id) for one in watched})}"
    return pagination.fetch(session, found, query, what=what, moment=Article.fetched_at, row_id=Article.id)


def standing(session: Session, watched: Iterable[WatchItem], articles: Iterable[UUID]) -> dict[UUID, list[Mention]]:
    """What of it stands in each of the articles, in order."""
    found = select(Mention).where(Mention.article_id.in_(list(articles)), _stands(watched))
    told: dict[UUID, list[Mention]] = {}
    for row in session.scalars(found.order_by(Mention.where.desc(), Mention.start)):
        told.setdefault(row.article_id, []).append(row)
    return told


def _stands(watched: Iterable[WatchItem]) -> ColumnElement[bool]:
    keys: dict[str, set[str]] = {}
    for item in watched:
        keys.setdefault(item.kind, set()).add(item.key)
    banks, firms, words = (keys.get(kind, set()) for kind in ("bank", "firm", "word"))
    conditions: list[Any] = [false()]
    if banks:
        ids = select(BankAlias.bank_id).where(BankAlias.key.in_(banks))
        conditions.append(Mention.bank_id.in_(ids))
    if firms:
        firm_ids = select(FirmAlias.firm_id).where(FirmAlias.key.in_(firms))
        conditions.append(Mention.firm_id.in_(firm_ids))
    unresolved = and_(Mention.bank_id.is_(None), Mention.firm_id.is_(None))
    if names := _forms(watched):
        conditions.append(and_(unresolved, Mention.kind != "word", Mention.name.in_(names)))
    if words:
        conditions.append(and_(unresolved, Mention.kind == "word", Mention.name.in_(words)))
    return or_(*conditions)


def _forms(watched: Iterable[WatchItem]) -> set[str]:
    """How names that no register knows are written in mentions: as they are matched, or as they were typed."""
    meant = {item.resolved or item.name for item in watched if item.kind in ("bank", "firm")}
    return meant | {matched(name) for name in meant}
