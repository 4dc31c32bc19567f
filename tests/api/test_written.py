"""Events as PostgreSQL writes them are the public form of core/views.py and what the document describes."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.resources.events import paging, store
from api.resources.events.schemas import FIELDS, EventOut, EventQuery, EvidenceOut, EvidencePlace
from api.resources.events.store import tellings
from api.resources.events.views import as_json, views
from core.models import Event
from core.views import event_view
from tests.api import rows

pytestmark = pytest.mark.usefixtures("environment")
_ODD = '引号"与\\反斜线、\t制表、换行\n、表情😀、\u2028'
_SHARES = (0.0, 1.0, 0.5, 0.9785, 0.5015, 0.0005, 0.1235, 0.9994999, 0.12345678901234567)
_SUMS = ("0.01", "0.10", "5000000.50", "100", "30000000.00", "9007199254740993", "1234567890123456789012.34")
_MOMENTS = (datetime(2026, 3, 1, 0, 0, 0, 999_999, UTC), datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC))


@pytest.fixture
def events(session: Session) -> list[Event]:
    """Events of every kind: named and unnamed, with and without a sum, ranges, odd signs, merged, corrected."""
    bank, other = rows.bank(session), rows.bank(session, f"样例{_ODD}银行", "样例")
    firm = rows.firm(session, "甲科技有限公司", "甲科技", "Ａ甲", "a甲", "Z甲", "甲科技有限公司", "龘甲", "😀甲")
    merged = rows.firm(session, "甲科", merged_into=firm.id)
    odd = rows.article(session, _ODD * 3, title=_ODD, url=None, source_name=None, published=None)
    told = rows.article(
        session, source_name="示例财经", url="https://news.example.com/1?a=b&c=d", published=_MOMENTS[0]
    )
    made = [rows.event(session, bank, firm, told), rows.event(session, other, merged, odd, instrument_text=_ODD)]
    rows.tell(session, made[0], odd, 1)
    unnamed: dict[str, Any] = {"firm_description": "一家上市企业", "branch": _ODD, "date": None, "term_months": 36}
    made.append(rows.event(session, bank, **unnamed, sector="robotics", regions=["江苏", "苏州"], shared_amount=True))
    nothing: dict[str, Any] = {"amount_min": None, "amount_max": None, "currency": None, "qualifier": None}
    made.append(rows.event(session, bank, firm, **nothing, state="merged", merged_into=made[0].id, verdict="rejected"))
    made += [rows.event(session, bank, firm, amount_min=Decimal(one), amount_max=None) for one in _SUMS]
    made += [rows.event(session, bank, firm, amount_min=None, qualifier="at_most", currency="USD")]
    made += [rows.event(session, bank, firm, confidence=one) for one in _SHARES]
    made += [rows.event(session, bank, firm, first_seen=one, last_seen=one + timedelta(days=1)) for one in _MOMENTS]
    session.expire_all()
    return made


def test_what_postgresql_writes_is_the_public_form(session: Session, events: list[Event]) -> None:
    found = views(session, [one.id for one in events], evidence="full")
    told = tellings(session, events)
    for event, view in zip(events, found, strict=True):
        assert view == event_view(event, told[event.id])


def test_the_document_describes_it_field_by_field(session: Session, events: list[Event]) -> None:
    for how, kind in (("full", EvidenceOut), ("sparse", EvidencePlace), ("none", None)):
        for view in views(session, [one.id for one in events], evidence=how):
            assert tuple(view) and set(view) == set(FIELDS)
            assert EventOut.model_validate(view)
            if kind is None:
                assert view["evidence"] is None
            else:
                TypeAdapter(list[kind]).validate_python(view["evidence"])  # type: ignore[valid-type]
                assert all(set(one) == set(kind.model_fields) for one in view["evidence"])


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_can_be_had_alone(session: Session, events: list[Event], field: str) -> None:
    ids = [one.id for one in events]
    whole = views(session, ids, evidence="sparse")
    assert views(session, ids, evidence="sparse", fields=[field]) == [{field: one[field]} for one in whole]


def test_events_come_in_the_order_asked_for_and_those_that_are_gone_are_left_out(
    session: Session, events: list[Event]
) -> None:
    ids = [one.id for one in reversed(events)]
    found = views(session, [*ids[:3], events[0].bank_id, *ids[3:]], evidence="none")
    assert [one["id"] for one in found] == [str(one) for one in ids]
    assert as_json(session, [], evidence="full") == as_json(session, [events[0].bank_id], evidence="full") == ""


def test_the_list_is_sent_without_needless_signs(alice: httpx.Client, session: Session, events: list[Event]) -> None:
    answer = alice.get("/v1/events", params={"state": "all", "total": True})
    assert answer.json()["total"] == len(session.scalars(select(Event.id)).all()) == len(answer.json()["items"])
    assert b'": ' not in answer.content and b'", "' not in answer.content
    assert alice.get("/v1/events", params={"until": "1990-01-01"}).json() == {"items": [], "next": None, "total": None}


@pytest.mark.parametrize(("limit", "shown"), [(1, {"fields": ["id,bank"]}), (4, {"evidence": "full"})], ids=str)
@pytest.mark.parametrize("asked", [{}, {"state": "all"}, {"sort": "-date"}, {"sort": "first_seen"},
    {"bank": ["工商银行"]}, {"tech": True}, {"source": ["示例财经"]}, {"date_to": "2026-12-31"}], ids=str)  # fmt: skip
@pytest.mark.parametrize("near", [1, 1000])
def test_pages_are_written_as_the_events_that_are_on_them(
    alice: httpx.Client, session: Session, events: list[Event], monkeypatch: pytest.MonkeyPatch, near: int,
    asked: dict[str, Any], shown: dict[str, Any], limit: int,
) -> None:  # fmt: skip
    session.commit()
    monkeypatch.setattr(paging, "NEAR", near)
    asked, seen = {**asked, **shown, "limit": limit}, list[UUID]()
    while True:
        query = EventQuery.model_validate(asked)
        ids, following = paging.page(session, query)
        items = as_json(session, ids, evidence=query.evidence, fields=query.fields)
        told = json.dumps({"next": following, "total": None}, separators=(",", ":"))
        assert alice.get("/v1/events", params=asked).text == f'{{"items":[{items}],{told[1:]}'
        seen += ids
        if following is None:
            break
        asked["cursor"] = following
    assert seen and len(seen) == len(set(seen)) == store.total(session, query)
