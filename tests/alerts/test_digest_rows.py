"""A digest lives in rows and none of it in memory: it is made once, by however many workers, whichever is killed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from alerts import digest_store
from alerts.digest import make
from alerts.timing import Wait
from core import work
from core.models import Channel, Digest, Event, EventVersion, Notice, Watchlist
from tests.alerts import samples
from tests.alerts.digests import DAILY, MONDAY, Clock, bodies, deliveries, ends, mention, pass_time, tell

pytestmark = pytest.mark.usefixtures("present")


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
