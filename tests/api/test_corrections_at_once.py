"""Corrections beside one another and beside the machine: each holds the bank that an event goes from, and to."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from api.resources.corrections.correct import correct
from api.resources.corrections.schemas import CorrectionIn
from core import database
from core.models import Bank, Event, EventVersion, Subscriber
from tests.api import rows

NORTH, SOUTH, EAST = "北山样例银行", "南山样例银行", "东山样例银行"
_WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


@pytest.fixture
def event(session: Session) -> Event:
    banks = [rows.bank(session, name) for name in (NORTH, SOUTH, EAST)]
    return rows.event(session, banks[0], rows.firm(session))


@contextmanager
def merging(*banks: str) -> Iterator[Session]:
    """A transaction that holds banks as merging an article's events does."""
    with database.transaction() as session:
        for bank in banks:
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"bank {bank}", 0))))
        yield session


def free(bank: str) -> bool:
    with database.transaction() as session:
        return bool(session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended(f"bank {bank}", 0)))))


def until_waiting(session: Session, count: int) -> None:
    """Until so many transactions wait for a lock that another holds."""
    until = time.monotonic() + 30
    while int(session.scalar(_WAITING) or 0) < count:
        assert time.monotonic() < until, "nobody waits"
        time.sleep(0.01)


def test_two_corrections_of_one_events_bank_follow_one_another(
    alice: httpx.Client, session: Session, event: Event
) -> None:
    with ThreadPoolExecutor(2) as both:
        with merging(NORTH) as other:
            answers = [both.submit(alice.patch, f"/v1/events/{event.id}", json={"bank": to}) for to in (SOUTH, EAST)]
            until_waiting(other, 2)
        assert [one.result().status_code for one in answers] == [200, 200]
    versions = session.scalars(select(EventVersion).order_by(EventVersion.version)).all()
    called = [one.facts["bank"] for one in versions]
    assert called[0] == NORTH and set(called[1:]) == {SOUTH, EAST}
    assert [one.previous["bank"] for one in versions if one.previous] == called[:2]


def test_no_article_is_merged_into_the_bank_that_an_event_is_given_to_meanwhile(
    alice: httpx.Client, session: Session, event: Event
) -> None:
    with ThreadPoolExecutor(1) as one:
        with merging(SOUTH) as other:
            answer = one.submit(alice.patch, f"/v1/events/{event.id}", json={"bank": SOUTH})
            until_waiting(other, 1)
            assert session.scalar(select(Bank.name).join(Event)) == NORTH
        assert answer.result().json()["bank"]["name"] == SOUTH


def test_what_is_held_are_the_banks_as_they_are_once_they_are_held(
    alice: httpx.Client, session: Session, event: Event
) -> None:
    by = session.scalars(select(Subscriber.id)).one()

    def changed() -> tuple[str, list[str]]:
        with database.transaction() as own:
            seen = correct(own, event.id, by, CorrectionIn.model_validate({"bank": EAST}))
            return seen.bank.name, [bank for bank in (NORTH, SOUTH, EAST) if not free(bank)]

    with ThreadPoolExecutor(1) as one:
        with merging(NORTH) as other:
            answer = one.submit(changed)
            until_waiting(other, 1)
            other.get_one(Event, event.id).bank_id = _id(other, SOUTH)
        assert answer.result() == (EAST, [SOUTH, EAST])


def test_a_released_event_goes_back_to_a_bank_that_is_held(alice: httpx.Client, session: Session, event: Event) -> None:
    alice.patch(f"/v1/events/{event.id}", json={"bank": SOUTH})
    with ThreadPoolExecutor(1) as one:
        with merging(NORTH) as other:
            answer = one.submit(alice.post, f"/v1/events/{event.id}/release", json={})
            until_waiting(other, 1)
            assert session.scalar(select(Bank.name).join(Event)) == SOUTH
        assert answer.result().json()["bank"]["name"] == NORTH


def _id(session: Session, bank: str) -> UUID:
    return session.scalars(select(Bank.id).where(Bank.name == bank)).one()
