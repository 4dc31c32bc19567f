"""Articles into the history, on the real database and the real engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import canary, work
from core.models import (
    Article,
    Event,
    EventVersion,
    Evidence,
    Firm,
    Mention,
    News,
    Notice,
)
from core.views import facts
from extractor import lexicon_live
from extractor.process import process
from tests.api import rows
from tests.extractor.telling import extracted, tell, watch

OUTLETS = (
    "北海银行向青禾智造科技有限公司发放流动资金贷款800万元。",
    "记者获悉，青禾智造科技有限公司获得北海银行800万元贷款。",
)


@pytest.fixture(autouse=True)
def _registers(session: Session) -> None:
    lexicon_live.forget()
    for name in ("北海银行", "工商银行"):
        rows.bank(session, name, kind="city")


def events(session: Session) -> list[Event]:
    session.expire_all()
    return list(session.scalars(select(Event).where(Event.state == "live").order_by(Event.id)))


def notices(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.kind).where(Notice.event_id.is_not(None)).order_by(Notice.created_at)))


def test_two_outlets_make_one_event_with_two_pieces_of_evidence(session: Session) -> None:
    articles = [tell(session, telling) for telling in OUTLETS]
    [event] = events(session)
    assert event.bank.name == "北海银行"
    assert event.firm is not None and event.firm.name == "青禾智造科技有限公司"
    assert event.amount_min == event.amount_max == 8_000_000
    assert {row.article_id for row in event.evidence} == {article.id for article in articles}
    for row in event.evidence:
        article = session.get_one(Article, row.article_id)
        assert article.text[row.start : row.end] == row.quote


def test_an_event_is_at_home_where_its_firm_is(session: Session) -> None:
    tell(session, "北海银行向无锡样例智造科技有限公司发放流动资金贷款800万元。")
    [event] = events(session)
    assert event.regions == ["江苏", "无锡"]
    assert event.firm is not None and event.firm.region == "无锡"
    session.get_one(Firm, event.firm_id).region = "上海"  # by the operator's hand
    session.commit()
    tell(session, "北海银行给予无锡样例智造科技有限公司流动资金贷款800万元，已经到账。")
    [event] = events(session)
    assert event.regions == ["上海"]


def test_further_evidence_makes_no_new_version(session: Session) -> None:
    for telling in (OUTLETS[0], OUTLETS[0] + "贷款已到账。"):
        tell(session, telling)
    assert notices(session) == ["event.created"]
    assert session.scalar(select(func.count()).select_from(EventVersion)) == 1


def test_further_evidence_is_noticed_where_a_list_asks_for_it(session: Session) -> None:
    watch(session, triggers=["evidence"])
    tell(session, OUTLETS[0])
    second = tell(session, OUTLETS[0] + "贷款已到账。")
    tell(session, OUTLETS[0] + "贷款早已到账。", quiet=True)
    assert notices(session) == ["event.created", "event.evidence"]
    assert session.scalar(select(Notice.article_id).where(Notice.kind == "event.evidence")) == second.id
    process(session, second)  # read again, it is no further evidence
    session.commit()
    assert notices(session) == ["event.created", "event.evidence"]


def test_a_more_specific_telling_is_an_update_with_the_previous_value(session: Session) -> None:
    tell(session, "北海银行向青禾智造科技有限公司发放流动资金贷款。")
    tell(session, OUTLETS[0])
    assert notices(session) == ["event.created", "event.updated"]
    [version] = session.scalars(select(EventVersion).where(EventVersion.version == 2))
    assert version.previous == {"amount": None}
    assert version.facts["amount"]["min"] == 8_000_000


def test_a_second_grant_is_a_second_event(session: Session) -> None:
    tell(session, OUTLETS[0])
    tell(session, "北海银行向青禾智造科技有限公司发放流动资金贷款3000万元。")
    assert len(events(session)) == 2


def test_extracting_an_article_again_changes_nothing(session: Session) -> None:
    article = tell(session, OUTLETS[0])
    process(session, article)
    session.commit()
    assert len(events(session)) == 1
    assert session.scalar(select(func.count(Evidence.id))) == 1
    assert notices(session) == ["event.created"]


def test_an_event_that_loses_its_last_evidence_is_retracted(session: Session) -> None:
    article = tell(session, OUTLETS[0])
    article.text = "更正：此前报道有误。"
    process(session, article)
    session.commit()
    assert not events(session)
    assert notices(session) == ["event.created", "event.retracted"]


def test_a_quiet_article_updates_the_history_and_gives_no_notice(session: Session) -> None:
    tell(session, OUTLETS[0], quiet=True)
    assert len(events(session)) == 1
    assert session.scalar(select(func.count(Notice.id))) == 0


def test_every_version_that_is_told_aloud_is_news_and_no_other(session: Session) -> None:
    tell(session, OUTLETS[0], quiet=True)
    article = tell(session, OUTLETS[0].replace("800", "300"))
    article.text = "更正：此前报道有误。"
    process(session, article)
    session.commit()
    told = session.execute(select(Notice.event_id, Notice.version).where(Notice.version.is_not(None))).all()
    assert len(told) == 2 and set(told) == set(session.execute(select(News.event_id, News.version)).all())


def test_half_past_midnight_on_1_march_in_china_is_march(session: Session) -> None:
    article = Article(
        title="消息",
        text="本月，北海银行向青禾智造科技有限公司发放流动资金贷款800万元。",
        content_hash="march",
        published=datetime(2025, 2, 28, 16, 30, tzinfo=UTC),
    )
    session.add(article)
    session.commit()
    work.attempt(work.EXTRACT, article.id, process)
    [event] = events(session)
    assert event.date == "2025-03"


def test_a_later_telling_that_names_both_joins_two_firms_and_their_events(session: Session) -> None:
    tell(session, "北海银行向青禾智造发放流动资金贷款800万元。")
    tell(session, "北海银行向滨海市云帆智能制造科技有限公司发放流动资金贷款800万元。")
    before = events(session)
    assert len(before) == 2  # nothing says yet that the two are one
    tell(session, "滨海市云帆智能制造科技有限公司（以下简称“青禾智造”）获得北海银行流动资金贷款800万元。")
    [event] = events(session)
    assert event.id == before[0].id
    assert session.get_one(Event, before[1].id).merged_into == event.id
    assert session.scalar(select(func.count(Firm.id)).where(Firm.merged_into.is_(None))) == 1


def test_an_event_that_loses_some_of_its_tellings_to_an_older_one_stands_by_the_others(session: Session) -> None:
    """The branch speaks for the first and the rounded sum being one event, until a telling agrees better."""
    lent = "向青禾智造科技有限公司发放流动资金贷款"
    tell(session, f"北海银行{lent}1080万元。")
    tell(session, f"北海银行滨海分行{lent}920万元。")
    tell(session, f"5月，北海银行滨海分行{lent}约1000万元。")
    assert [len(event.evidence) for event in events(session)] == [1, 2]
    tell(session, f"5月，北海银行滨海分行{lent}1080万元。")
    assert [len(event.evidence) for event in events(session)] == [3, 1]


def test_mentions_are_kept_and_an_unproven_firm_is_none(session: Session) -> None:
    article = tell(session, "北海银行昨日召开年会。")
    [mention] = session.scalars(select(Mention).where(Mention.article_id == article.id))
    assert (mention.kind, mention.name) == ("bank", "北海银行")


def test_the_canary_is_understood_and_stands_in_no_history(session: Session) -> None:
    article = canary.article()
    session.add(article)
    session.commit()
    extracted(session, article)
    assert not events(session)
    assert session.scalars(select(Notice.kind)).all() == ["canary"]


def test_twenty_tellings_at_once_make_one_event(session: Session) -> None:
    articles = [
        Article(title=f"消息{n}", text=OUTLETS[n % 2], content_hash=str(n), published=datetime(2026, 5, 6, tzinfo=UTC))
        for n in range(20)
    ]
    session.add_all(articles)
    session.commit()
    with ThreadPoolExecutor(8) as workers:  # each holds up to two of the pool's twenty connections
        for article in articles:
            workers.submit(work.attempt, work.EXTRACT, article.id, process)
    [event] = events(session)
    assert len(event.evidence) == 20
    assert notices(session).count("event.created") == 1


TELLINGS = (
    "北海银行向青禾智造科技有限公司发放贷款。",
    "日前，北海银行向青禾智造发放流动资金贷款800万元。",
    "青禾智造科技有限公司获得北海银行800万元流动资金贷款，期限两年。",
    "北海银行向青禾智造科技有限公司发放流动资金贷款3000万元。",
    "北海银行与星河半导体有限公司签署协议，给予授信1亿元。",
    "星河半导体获北海银行授信1亿元。",
)


@pytest.mark.parametrize("seed", range(6))
def test_no_order_of_arrival_changes_the_history(session: Session, seed: int) -> None:
    order = list(TELLINGS)
    Random(seed).shuffle(order)
    for telling in order:
        tell(session, telling)
    told = {
        (frozenset(session.get_one(Article, row.article_id).text for row in event.evidence), str(facts(event)))
        for event in events(session)
    }
    assert len(told) == 3  # 800万, 3000万 and 1亿; the telling without an amount went to one of them
    assert told == _told_in_order(session)


def _told_in_order(session: Session) -> set[tuple[frozenset[str], str]]:
    """The same tellings in the order written above, in an emptied history."""
    session.execute(text("TRUNCATE article, event, firm CASCADE"))
    session.commit()
    for telling in TELLINGS:
        tell(session, telling)
    return {
        (frozenset(session.get_one(Article, row.article_id).text for row in event.evidence), str(facts(event)))
        for event in events(session)
    }
