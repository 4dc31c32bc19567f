"""What the examples of the pages are asked about: a row of everything that they name, and the real API."""

import base64
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts import ticket
from core.clock import now
from core.models import (
    ApiKey,
    Article,
    Bank,
    BankAlias,
    Channel,
    Event,
    EventVersion,
    Evidence,
    Firm,
    FirmAlias,
    Indicator,
    IndicatorSeries,
    Mailbox,
    Source,
    Subscriber,
    WatchItem,
    Watchlist,
)
from core.names import fold
from core.secrets import seal
from core.views import facts
from tests.alerts import samples
from tests.api.conftest import Subscribe, base_url, new_subscriber, subscribe
from tests.api.test_previews import answering
from tests.fakes.origin import Origin

__all__ = ["base_url", "new_subscriber", "subscribe"]  # fixtures of the API's own tests

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def site(environment: dict[str, str]) -> Iterator[str]:
    """The address of a site with a feed, and an ingest process that answers what it would give."""
    rss = b"<rss version='2.0'><channel><item><title>t</title><description>d</description></item></channel></rss>"
    with Origin() as origin, answering():
        origin.add("/rss", body=rss)
        yield origin.url("/rss")


@pytest.fixture
def ids(session: Session, subscribe: Subscribe, site: str) -> dict[str, str]:
    """One row of everything that the examples name, of the subscriber who calls."""
    client = subscribe("reader")
    owner = session.scalars(select(Subscriber)).one()
    bank, firm = Bank(name="招商银行", kind="joint_stock"), Firm(name="苏州明远机器人股份有限公司", tech=True)
    bank.aliases = [BankAlias(key=fold(name), alias=name) for name in ("招商银行", "招行")]
    firm.aliases = [FirmAlias(key=fold(name), alias=name) for name in (firm.name, "明远机器人")]
    bank_too, firm_too = Bank(name="招商银行总行", kind="other"), Firm(name="明远机器人（苏州）", origin="learnt")
    source = Source(name="示例", url="https://news.example.com/other.xml", kind="feed", enabled=False)
    article = Article(title="题", text="招商银行贷款", content_hash="x", published=now())
    channel = Channel(subscriber_id=owner.id, kind="webhook", name="hook", config={"url": "https://hooks.example.com/"})
    channel.secret = seal(SECRET)
    watchlist = Watchlist(subscriber_id=owner.id, name="w", triggers=["event"], instruments=[])
    watchlist.items = [WatchItem(kind="bank", name="招行", key="招行")]
    session.add_all([bank, firm, bank_too, firm_too, source, article, channel, watchlist])
    session.flush()
    event = Event(
        bank_id=bank.id, firm_id=firm.id, instrument="loan", status="granted", tech=True, confidence=0.9, version=1
    )
    session.add(event)
    session.flush()
    session.refresh(event)
    session.add(EventVersion(event_id=event.id, version=1, type="event.created", facts=facts(event)))
    told = facts(event) | {"published": "2026-03-13", "confidence": 0.9, "sector": None}
    evidence = {"start": 0, "end": 6, "quote": "招商银行贷款", "facts": told, "confidence": 0.9, "position": 0}
    session.add(Evidence(event_id=event.id, article_id=article.id, **evidence))
    delivery = samples.delivery(session, channel, event.id, article.id)
    mail = Channel(subscriber_id=owner.id, kind="email", name="desk", config={"to": "desk@example.com"})
    mail.secret = seal("token")
    suppressed = Mailbox(address="lifted@example.com", suppressed_at=now(), cause="bounce", reason="5.1.1")
    spare = ApiKey(subscriber_id=owner.id, name="spare", prefix="yq_spare0", hash="spare", scopes=["read"])
    session.add_all([mail, suppressed, spare])
    session.flush()
    mail.confirmed_at = None
    session.commit()
    rows: dict[str, Any] = {"EVENT": event, "ARTICLE": article, "BANK": bank, "FIRM": firm, "SOURCE": source}
    series = IndicatorSeries(id=uuid4(), kind="loan_balance", subject="tech", region=["江苏"], unit="CNY", period="end")
    session.add(series)
    session.flush()
    figure = Indicator(series_id=series.id, article_id=article.id, position=0, subject_text="科技贷款", value=1)
    figure.start, figure.end, figure.quote, figure.confidence, figure.qualifier = 0, 6, "招商银行贷款", 0.9, "exact"
    session.add(figure)
    session.commit()
    session.add(someone := Subscriber(name="someone"))
    session.commit()
    rows |= {"SUBSCRIBER": someone}
    rows |= {"SERIES": series, "KEYID": spare, "CHANNEL": channel, "WATCHLIST": watchlist, "DELIVERY": delivery}
    rows |= {"BANK_TOO": bank_too, "FIRM_TOO": firm_too}
    given = {name: str(row.id) for name, row in rows.items()}
    return given | {
        "TICKET": f"{mail.id}.token",
        "PROOF": str(ticket.issue(str(mail.id), "token", mail.config["to"], now() + timedelta(days=1))),
        "MAIL": str(mail.id),
        "YINQI": str(client.base_url).rstrip("/"),
        "AUTH": f"Authorization: {client.headers['authorization']}",
        "JSON": "Content-Type: application/json",
        "SITE": site,
        "HOOK": "https://hooks.example.invalid/yinqi",
        "(date +%F)": date.today().isoformat(),
    }
