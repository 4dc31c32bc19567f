"""A source that is dead, empty, changed, challenged or silent is told once, and is well again by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from alerts.post import close
from alerts.tell import tell
from core.http import AddressRefused, TimedOut, TooLarge
from core.models import Delivery, Notice, Source
from core.work import MATCH, queue_length
from ingest import health
from ingest.errors import BadFeed, BadStatus, Challenged, NoLinks, ReaderKilled
from ingest.health import Health, Known, judge
from ingest.health import Poll as Seen
from ingest.jobs import Polled
from tests.alerts import samples
from tests.fakes.origin import Answer, Origin
from tests.fakes.receiver import Receiver
from tests.ingest.polling import Poll, add_source, feed, item, poll

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AWAY = TimedOut("https://news.example: no complete answer in time")
NOTHING = NoLinks("https://news.example/list: no links to articles")


def known(**given: Any) -> Known:
    """A source that was polled and gave an article a minute ago, one every twenty minutes, for a month."""
    usual = {"last_success_at": NOW - timedelta(minutes=1), "last_item_at": NOW - timedelta(minutes=1)}
    return Known(**{"began": NOW - 30 * DAY, "held": True, "rhythm": 1200.0, **usual, **given})


def state(known: Known, seen: Seen) -> str:
    return judge(known, seen, NOW)[0].state


@pytest.mark.parametrize(
    "error", [AWAY, BadStatus("answered with status 404"), AddressRefused("refused"), TooLarge("more than 15 MiB")]
)
def test_a_source_without_a_usable_answer_for_hours_is_dead(error: Exception) -> None:
    long_ago = NOW - 4 * HOUR
    assert state(known(failures=4, last_success_at=long_ago), Seen(error=error)) == "dead"
    assert state(known(failures=3, last_success_at=long_ago), Seen(error=error)) == "ok"  # too few polls
    assert state(known(failures=9, last_success_at=NOW - 2 * HOUR), Seen(error=error)) == "ok"  # not yet for long


def test_a_dead_source_is_told_with_its_last_answer_and_its_error() -> None:
    found, _ = judge(known(failures=6, last_success_at=NOW - 5 * HOUR), Seen(error=AWAY), NOW)
    assert found.since == NOW
    assert found.reason == (
        "no usable answer since 2026-03-02 04:00 UTC, at 7 polls one after another: "
        "https://news.example: no complete answer in time"
    )


def test_a_source_that_never_answered_is_dead_some_hours_after_it_was_added() -> None:
    never: dict[str, Any] = {"last_success_at": None, "last_item_at": None, "held": False, "rhythm": None}
    assert state(known(began=NOW - HOUR, failures=9, **never), Seen(error=AWAY)) == "ok"
    found, _ = judge(known(began=NOW - 4 * HOUR, failures=9, **never), Seen(error=AWAY), NOW)
    assert (found.state, "since it was added" in str(found.reason)) == ("dead", True)


@pytest.mark.parametrize("error", [NOTHING, BadFeed("an HTML page"), ReaderKilled("took longer than 20 s")])
def test_where_nothing_is_found_any_more_the_layout_has_changed(error: Exception) -> None:
    first, since = judge(known(), Seen(error=error), NOW)
    assert (first.state, since) == ("ok", NOW)
    later, still = judge(known(hollow_since=NOW - HOUR), Seen(error=error), NOW)
    assert (later.state, still) == ("changed", NOW - HOUR)
    assert str(error) in str(later.reason)


def test_where_nothing_was_ever_found_the_source_is_empty() -> None:
    never: dict[str, Any] = {"last_item_at": None, "held": False, "rhythm": None, "hollow_since": NOW - HOUR}
    for nothing in (Seen(items=0), Seen(items=None), Seen(error=NOTHING)):
        assert state(known(**never), nothing) == "empty"
    assert judge(known(**never), Seen(items=3, stored=0), NOW) == (Health(), None)


def test_a_feed_that_lists_one_day_is_well_on_a_day_without_news() -> None:
    assert judge(known(hollow_since=None), Seen(items=0), NOW) == (Health(), None)


def test_a_challenge_is_told_at_the_third_poll_that_meets_it() -> None:
    wall = Seen(error=Challenged("https://news.example/: a challenge page, not the content"))
    assert state(known(failures=1), wall) == "ok"
    assert state(known(failures=2), wall) == "challenged"


@pytest.mark.parametrize(
    ("rhythm", "silence", "told"),
    [
        (600.0, 2 * DAY, "ok"),  # a weekend
        (600.0, 4 * DAY, "silent"),
        (7200.0, 9 * DAY, "ok"),  # it keeps office hours, and these are the longest holidays
        (7200.0, 11 * DAY, "silent"),
        (7 * 86_400.0, 60 * DAY, "ok"),  # it writes once a week
        (7 * 86_400.0, 71 * DAY, "silent"),
        (None, 500 * DAY, "ok"),  # nobody knows its rhythm
    ],
)
def test_a_source_is_silent_when_it_is_so_for_far_longer_than_its_rhythm(
    rhythm: float | None, silence: timedelta, told: str
) -> None:
    quiet = known(rhythm=rhythm, last_item_at=NOW - silence)
    assert state(quiet, Seen(items=20)) == state(quiet, Seen(items=None)) == told
    assert state(quiet, Seen(items=20, stored=1)) == "ok"


def test_silence_is_told_with_the_rhythm_that_it_breaks() -> None:
    found, _ = judge(known(rhythm=5400.0, last_item_at=NOW - 12 * DAY), Seen(items=20), NOW)
    assert found.reason == "no new article since 2026-02-18 09:00 UTC; before, one came every 90 minutes"


@pytest.mark.parametrize("trouble", ["dead", "challenged", "changed", "empty", "silent"])
def test_trouble_ends_with_the_first_poll_that_shows_the_contrary(trouble: str) -> None:
    in_trouble = known(health=Health(trouble, NOW - DAY, "why"), failures=9, hollow_since=NOW - DAY)
    assert judge(in_trouble, Seen(items=3, stored=1), NOW) == (Health("ok", NOW, None), None)


@pytest.mark.parametrize("trouble", ["dead", "challenged", "changed", "silent"])
@pytest.mark.parametrize("error", [AWAY, NOTHING])
def test_trouble_stands_while_nothing_shows_the_contrary(trouble: str, error: Exception) -> None:
    before = Health(trouble, NOW - DAY, "why")
    assert judge(known(health=before), Seen(error=error), NOW)[0] is before


# ------------------------------------------------------------------------------------------- with a source of our own


def notices(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    found = session.scalars(select(Notice).where(Notice.source_id.is_not(None)).order_by(Notice.id))
    return [(one.kind, (one.facts or {})["health"]) for one in found]


def later(session: Session, time: timedelta) -> None:
    """As if the source had been polled last that long ago."""
    moved = {name: getattr(Source, name) - time for name in ("last_success_at", "hollow_since", "first_polled_at")}
    session.execute(update(Source).values(moved))
    session.commit()


def test_a_source_that_dies_and_comes_back_is_told_twice_in_all(out: Poll, session: Session, origin: Origin) -> None:
    add_source(session, origin.url("/feed"))
    origin.add("/feed", body=feed(item(1)))
    poll(out, session)
    assert notices(session) == []
    origin.add("/feed", status=500)
    for _ in range(8):
        later(session, HOUR)
        poll(out, session)
    assert notices(session) == [("source.troubled", "dead")]
    source = session.scalars(select(Source)).one()
    assert source.health == "dead" and source.health_since is not None
    assert "answered with status 500" in str(source.health_reason)
    origin.add("/feed", body=feed(item(1), item(2)))
    poll(out, session)
    poll(out, session)
    assert notices(session) == [("source.troubled", "dead"), ("source.recovered", "ok")]
    source = session.scalars(select(Source)).one()
    assert (source.health, source.health_reason) == ("ok", None)
    assert queue_length(MATCH.queue) == 2


def test_trouble_travels_from_the_poll_to_whoever_asked(out: Poll, session: Session, origin: Origin) -> None:
    source = add_source(session, origin.url("/feed"), failures=8)
    origin.add("/feed", status=500)
    with Receiver() as receiver:
        samples.watch(session, samples.webhook(session, receiver.url), name="来源", triggers=["source"])
        poll(out, session)
        [notice] = session.scalars(select(Notice))
        tell(notice.id)
        close()
    [got] = receiver.received
    assert (got.json["type"], got.json["data"]["health"]) == ("source.troubled", "dead")
    assert got.json["data"]["source"] == {"id": str(source.id), "name": "样例", "url": source.url, "kind": "rss"}
    assert "answered with status 500" in got.json["data"]["reason"]
    [delivery] = session.scalars(select(Delivery))
    assert (delivery.state, delivery.source_id, delivery.article_id) == ("done", source.id, None)


def test_a_source_that_is_never_well_is_told_once(out: Poll, session: Session, origin: Origin) -> None:
    add_source(session, origin.url("/feed"), first_polled_at=None, last_success_at=None)
    answers = [Answer(404), Answer(200, b"<html><body>wait</body></html>"), Answer(200, feed()), Answer(500)]
    for turn in range(16):
        origin.add("/feed", answers[turn // 4])
        later(session, 2 * HOUR)
        poll(out, session)
    assert len(notices(session)) == 1


def test_a_feed_that_becomes_a_page_has_changed_and_is_well_again_as_a_feed(
    out: Poll, session: Session, origin: Origin
) -> None:
    add_source(session, origin.url("/feed"))
    origin.add("/feed", body=feed(item(1)))
    poll(out, session)
    origin.add("/feed", body=b"<!doctype html><html><body><p>new site</p></body></html>")
    for _ in range(3):
        poll(out, session)
        later(session, HOUR)
    assert notices(session) == [("source.troubled", "changed")]
    origin.add("/feed", body=feed(item(1)))
    poll(out, session)
    assert notices(session)[1:] == [("source.recovered", "ok")]


def test_while_we_are_cut_off_ourselves_no_source_is_dead(environment: dict[str, str], session: Session) -> None:
    """Of eleven sources none answers: that is our own way out."""
    before = {"last_success_at": datetime.now(UTC) - 5 * HOUR}
    mine = add_source(session, "https://news.example/feed", failures=9, **before)
    for number in range(10):
        add_source(session, f"https://other{number}.example/feed", **before)
    away = Polled(mine, datetime.now(UTC), 60.0, reason=str(AWAY), error=AWAY)
    health.record(session, [away])
    assert notices(session) == []
    session.execute(text("UPDATE source SET last_success_at = now() WHERE url LIKE 'https://other3%'"))
    health.record(session, [away])
    assert notices(session) == [("source.troubled", "dead")]


def test_two_polls_that_see_the_same_trouble_tell_it_once(session: Session) -> None:
    """As when a lease ran out and another process polled the source too."""
    source = add_source(session, "https://news.example/feed", failures=9, last_success_at=NOW - 30 * DAY)
    session.expunge(source)
    for _ in range(2):
        health.record(session, [Polled(source, datetime.now(UTC), 60.0, reason=str(AWAY), error=AWAY)])
    assert notices(session) == [("source.troubled", "dead")]


def test_a_notice_and_its_source_go_together(session: Session) -> None:
    source = add_source(session, "https://news.example/feed", failures=9, last_success_at=NOW - 30 * DAY)
    health.record(session, [Polled(source, datetime.now(UTC), 60.0, reason=str(AWAY), error=AWAY)])
    session.commit()
    assert len(notices(session)) == 1
    session.execute(text("DELETE FROM source"))
    assert notices(session) == []
