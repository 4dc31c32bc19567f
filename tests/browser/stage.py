"""Rows for pages to show: invented banks, firms and articles, long names and empty fields among them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import catch_up
from core.models import Article, ArticleIndex, Event, EventVersion, Evidence, Mention, Source, SourceError
from core.names import fold
from core.views import facts
from extractor.catching_up import DUTIES
from tests.api import rows

NOW = datetime(2026, 3, 12, 1, 5, tzinfo=UTC)
BODY = (
    "本报讯 近日，{bank}{branch}向{firm}发放{what}{sum}，期限三年。\n"
    "据介绍，{firm}成立于2015年，主营工业机器人关节模组，去年研发投入超过营收的两成。"
    "公司负责人表示，这笔资金将用于新一代产线的设备采购。\n"
    "{bank}有关负责人说，下一步将继续加大对科技型企业的支持力度。"
)


@dataclass(frozen=True)
class Stage:
    """The ids of what was made."""

    event: UUID
    article: UUID
    bank: UUID
    firm: UUID
    source: UUID
    failed: UUID


_EVENTS: tuple[dict[str, Any], ...] = (
    {
        "instrument": "ip_pledge_loan",
        "instrument_text": "知识产权质押贷款",
        "amount": (20_000_000, 20_000_000),
        "status": "granted",
        "branch": "江滨分行",
        "term_months": 36,
        "date": "2026-03-11",
    },
    {
        "instrument": "credit_line",
        "amount": (150_000_000, 200_000_000),
        "qualifier": "range",
        "status": "agreed",
        "date": "2026-03",
        "shared_amount": True,
    },
    {
        "instrument": "cross_border_loan",
        "amount": (5_000_000, 5_000_000),
        "currency": "USD",
        "status": "granted",
        "date": "2026-Q1",
        "tech": False,
    },
    {"instrument": "supply_chain_finance", "amount": None, "status": "planned", "date": None, "confidence": 0.61},
    {
        "instrument": "cooperation",
        "amount": None,
        "status": "cooperation",
        "date": "2026",
        "undisclosed": "某影视文化公司",
    },
    {
        "instrument": "syndicated_loan",
        "amount": (1_350_000_000, None),
        "qualifier": "at_least",
        "status": "agreed",
        "date": "2025-H2",
    },
)
_FIRMS = (
    "样例市明曜机器人股份有限公司",
    "江滨启衡微电子（集团）科技有限公司",
    "云麓生物医药有限公司",
    "北原新能源汽车动力系统研究院股份有限公司",
)
_BANKS = ("样例银行", "江滨农商银行", "云麓金租")


def set_up(session: Session) -> Stage:
    """Make them all."""
    source = Source(
        name="样例财经",
        url="https://news.example.com/rss.xml",
        kind="rss",
        last_polled_at=NOW,
        last_success_at=NOW,
        last_item_at=NOW,
        rhythm=5400.0,
        items=20,
    )
    sick = Source(
        name="江滨日报数字版",
        url="https://paper.example.com/layout/index.html",
        kind="list",
        health="dead",
        health_since=NOW - timedelta(days=2),
        health_reason="connection refused",
        last_polled_at=NOW,
        failures=7,
        last_error="paper.example.com: connection refused",
    )
    session.add_all([source, sick])
    session.flush()
    session.add(SourceError(source_id=sick.id, input=sick.url, reason="connection refused", at=NOW))
    banks = [rows.bank(session, name, f"{name}股份有限公司") for name in _BANKS]
    firms = [rows.firm(session, name, name[:6], origin="learnt", sector="robotics") for name in _FIRMS]
    failed = rows.article(
        session,
        "无法读取的一篇。",
        title="读不出来的文章",
        state="failed",
        reason="given up after 5 attempts that never ended",
        source_id=source.id,
    )
    made = [
        _event(session, number, banks[number % 3], firms[number % 4], source, dict(given))
        for number, given in enumerate(_EVENTS)
    ]
    _index(session)
    event, article = made[0]
    return Stage(event, article, banks[0].id, firms[0].id, source.id, failed.id)


def _index(session: Session) -> None:
    """Let every text be found by its pieces."""
    session.add_all(ArticleIndex(article_id=one) for one in session.scalars(select(Article.id)))
    session.commit()
    while catch_up.once(DUTIES):
        pass


def _event(
    session: Session, number: int, bank: Any, firm: Any, source: Source, given: dict[str, Any]
) -> tuple[UUID, UUID]:
    """One event that one article tells (the first: two), with two versions."""
    described, amount = given.pop("undisclosed", None), given.pop("amount")
    seen = NOW - timedelta(hours=7 * number)
    fields = given | {
        "amount_min": amount and Decimal(amount[0]),
        "amount_max": amount and amount[1] and Decimal(amount[1]),
    }
    fields |= {
        "currency": given.get("currency", "CNY") if amount else None,
        "qualifier": given.get("qualifier", "exact") if amount else None,
    }
    fields |= {"date_from": date(2026, 1, 1), "date_to": date(2026, 3, 31), "first_seen": seen, "last_seen": seen}
    fields |= {"firm_description": described, "sector": "robotics", "regions": ["江苏", "苏州"]}
    event = rows.event(session, bank, None if described else firm, **fields)
    told = [_tell(session, event, bank, firm, source, number * 2 + again) for again in range(2 if number == 0 else 1)]
    event.branch, event.version = event.branch or "总行", 2
    session.add(
        EventVersion(event_id=event.id, version=2, type="event.updated", facts=facts(event), previous={"branch": None})
    )
    session.commit()
    return event.id, told[0]


def _tell(session: Session, event: Event, bank: Any, firm: Any, source: Source, number: int) -> UUID:
    """An article that tells the event."""
    branch, what = event.branch or "", event.instrument_text or "科创贷"
    name = event.firm_description or firm.name
    text = BODY.format(bank=bank.name, branch=branch, firm=name, what=what, sum="2000万元")
    article = rows.article(
        session,
        text,
        title=f"{bank.name}以{what}支持{name}",
        url=f"https://news.example.com/{number}",
        source_id=source.id,
        source_name=source.name,
        published=event.first_seen,
        author="样例记者",
    )
    start = text.index(bank.name)
    quote = text[start : text.index("，期限")]
    session.add(
        Evidence(
            event_id=event.id,
            article_id=article.id,
            position=0,
            start=start,
            end=start + len(quote),
            quote=quote,
            facts={**facts(event), "sector": event.sector, "confidence": 0.9, "published": NOW.date().isoformat()},
            names=[fold(name)],
            confidence=0.9,
        )
    )
    session.add(
        Mention(
            article_id=article.id,
            kind="bank",
            name=bank.name,
            bank_id=bank.id,
            start=start,
            end=start + len(bank.name),
            where="text",
        )
    )
    if event.firm is not None:
        at = text.index(name)
        session.add(
            Mention(
                article_id=article.id,
                kind="firm",
                name=name,
                firm_id=firm.id,
                start=at,
                end=at + len(name),
                where="text",
            )
        )
    return article.id
