"""What waits is told once, in one message, when its list may be told; nothing of it lives in memory."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from alerts import digest_store, digest_view
from alerts.channels._bot import composed
from alerts.channels._mail import compose, gather
from alerts.channels.base import Letter
from alerts.digest import make
from alerts.match import match
from alerts.timing import Wait
from core import clock, work
from core.models import (
    Article,
    Channel,
    Delivery,
    Digest,
    DigestItem,
    Event,
    EventVersion,
    Mention,
    Notice,
    Watchlist,
)
from core.settings import settings
from core.views import facts
from tests.alerts import samples

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in China
DAILY: dict[str, Any] = {"rhythm": "daily", "rhythm_time": time(8, 30)}
_passes = count()
WORK: dict[str, Any] = {"hours": [{"days": [1, 2, 3, 4, 5], "from": "08:30", "until": "18:00"}]}


class Clock:
    """The present moment, as matching sees it."""

    moment = MONDAY

    def set(self, day: int, hour: int, minute: int = 0) -> None:
        """A day of March 2026 (the 2nd is a Monday), on China's clocks."""
        self.moment = datetime(2026, 3, day, hour, minute, tzinfo=clock.SHANGHAI).astimezone(UTC)


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(clock, "now", lambda: made.moment)
    return made


@pytest.fixture
def hook(session: Session) -> Channel:
    return samples.webhook(session, "http://127.0.0.1:9/")


def tell(session: Session, notice: Notice) -> None:
    session.commit()
    assert work.attempt(work.MATCH, notice.id, match) == "done"


def deliveries(session: Session) -> list[Any]:
    session.expire_all()
    return list(session.scalars(select(Delivery).order_by(Delivery.created_at, Delivery.id)))


def bodies(session: Session) -> list[Any]:
    return [json.loads(row.body) for row in deliveries(session)]


def ends(session: Session) -> list[str]:
    """When what waits is due, on China's clocks."""
    session.expire_all()
    found = session.scalars(select(Digest.ends_at).where(Digest.state == "open").order_by(Digest.ends_at))
    return [f"{one.astimezone(clock.SHANGHAI):%d %H:%M}" for one in found]


def pass_time(session: Session) -> list[UUID]:
    """Let every digest be due, and make them."""
    ago = timedelta(days=3650, minutes=next(_passes))  # no two digests of a test meet in the past
    past = {"ends_at": Digest.ends_at - ago, "due_at": Digest.due_at - ago}
    session.execute(update(Digest).where(Digest.state == "open").values(past))
    session.commit()
    found = list(session.scalars(select(Digest.id).where(Digest.state == "open").order_by(Digest.ends_at)))
    for one in found:
        make(one)
    return found


def change(session: Session, event: Event, **columns: Any) -> Notice:
    """A new version of an event, as the extractor makes it."""
    before = facts(event)
    for name, value in columns.items():
        setattr(event, name, value)
    event.version += 1
    session.flush()
    after, kind = facts(event), "event.retracted" if event.state == "retracted" else "event.updated"
    previous = {name: old for name, old in before.items() if old != after[name]}
    session.add(EventVersion(event_id=event.id, version=event.version, type=kind, facts=after, previous=previous))
    first = session.scalars(select(Notice).where(Notice.event_id == event.id)).first()
    assert first is not None
    notice = Notice(kind=kind, event_id=event.id, version=event.version, article_id=first.article_id)
    session.add(notice)
    return notice


def mention(session: Session, number: int, name: str = "北海银行") -> Notice:
    """An article in which a name stands, and its notice."""
    article = Article(
        title=f"{name}第{number}号公告",
        text=f"{name}昨日公告。",
        content_hash=f"m{number}",
        state="done",
        source_name="s",
    )
    session.add(article)
    session.flush()
    kind = "bank" if name.endswith("银行") else "firm"
    session.add(Mention(article_id=article.id, kind=kind, name=name, start=0, end=len(name), where="text"))
    notice = Notice(kind="mention", article_id=article.id)
    session.add(notice)
    return notice


# ---- a rhythm ----


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


# ---- rows ----


def test_two_workers_make_one_digest_and_one_for_all_periods_that_were_missed(
    session: Session, hook: Channel, present: Clock
) -> None:
    samples.watch(session, hook, banks=["北海银行"], triggers=["mention"], rhythm="hourly")
    for number, hour in enumerate((10, 11, 12, 13)):
        present.set(2, hour, 30)
        tell(session, mention(session, number))
    due = ends(session)
    assert due == ["02 11:00", "02 12:00", "02 13:00", "02 14:00"]
    ids = list(session.scalars(select(Digest.id)))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make, ids * 2))
    [body] = bodies(session)
    assert len(body["data"]["items"]) == 4
    assert {row.state for row in session.scalars(select(Digest))} == {"done"}


def test_a_worker_killed_while_it_makes_a_digest_has_told_nothing_and_the_sweep_finds_it(
    session: Session, hook: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples.watch(session, hook, banks=["北海银行"], **DAILY)
    tell(session, samples.event(session)[1])
    [row] = session.scalars(select(Digest))
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr("alerts.digest_store.enter", interrupt)
        make(row.id)
    assert deliveries(session) == []
    session.execute(update(Digest).values(lease_until=func.now() - timedelta(seconds=1)))
    session.commit()
    assert work.sweep(work.DIGEST) == 1
    make(row.id)
    assert [one.type for one in deliveries(session)] == ["digest"]


def interrupt(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_a_notice_that_comes_when_the_digest_was_just_made_is_told_by_another(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, banks=["北海银行"], triggers=["mention"], **DAILY)
    tell(session, mention(session, 1))
    [row] = session.scalars(select(Digest))
    make(row.id)
    tell(session, mention(session, 2))  # matched with the clock of before
    assert ends(session) == ["03 08:30"]
    assert work.sweep(work.DIGEST) == 1
    make(row.id)
    assert [len(body["data"]["items"]) for body in bodies(session)] == [1, 1]


def test_a_digest_of_very_much_is_bounded_and_counts_the_rest(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, banks=["北海银行"], triggers=["mention"], **DAILY)
    notices = [mention(session, number) for number in range(205)]
    session.commit()
    [row] = session.scalars(select(Watchlist))
    for notice in notices:
        digest_store.keep(session, notice.id, kept(row, hook), Wait(MONDAY, "rhythm"), said(notice))
    session.commit()
    pass_time(session)
    [body] = bodies(session)
    assert len(body["data"]["items"]) == 200
    assert (body["data"]["left_out"], body["data"]["counts"]["mentions"]) == (5, 205)


def kept(row: Watchlist, channel: Channel) -> Any:
    return SimpleNamespace(watchlist_id=row.id, channel_id=channel.id)


def said(notice: Notice) -> dict[str, Any]:
    article = {"id": str(notice.article_id), "title": "t", "url": None, "published": None}
    return {"article": article, "mentions": [{"kind": "bank", "name": "北海银行", "quote": "q"}]}


def test_an_event_that_was_merged_is_told_as_the_one_that_it_became(session: Session, hook: Channel) -> None:
    samples.watch(session, hook, banks=["北海银行"], **DAILY)
    event, notice = samples.event(session)
    twin = Event(**{name: getattr(event, name) for name in ("bank_id", "firm_id", "instrument", "status", "tech")})
    twin.confidence, twin.state, twin.merged_into = 0.9, "merged", event.id
    session.add(twin)
    session.flush()
    session.add(EventVersion(event_id=twin.id, version=1, type="event.created", facts={}))
    other = Notice(kind="event.created", event_id=twin.id, version=1, article_id=notice.article_id)
    session.add(other)
    tell(session, notice)
    tell(session, other)
    pass_time(session)
    [body] = bodies(session)
    assert [one["data"]["event"]["id"] for one in body["data"]["items"]] == [str(event.id)]


# ---- words ----


def digest_of(session: Session, channel: Channel) -> Letter:
    """A digest of a changed event and three articles, as its channel sends it."""
    samples.watch(session, channel, banks=["北海银行"], triggers=["event", "mention"], **DAILY)
    event, notice = samples.event(session)
    tell(session, notice)
    pass_time(session)
    tell(session, change(session, event, status="agreed"))
    for number in range(3):
        tell(session, mention(session, number))
    pass_time(session)
    return Letter(id="1", body=deliveries(session)[-1].body, config={"to": "reader@example.org"}, secret="s")


def test_a_digest_by_mail_tells_each_entry_with_its_quote_and_what_changed(session: Session, hook: Channel) -> None:
    message = compose(digest_of(session, hook), settings())
    assert message["subject"].startswith("【银企】摘要（") and message["subject"].endswith("）：事件1件，提及3篇")
    assert message["references"] is None
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        said = re.sub(r"</?strong[^>]*>", "", part.get_content())  # facts are marked in quotes
        for words in (
            "事件更新",
            "状态：已发放 → 已获批",
            samples.TEXT[3:-1],
            "北海银行昨日公告。",
            "北海银行第2号公告",
        ):
            assert words in said


def test_a_digest_by_bot_fits_its_parts_and_says_how_much_does_not(session: Session, hook: Channel) -> None:
    letter = digest_of(session, hook)
    [(title, text)] = composed([letter], 4000)
    assert title.startswith("【银企】摘要（") and "事件1件，提及3篇" in title
    assert f"> “{samples.TEXT[3:-1]}”" in text and "2. [提及 北海银行：北海银行第0号公告](" in text
    body = json.loads(letter.body)
    body["data"]["items"] = body["data"]["items"][:1] * 200
    body["data"]["left_out"] = 7
    much = replace(letter, body=json.dumps(body))
    parts = composed([much], 4000)
    assert len(parts) == 3 and all(len(f"### {title}\n\n{text}".encode()) <= 4000 for title, text in parts)
    lines = sum(text.count(f"{settings().public_url}/events/") for _, text in parts)
    assert lines > 30 and f"另有{207 - lines}条未列出" in parts[-1][1]


def test_a_digest_among_gathered_alerts_keeps_its_entries(session: Session, hook: Channel) -> None:
    letter = digest_of(session, hook)
    first = replace(letter, id="0", body=json.dumps(json.loads(letter.body)["data"]["items"][0]))
    [(_, text)] = composed([first, letter], 4000)
    html = gather([first, letter], settings()).get_body(("html",))
    assert html is not None
    for said in (text, html.get_content()):
        assert "北海银行第0号公告" in said and "北海银行第2号公告" in said


def test_further_evidence_is_told_to_who_asked_for_it_and_knows_the_event() -> None:
    ids = {"event_id": UUID(int=1), "article_id": UUID(int=2)}
    item = SimpleNamespace(kind="event.evidence", name="w", created_at=MONDAY, **ids)
    view = {"id": str(UUID(int=1)), "state": "live", "status": "granted", "evidence": [{"quote": n} for n in range(5)]}
    told = digest_view.event([item], view, version=1, told={"status": "granted"})
    assert told is not None and (told.type, told.version, told.data["previous"]) == ("event.evidence", None, None)
    assert [one["quote"] for one in told.data["event"]["evidence"]] == [2, 3, 4]  # what is new, not what it knows
    created = digest_view.event([item], view, version=1, told=None)
    assert created is not None and created.type == "event.created"
    item.kind = "event.updated"
    assert digest_view.event([item], view, version=1, told={"status": "granted"}) is None
