"""Pages of events: any order, any filter, chosen fields; nothing is skipped, repeated or sent twice in vain."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from api.errors import Invalid
from api.planning import expected_of
from api.resources.events import filters, order, paging, store
from api.resources.events.filters import EventFilter
from api.resources.events.schemas import FIELDS, EventQuery
from core import database
from core.models import Article, Bank, Event, Evidence, Firm, QuoteIndex
from core.plain import grams, plain
from tests.api import rows

pytestmark = pytest.mark.usefixtures("environment")
QUICK = trials(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)

BANKS, FIRMS = ("甲银行", "乙银行", "丙农商银行"), ("示例机器人股份有限公司", "示例纺织有限公司", "示例光电有限公司")
REGIONS: tuple[list[str], ...] = ([], ["江苏"], ["江苏", "苏州"], ["吉林"], ["吉林", "吉林市"], ["上海"])
BRANCHES = (None, "总行", "苏州分行", "苏州分行园区支行", "上海市分行")
OUTLETS = ("示例财经", "样例晚报")
QUOTES = ("甲银行向它发放科創貸３０００万元", "乙银行与其签约ＡＩ专项授信", "获知识产权质押贷款，期限两年")


@pytest.fixture
def many(session: Session) -> list[Event]:
    """Sixty events with values from few, so that every filter meets some; a third have no date or sum."""
    chance = random.Random(6)
    banks = [rows.bank(session, name) for name in BANKS]
    firms = [rows.firm(session, name) for name in FIRMS]
    told = [rows.article(session, f"{quote}。第{number}篇", source_name=OUTLETS[number % 2])
            for number, quote in enumerate(QUOTES)]  # fmt: skip
    made = [_event(chance, banks, firms) for _ in range(60)]
    session.add_all(made)
    session.flush()
    for number, event in enumerate(made):
        _tell(session, event, chance.choice(told), number)
    session.commit()
    return made


def _event(chance: random.Random, banks: list[Bank], firms: list[Firm]) -> Event:
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


# Each filter once more, in plain Python: what it says of an event, in words that a reader can check.
def _meets(low: Any, high: Any, least: Any, most: Any) -> bool:
    if low is None and high is None:
        return False
    low, high = (low if low is not None else high), (high if high is not None else low)
    return (least is None or high >= least) and (most is None or low <= most)


def _in_branch(branch: str | None, asked: str) -> bool:
    if asked == "总行":
        return branch in (None, "总行")
    return (branch or "").replace("市分行", "分行").startswith(asked.replace("市分行", "分行"))


NAIVE: dict[str, Callable[[Event, Any], bool]] = {
    "bank": lambda event, names: event.bank.name in names,
    "firm": lambda event, names: event.firm is not None and event.firm.name in names,
    "branch": lambda event, names: any(_in_branch(event.branch, name) for name in names),
    "instrument": lambda event, slugs: event.instrument in slugs,
    "sector": lambda event, slugs: event.sector in slugs,
    "status": lambda event, slugs: event.status in slugs,
    "tech": lambda event, tech: event.tech == tech,
    "currency": lambda event, code: event.currency == code,
    "region": lambda event, names: any(
        event.regions[1:] == [name] if name in ("苏州", "吉林市") else event.regions[:1] == [name] for name in names
    ),
    "min_amount": lambda event, least: _meets(event.amount_min, event.amount_max, least, None),
    "max_amount": lambda event, most: _meets(event.amount_min, event.amount_max, None, most),
    "date_from": lambda event, day: _meets(event.date_from, event.date_to, day, None),
    "date_to": lambda event, day: _meets(event.date_from, event.date_to, None, day),
    "since": lambda event, at: event.first_seen >= at,
    "until": lambda event, at: event.first_seen < at,
    "confidence": lambda event, least: event.confidence >= least,
    "source": lambda event, _: True,  # needs the articles: see told_by
    "q": lambda event, _: True,
}


def some(*values: Any) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


ASKED = st.fixed_dictionaries(
    {},
    optional={
        "bank": some(*BANKS),
        "firm": some(*FIRMS),
        "branch": some("苏州分行", "上海分行", "总行"),
        "instrument": some("loan", "bond", "leasing"),
        "sector": some("robotics", "textiles"),
        "status": some("granted", "planned"),
        "tech": st.booleans(),
        "currency": st.sampled_from(["CNY", "USD"]),
        "region": some("江苏", "苏州", "吉林", "吉林市", "上海"),
        "min_amount": st.integers(0, 5).map(lambda n: Decimal(n * 1_000_000)),
        "max_amount": st.integers(5, 12).map(lambda n: Decimal(n * 1_000_000)),
        "date_from": st.dates(date(2025, 1, 1), date(2025, 6, 1)),
        "date_to": st.dates(date(2025, 6, 1), date(2026, 10, 1)),
        "since": st.integers(0, 10).map(lambda n: rows.NOON + timedelta(hours=n)),
        "until": st.integers(10, 20).map(lambda n: rows.NOON + timedelta(hours=n)),
        "confidence": st.sampled_from([0.0, 0.6, 0.9]),
        "source": some(*OUTLETS),
        "q": st.sampled_from(["科创贷", "ai专项", "知识产权 期限两年", "甲银行 签约", '"向它 发放"']),
    },
)
LOOKS = [(3, 9, 0, 0), (3, 9, 5000, 0), (3, 50_000, 0, 2000), (1000, 50_000, 5000, 2000)]
HELD = {"科创贷": {0}, "ai专项": {1}, "知识产权 期限两年": {2}, "甲银行 签约": set(), '"向它 发放"': {0}}


def told_by(session: Session, event: Event) -> tuple[str | None, int]:
    """The outlet that tells an event, and which of QUOTES it quotes."""
    [evidence] = event.evidence
    return session.get_one(Article, evidence.article_id).source_name, QUOTES.index(evidence.quote)


def test_every_filter_and_combination_of_filters_finds_what_a_reader_would(
    session: Session, many: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    tellings = {event.id: told_by(session, event) for event in many}

    def passes(event: Event, asked: dict[str, Any]) -> bool:
        outlet, quote = tellings[event.id]
        is_told = ("source" not in asked or outlet in asked["source"]) and (
            "q" not in asked or quote in HELD[asked["q"]]
        )
        return event.state == "live" and is_told and all(NAIVE[name](event, value) for name, value in asked.items())

    @QUICK
    @given(asked=ASKED, looks=st.sampled_from(LOOKS), rare=st.sampled_from([-1, 30_000]),
        expects=st.sampled_from([1, 100, 1000]), sort=st.sampled_from(order.SORTS))  # fmt: skip
    def check(asked: dict[str, Any], looks: tuple[int, int, int, int], rare: int, expects: int, sort: str) -> None:
        told = (*looks, rare, lambda *given: (expected_of(*given)[0], expects))
        for name, value in zip(("NEAR", "FAR", "SHORT", "CHEAP", "RARE", "expected_of"), told, strict=True):
            monkeypatch.setattr(paging, name, value)
        query = EventQuery.model_validate({**asked, "sort": sort, "limit": 7})
        found = _all_pages(session, query)
        assert len(found) == len(set(found))
        assert set(found) == {event.id for event in many if passes(event, asked)}
        assert store.total(session, query) == len(found)

    check()


def _all_pages(session: Session, query: EventQuery) -> list[UUID]:
    found: list[UUID] = []
    while True:
        ids, following = store.page(session, query)
        found += ids
        if following is None:
            return found
        query = query.model_copy(update={"cursor": following})


VALUE: dict[str, Callable[[Event], Any]] = {
    "first_seen": lambda event: event.first_seen,
    "date": lambda event: event.date_from,
    "amount": lambda event: event.amount_max if event.amount_max is not None else event.amount_min,
    "confidence": lambda event: event.confidence,
}


@pytest.mark.parametrize("sort", order.SORTS)
def test_each_order_is_kept_over_pages_and_what_has_no_value_comes_last(
    session: Session, many: list[Event], sort: str
) -> None:
    by_id = {event.id: event for event in many}
    found = [
        by_id[one] for one in _all_pages(session, EventQuery.model_validate({"sort": sort, "limit": 4, "state": "all"}))
    ]
    value = VALUE[sort.removeprefix("-")]
    valued = [event for event in found if value(event) is not None]
    assert valued == sorted(valued, key=lambda event: (value(event), event.id), reverse=sort.startswith("-"))
    assert found[: len(valued)] == valued and len(found) == len(many)
    assert sort in ("first_seen", "-first_seen", "confidence", "-confidence") or len(valued) < len(found)


@pytest.mark.parametrize("sort", order.SORTS)
def test_events_that_come_between_two_pages_neither_shift_nor_repeat_them(
    session: Session, many: list[Event], sort: str
) -> None:
    chance = random.Random(sort)
    before = {event.id for event in many}
    banks, firms = list({event.bank for event in many}), [event.firm for event in many if event.firm]
    query, found = EventQuery.model_validate({"sort": sort, "limit": 7, "state": "all"}), []
    while True:
        ids, following = store.page(session, query)
        found += ids
        if following is None:
            break
        session.add_all(_event(chance, banks, firms) for _ in range(3))  # anywhere in the order
        session.commit()
        query = query.model_copy(update={"cursor": following})
    assert len(found) == len(set(found)) and before <= set(found)


def test_whoever_reads_on_at_the_end_waits_for_what_is_not_committed_yet(session: Session) -> None:
    """An event is first seen when its transaction begins: one that commits late must not lie before a place passed."""
    bank = rows.bank(session)
    with Session(database.engine()) as slow:
        slow.add(Event(bank_id=bank.id, instrument="loan", status="granted", tech=True, confidence=0.9))
        slow.flush()
        rows.event(session, bank, first_seen=None)
        session.execute(update(Event).values(first_seen=datetime.now(UTC)))
        session.commit()
        assert store.page(session, EventQuery.model_validate({"sort": "first_seen"}))[0] == []
        assert len(store.page(session, EventQuery.model_validate({"sort": "-first_seen"}))[0]) == 1
        session.rollback()
        slow.commit()
    assert len(store.page(session, EventQuery.model_validate({"sort": "first_seen"}))[0]) == 2


def page(alice: httpx.Client, **query: Any) -> httpx.Response:
    answer = alice.get("/v1/events", params=query)
    assert answer.status_code == 200, answer.text
    return answer


def test_chosen_fields_are_answered_and_no_other(alice: httpx.Client, many: list[Event]) -> None:
    whole = page(alice, limit=3).json()["items"]
    for fields in ("id,bank,amount", ["id", "bank,amount"]):
        assert page(alice, limit=3, fields=fields).json()["items"] == [
            {name: one[name] for name in ("id", "bank", "amount")} for one in whole
        ]
    assert page(alice, limit=3, fields=",".join(FIELDS)).json()["items"] == whole
    one = alice.get(f"/v1/events/{whole[0]['id']}", params={"fields": "evidence"}).json()
    assert one == {"evidence": whole[0]["evidence"]}


def test_evidence_is_full_sparse_or_left_out(alice: httpx.Client, many: list[Event]) -> None:
    [full] = page(alice, limit=1).json()["items"][0]["evidence"]
    [sparse] = page(alice, limit=1, evidence="sparse").json()["items"][0]["evidence"]
    assert sparse == {name: full[name] for name in ("article_id", "source", "published", "start", "end")}
    assert {"title", "url", "quote"} == full.keys() - sparse.keys()
    assert page(alice, limit=1, evidence="none").json()["items"][0]["evidence"] is None


def test_the_total_counts_all_pages_and_only_where_it_is_asked_for(alice: httpx.Client, many: list[Event]) -> None:
    granted = sum(event.state == "live" and event.status == "granted" for event in many)
    assert page(alice, status="granted", limit=2, total=True).json()["total"] == granted
    assert page(alice, status="granted", limit=2).json()["total"] is None


def test_a_change_of_the_event_changes_its_tag(alice: httpx.Client, session: Session, many: list[Event]) -> None:
    before = alice.get(f"/v1/events/{many[0].id}").headers["etag"]
    many[0].status = "agreed"
    session.commit()
    assert alice.get(f"/v1/events/{many[0].id}", headers={"if-none-match": before}).status_code == 200


def test_how_events_are_shown_may_change_from_page_to_page(alice: httpx.Client, many: list[Event]) -> None:
    cursor = page(alice, limit=2).json()["next"]
    assert len(page(alice, limit=5, cursor=cursor, fields="id", evidence="none").json()["items"]) == 5


def test_matching_refuses_what_names_nobody_by_its_place(session: Session, many: list[Event]) -> None:
    with pytest.raises(Invalid) as told:
        filters.matching(session, EventFilter.model_validate({"bank": ["甲银行", "无此银行"]}))
    assert [error.field for error in told.value.errors] == ["query.bank.1"]
