"""Every filter and combination of filters, in any order and in whatever way it is looked for, beside plain Python."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from starlette.requests import Request

from api.deps import Asking
from api.planning import expected_of
from api.resources.events import order, paging, store
from api.resources.events.schemas import EventQuery
from core.models import Article, Event
from tests.api import rows, sixty
from tests.api.sixty import BANKS, FIRMS, FORMER, OUTLETS, QUOTES

pytestmark = pytest.mark.usefixtures("environment")
QUICK = trials(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


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


def _now(firm: str) -> str:
    return FORMER.get(firm, firm)


NAIVE: dict[str, Callable[[Event, Any], bool]] = {
    "bank": lambda event, names: event.bank.name in names,
    "firm": lambda event, names: event.firm is not None and _now(event.firm.name) in map(_now, names),
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
        "firm": some(*FIRMS, *FORMER),
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
    session: Session, new_subscriber: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    events, key = sixty.made(session), new_subscriber()
    tellings = {event.id: told_by(session, event) for event in events}

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
        told = (*looks, looks[3], rare, lambda *given: (expected_of(*given)[0], expects))
        for name, value in zip(("NEAR", "FAR", "SHORT", "CHEAP", "WORTH", "RARE", "expected_of"), told, strict=True):
            monkeypatch.setattr(paging, name, value)
        query = EventQuery.model_validate({**asked, "sort": sort, "limit": 7})
        found = sixty.all_pages(session, query)
        assert found == _all_written(key, query)
        assert len(found) == len(set(found))
        assert set(found) == {event.id for event in events if passes(event, asked)}
        assert store.total(session, query) == len(found)

    check()


def _all_written(key: str, query: EventQuery) -> list[UUID]:
    """The ids on all pages as the API answers them to whoever has the key."""
    found: list[UUID] = []
    while True:
        headers = [(b"authorization", f"Bearer {key}".encode())]
        asking = Asking(Request({"type": "http", "headers": headers, "state": {}}), "read")
        json, following = paging.written_page(asking, query)
        found += [UUID(one["id"]) for one in orjson.loads(b"[%b]" % json)]
        if following is None:
            return found
        query = query.model_copy(update={"cursor": following})
