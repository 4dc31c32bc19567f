"""All SQL of backtests."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from core.models import Article, BankAlias, Event, EventVersion, Evidence, FirmAlias, Mention, WatchItem

_BATCH = 500  # rows that are fetched at a time


def versions(session: Session, since: datetime, until: datetime, most: int, *, texts: bool) -> Iterator[Any]:
    """Versions recorded from `since` on and before `until`, the latest first, each with the keys of its bank's
    (`banks`) and firm's names (`firms`); with `texts`, the titles and quotes of its evidence."""
    asked = (
        select(*(getattr(EventVersion, name) for name in ("event_id", "version", "type", "at", "facts", "previous")))
        .add_columns(Event.sector, Event.regions, Event.confidence)
        .add_columns(_all(select(BankAlias.key).where(BankAlias.bank_id == Event.bank_id), "banks"))
        .add_columns(_all(select(FirmAlias.key).where(FirmAlias.firm_id == Event.firm_id), "firms"))
        .add_columns(_texts() if texts else literal([], ARRAY(Text)).label("texts"))
        .join(Event, Event.id == EventVersion.event_id)
        .where(EventVersion.at >= since, EventVersion.at < until)
        .order_by(EventVersion.at.desc(), EventVersion.event_id, EventVersion.version.desc())
        .limit(most)
        .execution_options(yield_per=_BATCH)
    )
    yield from session.execute(asked)


def _all(found: Any, name: str) -> Any:
    return func.array(found.correlate(Event).scalar_subquery()).label(name)


def _texts() -> Any:
    told = select(Evidence.quote).where(Evidence.event_id == Event.id).correlate(Event)
    titles = (
        select(Article.title)
        .join(Evidence, Evidence.article_id == Article.id)
        .where(Evidence.event_id == Event.id)
        .correlate(Event)
    )
    return func.array(told.union_all(titles).scalar_subquery()).label("texts")


def articles(
    session: Session, items: Iterable[WatchItem], since: datetime, until: datetime, most: int
) -> Sequence[UUID]:
    """Articles collected in that time in which a watched bank, firm or word stands, the latest first."""
    named: dict[str, set[str]] = {"bank": set(), "firm": set(), "word": set()}
    names = set()
    for item in items:
        if item.kind in named and not item.excludes:
            named[item.kind].add(item.key)
            names |= {item.name, item.key}
    banks = select(BankAlias.bank_id).where(BankAlias.key.in_(named["bank"]))
    firms = select(FirmAlias.firm_id).where(FirmAlias.key.in_(named["firm"]))
    unknown = and_(Mention.bank_id.is_(None), Mention.firm_id.is_(None), Mention.name.in_(names))
    stands = select(Mention.id).where(
        Mention.article_id == Article.id, or_(Mention.bank_id.in_(banks), Mention.firm_id.in_(firms), unknown)
    )
    return session.scalars(
        select(Article.id)
        .where(Article.fetched_at >= since, Article.fetched_at < until, ~Article.canary, stands.exists())
        .order_by(Article.fetched_at.desc(), Article.id)
        .limit(most)
    ).all()
