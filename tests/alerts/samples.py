"""Rows that the tests of alerts stand on: a bank, a firm, an event with its evidence, a subscriber who watches."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.models import (
    Article,
    Bank,
    BankAlias,
    Channel,
    Delivery,
    Event,
    EventVersion,
    Evidence,
    Firm,
    FirmAlias,
    LexiconChange,
    Notice,
    Subscriber,
    WatchItem,
    Watchlist,
)
from core.names import fold
from core.secrets import seal
from core.views import facts
from tests.fakes.receiver import SECRET as SECRET

TEXT = "昨日，北海银行向青禾智造发放流动资金贷款800万元。"


def bank(session: Session) -> Bank:
    row = Bank(name="北海银行", kind="city")
    row.aliases = [BankAlias(key=fold(name), alias=name) for name in ("北海银行", "北海银行股份有限公司")]
    session.add(row)
    session.flush()
    return row


def event(session: Session, **columns: Any) -> tuple[Event, Notice]:
    """An event of 800万元 told by one article, and the notice of its first version."""
    firm = Firm(name="青禾智造", tech=True, origin="learnt")
    firm.aliases = [FirmAlias(key=fold(name), alias=name) for name in ("青禾智造", "青禾智造科技有限公司")]
    article = Article(title="北海银行放款", text=TEXT, content_hash="a", source_name="北海日报", state="done")
    session.add_all([firm, article])
    session.flush()
    defaults: dict[str, Any] = {
        "instrument": "working_capital_loan",
        "instrument_text": "流动资金贷款",
        "amount_min": Decimal(8_000_000),
        "amount_max": Decimal(8_000_000),
        "currency": "CNY",
        "qualifier": "exact",
        "status": "granted",
        "tech": True,
        "confidence": 0.9,
    }
    row = Event(bank_id=bank(session).id, firm_id=firm.id, **(defaults | columns))
    session.add(row)
    session.flush()
    quote = TEXT[3:-1]
    session.add(
        Evidence(
            event_id=row.id,
            article_id=article.id,
            position=0,
            start=3,
            end=3 + len(quote),
            quote=quote,
            facts={},
            confidence=0.9,
        )
    )
    session.refresh(row)
    session.add(EventVersion(event_id=row.id, version=1, type="event.created", facts=facts(row)))
    notice = Notice(kind="event.created", event_id=row.id, version=1, article_id=article.id)
    session.add(notice)
    session.commit()
    return row, notice


def webhook(session: Session, url: str, *, subscriber: str = "甲", name: str = "hook") -> Channel:
    """A webhook channel with a fixed secret."""
    from sqlalchemy import select

    owner = session.scalar(select(Subscriber).where(Subscriber.name == subscriber)) or Subscriber(name=subscriber)
    session.add(owner)
    session.flush()
    channel = Channel(subscriber_id=owner.id, kind="webhook", name=name, config={"url": url}, secret=seal(SECRET))
    session.add(channel)
    session.flush()
    return channel


def email(session: Session, to: str, *, like: Channel) -> Channel:
    """An e-mail channel of the same subscriber."""
    channel = Channel(
        subscriber_id=like.subscriber_id, kind="email", name="mail", config={"to": to}, secret=seal("mail-token")
    )
    session.add(channel)
    session.flush()
    return channel


def watch(session: Session, channel: Channel, *more: Channel, name: str = "list", **columns: Any) -> Watchlist:
    """A watchlist on banks or firms (names), sent to the channels."""
    banks, firms = columns.pop("banks", ()), columns.pop("firms", ())
    row = Watchlist(subscriber_id=channel.subscriber_id, name=name, **({"triggers": ["event"]} | columns))
    row.items = [WatchItem(kind="bank", name=n, key=fold(n)) for n in banks]
    row.items += [WatchItem(kind="firm", name=n, key=fold(n)) for n in firms]
    row.channels = [channel, *more]
    session.add(row)
    session.commit()
    return row


def watch_and_tell(session: Session, channel: Channel, **columns: Any) -> Watchlist:
    """As the API does it: the watchlist together with the tick that makes running extractors load it."""
    session.add(LexiconChange(what="watchlist"))
    return watch(session, channel, **columns)


def delivery(session: Session, channel: Channel, event_id: UUID, article_id: UUID | None, **columns: Any) -> Delivery:
    """One that tells the channel of an event by an article."""
    given = {"type": "event.created", "version": 1, "body": "{}"} | columns
    ends = {"subscriber_id": channel.subscriber_id, "channel_id": channel.id}
    row = Delivery(**ends, event_id=event_id, article_id=article_id, **given)
    session.add(row)
    session.commit()
    return row
