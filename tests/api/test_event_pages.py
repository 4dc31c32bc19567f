"""Pages of events: any order, any filter, chosen fields; nothing is skipped, repeated or sent twice in vain."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from api.errors import Invalid
from api.resources.events import filters, order, store
from api.resources.events.filters import EventFilter
from api.resources.events.schemas import FIELDS, EventQuery
from core import database
from core.models import Event
from tests.api import rows, sixty

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def many(session: Session) -> list[Event]:
    """Sixty events with values from few."""
    return sixty.made(session)


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
        by_id[one]
        for one in sixty.all_pages(session, EventQuery.model_validate({"sort": sort, "limit": 4, "state": "all"}))
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
        session.add_all(sixty.event(chance, banks, firms) for _ in range(3))  # anywhere in the order
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
