"""A corrected article is read again: what it told before is taken back, and only that is told aloud."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import work
from core.database import transaction
from core.models import Article, Event, Evidence, Extraction, Mention, Notice
from extractor.process import process
from ingest.push import PushedArticle, push
from tests.overtaken import claimed_and_then

GRANT = (
    "本报讯 杭州银行向澄湖量子科技有限公司发放流动资金贷款{}，用于采购设备。\n"
    "据了解，该公司成立以来一直从事精密测量，产品销往多个省市。"
)
ADDRESS = "https://news.example.com/1"


def told(text: str, url: str | None = ADDRESS) -> Any:
    with transaction() as session:
        [result] = push(session, [PushedArticle("一笔贷款", text, url=url)])
    assert result.status == "stored", result
    return result.article_id


def read(article_id: Any) -> None:
    assert work.attempt(work.EXTRACT, article_id, process) == "done"


def amounts(session: Session) -> dict[str, list[Any]]:
    session.rollback()
    found: dict[str, list[Any]] = {}
    for event in session.scalars(select(Event).order_by(Event.id)):
        found.setdefault(event.state, []).append(int(event.amount_min or 0))
    return found


def notices(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.kind).where(Notice.event_id.is_not(None)).order_by(Notice.created_at)))


def test_what_a_corrected_article_told_is_withdrawn_aloud_and_what_it_tells_now_is_quiet(seeded: Session) -> None:
    article_id = told(GRANT.format("8000万元"))
    read(article_id)
    assert told(GRANT.format("300万元")) == article_id
    read(article_id)
    assert amounts(seeded) == {"retracted": [80_000_000], "live": [3_000_000]}
    assert notices(seeded) == ["event.created", "event.retracted"]
    [evidence] = seeded.scalars(select(Evidence))
    article = seeded.get_one(Article, article_id)
    assert article.text[evidence.start : evidence.end] == evidence.quote
    assert len(seeded.scalars(select(Extraction)).all()) == 1
    assert len({row.name for row in seeded.scalars(select(Mention))}) == len(seeded.scalars(select(Mention)).all())


def test_a_corrected_field_of_an_event_that_stands_alerts_nobody(seeded: Session) -> None:
    article_id = told(GRANT.format("一笔"))
    read(article_id)
    told(GRANT.format("8000万元"))
    read(article_id)
    assert amounts(seeded) == {"live": [80_000_000]}
    assert notices(seeded) == ["event.created"]


def test_an_event_that_another_article_tells_too_outlives_a_correction(seeded: Session) -> None:
    article_id = told(GRANT.format("8000万元"))
    read(article_id)
    read(told("记者获悉，澄湖量子科技有限公司近日获杭州银行8000万元贷款。", url=None))
    told(GRANT.format("8000万元").replace("杭州银行", "宁波银行"))
    read(article_id)
    assert notices(seeded)[0] == "event.created" and "event.retracted" not in notices(seeded)
    assert amounts(seeded) == {"live": [80_000_000, 80_000_000]}


def test_a_text_that_is_replaced_while_it_is_read_is_read_anew(seeded: Session) -> None:
    article_id = told(GRANT.format("8000万元"))

    def corrects() -> None:
        told(GRANT.format("300万元"))

    assert work.attempt(work.EXTRACT, article_id, process, claiming=claimed_and_then(corrects)) == "overtaken"
    assert amounts(seeded) == {}
    read(article_id)
    assert amounts(seeded) == {"live": [3_000_000]}
    assert notices(seeded) == ["event.created"]
