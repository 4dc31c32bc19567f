"""An event that the operator looked at by hand: what holds then, who is told, and what the machine leaves alone."""

from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import Article, Event, EventVersion, Evidence, Firm, News, Notice
from extractor import lexicon_live
from extractor.process import process
from tests.api import rows
from tests.api.conftest import Subscribe
from tests.extractor.telling import tell

TOLD = "北海银行向青禾智造科技有限公司发放流动资金贷款800万元。"
AGAIN = "记者获悉，青禾智造科技有限公司获得北海银行800万元贷款。"


@pytest.fixture(autouse=True)
def _registers(session: Session) -> None:
    lexicon_live.forget()
    for name in ("北海银行", "工商银行"):
        rows.bank(session, name, kind="city")


def read_again(session: Session, article: Article) -> None:
    process(session, article)
    session.commit()
    session.expire_all()


def events(session: Session, state: str = "live") -> list[Event]:
    session.expire_all()
    return list(session.scalars(select(Event).where(Event.state == state).order_by(Event.id)))


def notices(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.kind).where(Notice.event_id.is_not(None)).order_by(Notice.id)))


def correct(client: httpx.Client, event: Event, **fields: Any) -> dict[str, Any]:
    answer = client.patch(f"/v1/events/{event.id}", json=fields)
    assert answer.is_success, answer.text
    return dict(answer.json())


def test_what_was_set_by_hand_is_a_version_that_whoever_was_told_is_told_of(
    alice: httpx.Client, session: Session
) -> None:
    tell(session, TOLD)
    [event] = events(session)
    amount = {"min": 9000000, "max": 9000000, "currency": "CNY", "qualifier": "exact"}
    seen = correct(alice, event, amount=amount, date="2026-Q2", note="the table says so")
    assert (seen["version"], seen["amount"], seen["date"], seen["verdict"]) == (2, amount, "2026-Q2", "corrected")
    assert notices(session) == ["event.created", "event.updated"]
    assert set(session.scalars(select(News.version))) == {1, 2}
    [version] = session.scalars(select(EventVersion).where(EventVersion.version == 2))
    assert version.previous == {"amount": {**amount, "min": 8000000, "max": 8000000}, "date": None}
    [found] = alice.get(f"/v1/events/{event.id}/corrections").json()["items"]
    assert (found["verdict"], found["note"], found["version"]) == ("corrected", "the table says so", 2)
    assert found["facts"] == {"amount": amount, "date": "2026-Q2"}
    [event] = events(session)
    assert (event.date_from, event.date_to) == (datetime(2026, 4, 1).date(), datetime(2026, 6, 30).date())


def test_a_field_set_by_hand_outlives_further_tellings_and_reading_again(alice: httpx.Client, session: Session) -> None:
    article = tell(session, TOLD)
    [event] = events(session)
    correct(alice, event, term_months=24, status="agreed")
    tell(session, AGAIN + "贷款期限三年。")
    read_again(session, article)
    [kept] = events(session)
    assert (kept.id, kept.term_months, kept.status) == (event.id, 24, "agreed")
    assert session.scalar(select(func.count(Evidence.id))) == 2


def test_another_bank_and_firm_set_by_hand_outlive_both_too(alice: httpx.Client, session: Session) -> None:
    article = tell(session, TOLD)
    [event] = events(session)
    seen = correct(alice, event, bank="工商银行", firm="青禾无人机有限公司")
    assert (seen["bank"]["name"], seen["firm"]["name"]) == ("工商银行", "青禾无人机有限公司")
    assert session.scalar(select(Firm.origin).where(Firm.name == "青禾无人机有限公司")) == "learnt"
    tell(session, AGAIN)
    read_again(session, article)
    [kept] = events(session)
    assert kept.bank.name == "工商银行" and kept.firm and kept.firm.name == "青禾无人机有限公司"


def test_a_correction_holds_when_a_later_engine_reads_what_it_says(alice: httpx.Client, session: Session) -> None:
    article = tell(session, TOLD + "工商银行向同州智能装备有限公司发放贷款300万元。")
    first = next(event for event in events(session) if event.bank.name == "北海银行")
    correct(alice, first, status="agreed")
    read_again(session, article)
    assert len(events(session)) == 2
    places = session.scalars(select(Evidence.position).where(Evidence.article_id == article.id)).all()
    assert len(set(places)) == 2


def test_an_event_that_was_rejected_stays_retracted_however_often_it_is_told(
    alice: httpx.Client, session: Session
) -> None:
    article = tell(session, TOLD)
    [event] = events(session)
    assert alice.post(f"/v1/events/{event.id}/reject", json={"note": "an advertisement"}).json()["state"] == "retracted"
    tell(session, AGAIN)
    read_again(session, article)
    assert events(session) == []
    assert [one.id for one in events(session, "retracted")] == [event.id]
    assert notices(session) == ["event.created", "event.retracted"]


def test_a_confirmed_event_keeps_its_evidence_and_goes_on_learning(alice: httpx.Client, session: Session) -> None:
    article = tell(session, "北海银行向青禾智造科技有限公司发放流动资金贷款。")
    [event] = events(session)
    seen = alice.post(f"/v1/events/{event.id}/confirm", json={}).json()
    assert (seen["verdict"], seen["version"]) == ("confirmed", 1)
    tell(session, TOLD)
    read_again(session, article)
    [event] = events(session)
    assert event.amount_min == 8_000_000
    assert len(event.evidence) == 2


def test_an_article_that_no_longer_says_it_takes_its_evidence_from_a_corrected_event_but_not_the_event(
    alice: httpx.Client, session: Session
) -> None:
    article = tell(session, TOLD)
    [event] = events(session)
    correct(alice, event, status="agreed")
    article.text = "更正：此前报道有误。"
    session.commit()
    read_again(session, article)
    [kept] = events(session)
    assert (kept.id, kept.status, kept.evidence) == (event.id, "agreed", [])


def test_what_is_released_says_again_what_the_machine_said(alice: httpx.Client, session: Session) -> None:
    tell(session, TOLD)
    [event] = events(session)
    correct(alice, event, status="agreed")
    correct(alice, event, status="planned", firm="青禾无人机有限公司")
    seen = alice.post(f"/v1/events/{event.id}/release", json={}).json()
    assert (seen["status"], seen["verdict"]) == ("granted", None)
    assert seen["firm"]["name"] == "青禾智造科技有限公司"
    assert alice.post(f"/v1/events/{event.id}/release", json={}).json()["version"] == seen["version"]
    verdicts = [one["verdict"] for one in alice.get(f"/v1/events/{event.id}/corrections").json()["items"]]
    assert verdicts == ["corrected", "corrected", "released"]


def test_quiet_history_stays_quiet_under_the_hand(alice: httpx.Client, session: Session) -> None:
    tell(session, TOLD, quiet=True)
    [event] = events(session)
    correct(alice, event, status="agreed")
    assert notices(session) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "names no field"),
        ({"note": "why"}, "names no field"),
        ({"bank": "无此银行"}, "no bank is called"),
        ({"firm": "公司"}, "generic"),
        ({"status": None}, "cannot be null"),
        ({"date": "2026-13"}, "is no date"),
        ({"instrument": "gift"}, "no instrument"),
        ({"firm": "样例公司", "firm_description": "某公司"}, "is not named"),
        ({"amount": {"min": 5, "max": 4, "currency": "CNY", "qualifier": "range"}}, "no sum that is range"),
        ({"amount": {"min": 5, "max": 6, "currency": "CNY", "qualifier": "exact"}}, "no sum that is exact"),
        ({"amount": {"min": None, "max": None, "currency": "CNY", "qualifier": "about"}}, "no sum that is about"),
        ({"amount": {"min": 5, "max": 6, "currency": "元", "qualifier": "range"}}, "pattern"),
        ({"price": 3}, "price"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused_and_says_why(
    alice: httpx.Client, session: Session, given: dict[str, Any], told: str
) -> None:
    tell(session, TOLD)
    [event] = events(session)
    answer = alice.patch(f"/v1/events/{event.id}", json=given)
    assert answer.status_code == 422
    assert told in answer.text
    [kept] = events(session)
    assert (kept.version, kept.verdict) == (1, None)


def test_a_look_at_an_older_version_is_refused(alice: httpx.Client, session: Session) -> None:
    tell(session, TOLD)
    [event] = events(session)
    correct(alice, event, status="agreed", version=1)
    answer = alice.patch(f"/v1/events/{event.id}", json={"status": "planned", "version": 1})
    assert answer.status_code == 409 and "version 2" in answer.json()["detail"]


def test_only_an_operator_corrects(session: Session, subscribe: Subscribe) -> None:
    tell(session, TOLD)
    [event] = events(session)
    bob = subscribe("bob", scopes=("read", "write"))
    assert bob.patch(f"/v1/events/{event.id}", json={"status": "agreed"}).status_code == 403
    assert bob.post(f"/v1/events/{event.id}/reject", json={}).status_code == 403
