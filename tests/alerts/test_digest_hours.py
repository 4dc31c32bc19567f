"""When a list does not tell at once: outside its hours, while it is muted, and beyond its cap of mentions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from alerts.match import match
from core import work
from core.models import Channel, Digest, DigestItem
from tests.alerts import samples
from tests.alerts.digests import DAILY, MONDAY, WORK, Clock, bodies, change, deliveries, ends, mention, pass_time, tell

pytestmark = pytest.mark.usefixtures("present")

# ---- hours ----


def test_outside_its_hours_a_list_waits_and_few_alerts_then_come_as_ever(
    session: Session, hook: Channel, present: Clock
) -> None:
    samples.watch(session, hook, banks=["北海银行"], triggers=["event", "mention"], **WORK)
    present.set(6, 18)  # a Friday evening
    event, notice = samples.event(session)
    tell(session, notice)
    tell(session, change(session, event, status="agreed"))
    tell(session, mention(session, 1))
    assert deliveries(session) == [] and ends(session) == ["09 08:30"]
    pass_time(session)
    first, second = deliveries(session)
    assert (first.type, first.event_id, first.version) == ("event.created", event.id, 2)
    assert (second.type, second.article_id is None) == ("mention.created", False)
    assert bodies(session)[0]["data"]["event"]["status"] == "agreed"
    present.set(9, 9)
    tell(session, mention(session, 2))
    assert len(deliveries(session)) == 3  # in its hours it is told at once


def test_what_waited_for_the_hours_comes_in_one_message_if_it_is_much(
    session: Session, hook: Channel, present: Clock
) -> None:
    samples.watch(session, hook, banks=["北海银行"], triggers=["mention"], **WORK)
    present.set(7, 12)
    for number in range(6):
        tell(session, mention(session, number))
    pass_time(session)
    [body] = bodies(session)
    assert (body["type"], len(body["data"]["items"])) == ("digest", 6)


# ---- mute ----


def test_a_muted_list_is_told_nothing_keeps_nothing_and_awakes_by_itself(
    session: Session, hook: Channel, present: Clock
) -> None:
    samples.watch(
        session, hook, banks=["北海银行"], triggers=["event", "mention"], muted_until=MONDAY + timedelta(hours=1)
    )
    tell(session, samples.event(session)[1])
    tell(session, mention(session, 1))
    assert deliveries(session) == [] and ends(session) == []
    present.set(2, 11)
    tell(session, mention(session, 2))
    assert [row.type for row in deliveries(session)] == ["mention.created"]


@pytest.mark.parametrize(
    "columns",
    [{"muted_until": datetime(2199, 1, 1, tzinfo=UTC)}, {"enabled": False}, {"channels": []}],
    ids=["muted", "switched off", "sends elsewhere"],
)
def test_what_waits_for_a_list_that_is_not_told_any_more_is_dropped(
    session: Session, hook: Channel, columns: dict[str, Any]
) -> None:
    row = samples.watch(session, hook, banks=["北海银行"], **DAILY)
    tell(session, samples.event(session)[1])
    for name, value in columns.items():
        setattr(row, name, value)
    session.commit()
    pass_time(session)
    assert deliveries(session) == []
    assert session.scalar(select(func.count()).select_from(DigestItem)) == 0


def test_a_deleted_list_takes_what_waits_along_and_a_deleted_channel_its_digests(
    session: Session, hook: Channel
) -> None:
    other = samples.webhook(session, "http://127.0.0.1:9/", name="other")
    gone = samples.watch(session, hook, name="gone", banks=["北海银行"], **DAILY)
    samples.watch(session, other, name="stays", banks=["北海银行"], **DAILY)
    tell(session, samples.event(session)[1])
    session.delete(gone)
    session.commit()
    pass_time(session)
    assert [row.channel_id for row in deliveries(session)] == [other.id]
    tell(session, mention(session, 1))
    session.execute(delete(Channel).where(Channel.id == other.id))
    session.commit()
    assert session.scalars(select(Digest.channel_id)).all() == [hook.id]


def test_another_rhythm_or_zone_counts_from_the_next_alert_on(session: Session, hook: Channel) -> None:
    row = samples.watch(session, hook, banks=["北海银行"], triggers=["event", "mention"], **DAILY)
    tell(session, mention(session, 1))
    row.zone, row.rhythm = "Europe/Berlin", "hourly"
    session.commit()
    tell(session, mention(session, 2))
    assert ends(session) == ["02 11:00", "03 08:30"]  # the first waits as it was to


# ---- the cap ----


def test_mentions_beyond_the_cap_are_the_days_digest_and_the_next_day_begins_anew(
    session: Session, hook: Channel, present: Clock
) -> None:
    samples.watch(session, hook, banks=["北海银行"], triggers=["event", "mention"], mention_cap=3)
    for number in range(5):
        tell(session, mention(session, number))
    assert len(deliveries(session)) == 3 and ends(session) == ["03 00:00"]
    tell(session, samples.event(session)[1])
    assert deliveries(session)[-1].type == "event.created"  # events have no cap
    pass_time(session)
    assert [one["data"]["article"]["title"] for one in bodies(session)[-1]["data"]["items"]] == [
        "北海银行第3号公告",
        "北海银行第4号公告",
    ]
    present.set(3, 0)
    tell(session, mention(session, 9))
    assert deliveries(session)[-1].type == "mention.created"


def test_the_overflow_comes_at_the_lists_own_time_where_it_has_one(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, banks=["北海银行"], triggers=["mention"], mention_cap=0, rhythm_time=time(17, 30))
    tell(session, mention(session, 1))
    assert deliveries(session) == [] and ends(session) == ["02 17:30"]


def test_two_workers_at_once_keep_the_cap_exactly(session: Session, hook: Channel) -> None:
    for name in ("one", "two"):
        samples.watch(session, hook, name=name, banks=["北海银行"], triggers=["mention"], mention_cap=7)
    notices = [mention(session, number) for number in range(24)]
    session.commit()
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda one: work.attempt(work.MATCH, one.id, match), notices))
    assert set(done) == {"done"}
    assert len(deliveries(session)) == 7
    assert session.scalar(select(func.count()).select_from(DigestItem)) == 2 * (24 - 7)
