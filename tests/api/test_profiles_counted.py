"""Profiles of any events are what a naive count gives, and a large one takes no more work than a small one."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert
from sqlalchemy import event as hooks
from sqlalchemy.orm import Session

from api.resources.profiles import profile
from api.resources.profiles.schemas import ProfileQuery
from core.clock import SHANGHAI
from core.models import Event, Firm
from core.periods import span
from tests.api import rows
from tests.api.grants import GRANT

pytestmark = pytest.mark.usefixtures("environment")


@contextmanager
def _counted(session: Session) -> Iterator[dict[str, int]]:
    """How many statements the session sends, and how many rows come of them."""
    told, engine = {"statements": 0, "rows": 0}, session.get_bind()

    def after(_: Any, cursor: Any, *__: Any) -> None:
        told["statements"] += 1
        told["rows"] += max(cursor.rowcount, 0)

    hooks.listen(engine, "after_cursor_execute", after)
    try:
        yield told
    finally:
        hooks.remove(engine, "after_cursor_execute", after)


def test_a_large_banks_profile_takes_no_more_statements_and_rows_than_a_small_ones(session: Session) -> None:
    small, large = (rows.bank(session, name) for name in ("样例银行", "例样银行"))
    ids = session.scalars(insert(Firm).returning(Firm.id), [{"name": f"示例{number}号"} for number in range(300)]).all()
    given = {"instrument": "loan", "status": "granted", "tech": True, "confidence": 0.9, "regions": []}
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(600)]
    session.execute(insert(Event), [
        {"bank_id": large.id, "firm_id": ids[number % 300], "date_from": day, "date_to": day, **given}
        for number, day in enumerate(days)
    ])  # fmt: skip
    session.execute(insert(Event), [
        {"bank_id": small.id, "firm_id": ids[number], "date_from": day, "date_to": day, **given}
        for number, day in enumerate(days[:600:50])
    ])  # fmt: skip
    session.commit()
    counts = []
    for bank in (small, large):
        session.expunge_all()
        with _counted(session) as told:
            found = profile.of_bank(session, bank.id, ProfileQuery.model_validate({}))
        assert found["counterparties"]["ranked"] == (12 if bank is small else 300)
        counts.append(told)
    assert counts[0]["statements"] == counts[1]["statements"] <= 30
    assert counts[1]["rows"] <= counts[0]["rows"] + 5


# Against a naive count

SEEN = [
    datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC),
    datetime(2025, 12, 31, 16, tzinfo=UTC),
    datetime(2026, 1, 31, 16, tzinfo=UTC),
]
TELLING = st.fixed_dictionaries(
    {
        "grant": GRANT,
        "state": st.sampled_from(("live", "live", "live", "retracted")),
        "first_seen": st.sampled_from(SEEN),
        "region": st.sampled_from(([], ["江苏"], ["浙江", "杭州"])),
    }
)


def _events(tellings: list[dict[str, Any]], banks: list[UUID], firms: list[UUID]) -> list[dict[str, Any]]:
    """An event for each bank of a telling; of several banks, those that tell a sum share it."""
    found = []
    for number, telling in enumerate(tellings):
        grant = telling["grant"]
        least, most, currency = grant["sum"]
        first, last = span(grant["told"]) or (None, None)
        shared = len(grant["banks"]) > 1 and currency is not None
        for bank in sorted(grant["banks"]):
            found.append({
                "id": _id(len(found)), "bank_id": banks[bank], "state": telling["state"], "shared_amount": shared,
                "firm_id": None if grant["firm"] is None else firms[grant["firm"]], "confidence": 0.9,
                "amount_min": least, "amount_max": most, "currency": currency, "date": grant["told"],
                "date_from": first, "date_to": last, "facility_id": _id(900 + number) if shared else None,
                "regions": telling["region"], "first_seen": telling["first_seen"], "last_seen": telling["first_seen"],
                **{name: grant[name] for name in ("instrument", "status", "tech", "sector")},
            })  # fmt: skip
    return found


def _id(number: int) -> UUID:
    return UUID(f"00000000-0000-7000-8000-{number:012}")


Naive = dict[Any, tuple[int, dict[str, tuple[int, int]]]]


def _added(events: list[dict[str, Any]], key: Callable[[dict[str, Any]], Any]) -> Naive:
    """For each key how many grants, and each currency's least and most, a shared sum taken once."""
    grants: dict[Any, dict[Any, dict[str, Any]]] = {}
    for event in events:
        grants.setdefault(key(event), {})[event["facility_id"] or event["id"]] = event
    found: Naive = {}
    for name, once in grants.items():
        sums: dict[str, tuple[int, int]] = {}
        for event in (one for one in once.values() if one["currency"]):
            least, most = sums.get(event["currency"], (0, 0))
            lowest, highest = event["amount_min"], event["amount_max"]
            sums[event["currency"]] = (least + (lowest or 0), most + (lowest if highest is None else highest))
        found[name] = (len(once), sums)
    return found


def _told(rows: list[dict[str, Any]]) -> Naive:
    return {
        row["key"]: (row["count"], {one["currency"]: (one["min"], one["max"]) for one in row["sums"]}) for row in rows
    }


@given(st.lists(TELLING, max_size=12), st.sampled_from(("date", "first_seen")))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_profile_is_what_a_naive_count_gives(
    session: Session, register: tuple[list[UUID], list[UUID]], tellings: list[dict[str, Any]], time: str
) -> None:
    banks, firms = register
    session.expunge_all()
    session.execute(delete(Event))
    events = _events(tellings, banks, [firms[0], firms[1]])
    if events:
        session.execute(insert(Event), events)
    asked = ProfileQuery.model_validate({"time": time, "limit": 100})
    for bank in banks:
        told = profile.of_bank(session, bank, asked)
        live = [event for event in events if event["bank_id"] == bank and event["state"] == "live"]
        assert told["statuses"] == Counter(event["status"] for event in live)
        _is_at_the_ends(told, live)
        granted = ("granted", "agreed")
        counted = [one for one in live if one["status"] in granted and one["instrument"] != "cooperation"]
        assert _told([{**told["total"], "key": None}]) == (_added(counted, lambda _: None) or {None: (0, {})})
        for name, column in (("instruments", "instrument"), ("sectors", "sector")):
            assert _told(told[name]["rows"]) == _added(counted, itemgetter(column))
        assert _told(told["regions"]["rows"]) == _added(counted, lambda one: next(iter(one["regions"]), None))
        years = _added(counted, lambda one: _year(one, time))
        assert {"undated": years.pop(None, (0,))[0], "coarser": 0} == told["years"]["unplaced"]
        assert _told(told["years"]["rows"]) == years
        # the second firm was found to be the first one
        named = _added([one for one in counted if one["firm_id"]], lambda _: str(firms[0]))
        assert (_told(told["counterparties"]["rows"]), told["counterparties"]["ranked"]) == (named, len(named))
    session.rollback()


@pytest.fixture
def register(session: Session) -> tuple[list[UUID], list[UUID]]:
    """Three banks and two firms, of which the second was merged into the first."""
    banks = [rows.bank(session, name) for name in ("样例银行", "例样银行", "示范银行")]
    firm, other = (rows.firm(session, name) for name in ("曜石机器人", "曜石智能"))
    other.merged_into = firm.id
    session.commit()
    return [bank.id for bank in banks], [firm.id, other.id]


def _year(event: dict[str, Any], time: str) -> str | None:
    """What is told of these lies within one year, if it is told."""
    day = event["date_from"] if time == "date" else _seen(event)
    return f"{day:%Y}" if day else None


def _seen(event: dict[str, Any]) -> date:
    seen: datetime = event["first_seen"]
    return seen.astimezone(SHANGHAI).date()


def _is_at_the_ends(told: dict[str, Any], live: list[dict[str, Any]]) -> None:
    first = min(live, key=lambda one: (one["date_from"] or _seen(one), one["first_seen"], one["id"]), default=None)
    last = max(live, key=lambda one: (one["date_to"] or _seen(one), one["first_seen"], one["id"]), default=None)
    for name, event in (("first", first), ("last", last)):
        assert (told[name] and str(told[name]["id"])) == (event and str(event["id"]))
