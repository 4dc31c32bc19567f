"""Rows that tests of the history need, made without the services that make them in earnest."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from core.models import Article, Bank, BankAlias, Event, EventVersion, Evidence, Firm, FirmAlias
from core.names import fold
from core.views import facts

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def bank(session: Session, name: str = "工商银行", *aliases: str, kind: str = "state") -> Bank:
    """A bank with its aliases."""
    names = {fold(alias): alias for alias in (name, *aliases)}
    row = Bank(name=name, kind=kind, aliases=[BankAlias(key=key, alias=alias) for key, alias in names.items()])
    session.add(row)
    session.commit()
    return row


def firm(session: Session, name: str = "示例机器人股份有限公司", *aliases: str, **fields: Any) -> Firm:
    """A firm with its aliases."""
    names = {fold(alias): alias for alias in (name, *aliases)}
    row = Firm(name=name, aliases=[FirmAlias(key=key, alias=alias) for key, alias in names.items()], **fields)
    session.add(row)
    session.commit()
    return row


def article(session: Session, text: str = "工商银行向示例机器人发放贷款。", **fields: Any) -> Article:
    """An article, unlike every other."""
    row = Article(**({"title": "一则新闻", "text": text, "content_hash": uuid4().hex, "state": "done"} | fields))
    session.add(row)
    session.commit()
    return row


def event(session: Session, bank: Bank, firm: Firm | None = None, told: Article | None = None, **fields: Any) -> Event:
    """An event with its first version, and its evidence where an article tells it."""
    given = {
        "instrument": "tech_loan",
        "status": "granted",
        "tech": True,
        "confidence": 0.9,
        "amount_min": Decimal(30_000_000),
        "amount_max": Decimal(30_000_000),
        "currency": "CNY",
        "qualifier": "exact",
        "date": "2026-03",
        "date_from": date(2026, 3, 1),
        "date_to": date(2026, 3, 31),
        "first_seen": NOON,
        "last_seen": NOON,
    }
    row = Event(bank_id=bank.id, firm_id=firm.id if firm else None, **(given | fields))
    session.add(row)
    session.flush()
    session.refresh(row)
    session.add(EventVersion(event_id=row.id, version=1, type="event.created", facts=facts(row)))
    if told is not None:
        tell(session, row, told)
    session.commit()
    return row


def tell(session: Session, event: Event, told: Article, position: int = 0) -> Evidence:
    """That an article tells an event, in its first six characters; `position` counts the events that it tells."""
    said = {**facts(event), "sector": event.sector, "confidence": event.confidence}
    said["published"] = NOON.date().isoformat()
    place = {"position": position, "start": 0, "end": 6, "quote": told.text[:6]}
    row = Evidence(event_id=event.id, article_id=told.id, **place, facts=said, confidence=event.confidence)
    session.add(row)
    session.commit()
    return row
