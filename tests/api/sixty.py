"""Sixty events with values from few, so that every filter meets some, and how to read all pages of a list of them."""

import random
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from api.resources.events import store
from api.resources.events.schemas import EventQuery
from core.models import Article, Bank, Event, Evidence, Firm, QuoteIndex
from core.plain import grams, plain
from tests.api import rows

BANKS, FIRMS = ("甲银行", "乙银行", "丙农商银行"), ("示例机器人股份有限公司", "示例纺织有限公司", "示例光电有限公司")
FORMER = {"示例光电老厂": "示例光电有限公司"}  # firms that were merged into another
REGIONS: tuple[list[str], ...] = ([], ["江苏"], ["江苏", "苏州"], ["吉林"], ["吉林", "吉林市"], ["上海"])
BRANCHES = (None, "总行", "苏州分行", "苏州分行园区支行", "上海市分行")
OUTLETS = ("示例财经", "样例晚报")
QUOTES = ("甲银行向它发放科創貸３０００万元", "乙银行与其签约ＡＩ专项授信", "获知识产权质押贷款，期限两年")


def made(session: Session) -> list[Event]:
    """The events, committed; a third have no date or sum."""
    chance = random.Random(6)
    banks = [rows.bank(session, name) for name in BANKS]
    firms = [rows.firm(session, name) for name in (*FIRMS, *FORMER)]
    session.flush()
    for firm in firms:
        firm.merged_into = next((one.id for one in firms if one.name == FORMER.get(firm.name)), None)
    told = [rows.article(session, f"{quote}。第{number}篇", source_name=OUTLETS[number % 2])
            for number, quote in enumerate(QUOTES)]  # fmt: skip
    many = [event(chance, banks, firms) for _ in range(60)]
    session.add_all(many)
    session.flush()
    for number, one in enumerate(many):
        _tell(session, one, chance.choice(told), number)
    session.commit()
    return many


def event(chance: random.Random, banks: list[Bank], firms: list[Firm]) -> Event:
    """One of these, not stored yet."""
    least = chance.choice([None, Decimal(chance.randrange(1, 9) * 1_000_000)])
    most = least if least is None or chance.random() < 0.5 else chance.choice([None, least + 2_000_000])
    first = chance.choice([None, date(chance.choice([2025, 2026]), chance.randrange(1, 9), 7)])
    return Event(
        bank_id=chance.choice(banks).id, firm_id=chance.choice([None, *(one.id for one in firms)]),
        branch=chance.choice(BRANCHES), instrument=chance.choice(["loan", "bond", "leasing"]),
        status=chance.choice(["granted", "planned"]), tech=chance.random() < 0.5, amount_min=least, amount_max=most,
        currency=chance.choice(["CNY", "USD"]) if least else None, date=first and first.isoformat(), date_from=first,
        date_to=first and first + timedelta(days=chance.choice([0, 30])), regions=chance.choice(REGIONS),
        sector=chance.choice([None, "robotics", "textiles"]), confidence=chance.choice([0.5, 0.75, 0.9]),
        first_seen=rows.NOON + timedelta(hours=chance.randrange(20)), last_seen=rows.NOON,
        state=chance.choice(["live"] * 5 + ["retracted"]),
    )  # fmt: skip


def _tell(session: Session, event: Event, article: Article, position: int) -> None:
    quote = article.text[: article.text.index("。")]
    end = len(quote)
    row = Evidence(
        event_id=event.id, article_id=article.id, position=position, start=0, end=end, quote=quote, facts={},
        confidence=0.9,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(QuoteIndex(evidence_id=row.id, plain=plain(quote).text, grams=grams(plain(quote).text)))


def all_pages(session: Session, query: EventQuery) -> list[UUID]:
    """The ids on all pages."""
    found: list[UUID] = []
    while True:
        ids, following = store.page(session, query)
        found += ids
        if following is None:
            return found
        query = query.model_copy(update={"cursor": following})
