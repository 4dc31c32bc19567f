"""What waits is told once, in one message, when its list may be told, as it is by then."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.digest import make
from core import work
from core.models import Channel, Digest
from tests.alerts import samples
from tests.alerts.digests import DAILY, WORK, bodies, change, deliveries, ends, mention, pass_time, tell

pytestmark = pytest.mark.usefixtures("present")


def test_a_daily_list_is_told_once_at_its_time_of_all_that_came(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, banks=["北海银行"], triggers=["event", "mention"], **DAILY)
    tell(session, samples.event(session)[1])
    tell(session, mention(session, 1))
    assert deliveries(session) == [] and ends(session) == ["03 08:30"]
    pass_time(session)
    [row], [body] = deliveries(session), bodies(session)
    assert (row.type, row.watchlists, row.event_id, row.article_id) == ("digest", ["list"], None, None)
    assert [one["type"] for one in body["data"]["items"]] == ["event.created", "mention.created"]
    event, article = (one["data"] for one in body["data"]["items"])
    assert event["event"]["evidence"][0]["quote"] == samples.TEXT[3:-1]
    assert article["mentions"] == [{"kind": "bank", "name": "北海银行", "quote": "北海银行昨日公告。"}]
    assert body["data"]["counts"] == {"events": 1, "sources": 0, "mentions": 1}
    assert work.queue_length("alerts") == 1  # announced at once
    assert pass_time(session) == []


@pytest.mark.parametrize(
    ("columns", "due"),
    [
        ({"rhythm": "hourly"}, "02 11:00"),
        ({"rhythm": "daily", "rhythm_time": time(8, 30)}, "03 08:30"),
        ({"rhythm": "daily", "rhythm_time": time(10, 1)}, "02 10:01"),
        ({"rhythm": "weekly", "rhythm_time": time(9), "rhythm_day": 1}, "09 09:00"),
        ({"rhythm": "daily", "rhythm_time": time(9), "zone": "Europe/Berlin"}, "02 16:00"),
        ({"rhythm": "daily", "rhythm_time": time(20), **WORK}, "03 08:30"),  # out of its hours: it waits for them
        ({"rhythm": "weekly", "rhythm_time": time(9), "rhythm_day": 6, **WORK}, "09 08:30"),
    ],
)
def test_a_digest_is_due_when_its_list_says(session: Session, hook: Channel, columns: Any, due: str) -> None:
    samples.watch(session, hook, banks=["北海银行"], **columns)
    tell(session, samples.event(session)[1])
    assert ends(session) == [due]


def test_an_event_that_changed_meanwhile_is_told_once_as_it_is_now(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, banks=["北海银行"], **DAILY)
    event, notice = samples.event(session)
    tell(session, notice)
    tell(session, change(session, event, status="agreed"))
    pass_time(session)
    [body] = bodies(session)
    [told] = body["data"]["items"]
    assert (told["type"], told["data"]["previous"]) == ("event.created", None)
    assert (told["data"]["event"]["version"], told["data"]["event"]["status"]) == (2, "agreed")


def test_an_event_that_came_and_went_is_not_told_and_an_empty_digest_is_not_sent(
    session: Session, hook: Channel
) -> None:
    samples.watch(session, hook, banks=["北海银行"], **DAILY)
    event, notice = samples.event(session)
    tell(session, notice)
    tell(session, change(session, event, state="retracted"))
    pass_time(session)
    assert deliveries(session) == []
    assert {row.state for row in session.scalars(select(Digest))} == {"done"}


def test_the_next_digest_tells_what_changed_since_the_last_one(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, banks=["北海银行"], **DAILY)
    event, notice = samples.event(session)
    tell(session, notice)
    pass_time(session)
    for status in ("agreed", "planned"):
        tell(session, change(session, event, status=status))
    pass_time(session)
    [told] = bodies(session)[1]["data"]["items"]
    assert (told["type"], told["data"]["previous"]) == ("event.updated", {"status": "granted"})
    tell(session, change(session, event, status="agreed"))
    tell(session, change(session, event, status="planned"))
    pass_time(session)
    assert len(bodies(session)) == 2  # it is again as the channel knows it


def test_who_was_told_by_a_digest_hears_that_the_event_no_longer_stands(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, banks=["北海银行"], **DAILY)
    event, notice = samples.event(session)
    tell(session, notice)
    pass_time(session)
    tell(session, change(session, event, state="retracted"))
    assert ends(session) == ["03 08:30"]
    pass_time(session)
    [told] = bodies(session)[1]["data"]["items"]
    assert (told["type"], told["data"]["event"]["state"]) == ("event.retracted", "retracted")


def test_two_lists_of_one_channel_are_one_digest_that_names_both(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, name="banks", banks=["北海银行"], **DAILY)
    samples.watch(session, hook, name="firms", firms=["青禾智造"], **DAILY)
    tell(session, samples.event(session)[1])
    pass_time(session)
    [body] = bodies(session)
    assert [one["data"]["watchlists"] for one in body["data"]["items"]] == [["banks", "firms"]]


def test_what_one_list_tells_at_once_no_digest_tells_again(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, name="digest", banks=["北海银行"], **DAILY)
    event, notice = samples.event(session)
    tell(session, notice)
    samples.watch(session, hook, name="at once", firms=["青禾智造"])
    tell(session, change(session, event, status="agreed"))
    [now] = deliveries(session)
    assert (now.version, sorted(now.watchlists)) == (2, ["at once", "digest"])
    pass_time(session)
    assert len(deliveries(session)) == 1


def test_the_later_of_two_digests_does_not_tell_it_again(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, name="day", banks=["北海银行"], **DAILY)
    samples.watch(session, hook, name="hour", firms=["青禾智造"], rhythm="hourly")
    tell(session, samples.event(session)[1])
    assert ends(session) == ["02 11:00", "03 08:30"]
    hour, day = session.scalars(select(Digest).order_by(Digest.ends_at))
    day.ends_at = day.due_at = datetime(2199, 1, 1, tzinfo=UTC)
    session.commit()
    make(hour.id)
    make(day.id)  # a message that came too early
    pass_time(session)
    [body] = bodies(session)
    assert body["data"]["watchlists"] == ["hour"]
