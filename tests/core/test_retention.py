"""What is over its time goes, a batch at a time, and nothing else does; how far it is stands in rows."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from core import catch_up, database
from core.models import (
    Attempt,
    Channel,
    Delivery,
    Digest,
    DigestItem,
    Mailbox,
    News,
    Notice,
    Preview,
    Retention,
    SourceError,
    Subscriber,
    Watchlist,
)
from core.retention import KINDS, let_go
from core.retention.base import Kind
from core.settings import settings
from tests.api import rows
from tests.core.aged import ago, made

BY_NAME = {kind.name: kind for kind in KINDS}


@pytest.fixture
def keep(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Sets for how many days kinds are kept."""

    def set_days(**days: int) -> None:
        for name, value in days.items():
            monkeypatch.setenv(f"YINQI_KEEP_{name.upper()}", str(value))
        settings.cache_clear()

    yield set_days
    settings.cache_clear()


def settled(session: Session) -> dict[str, int]:
    """Let the duty go on until nothing is over its time; how many rows of each kind went."""
    session.commit()
    before = dict(session.execute(select(Retention.kind, Retention.gone)).all())
    session.execute(update(Retention).values(next_at=func.now(), settled_at=None))
    session.commit()
    for _ in range(200):
        catch_up.once([catch_up.Duty(let_go)])
        session.expire_all()
        found = session.scalars(select(Retention)).all()
        session.commit()
        if len(found) == len(KINDS) and all(row.settled_at for row in found):
            return {row.kind: row.gone - before.get(row.kind, 0) for row in found if row.gone > before.get(row.kind, 0)}
    raise AssertionError("it does not come to rest")


def count(session: Session, model: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def channel(session: Session, **fields: Any) -> Channel:
    owner = session.scalar(select(Subscriber)) or Subscriber(name="alice")
    session.add(owner)
    session.flush()
    row = Channel(**{"subscriber_id": owner.id, "kind": "webhook", "name": "ours", "config": {}} | fields)
    session.add(row)
    session.commit()
    return row


def delivery(to: Channel, days: float, state: str = "done", **fields: Any) -> Delivery:
    own = {"subscriber_id": to.subscriber_id, "channel_id": to.id, "type": "mention.created", "body": "{}"}
    return made(Delivery, days, state=state, **own, **fields)


def test_each_kind_goes_after_its_own_days(session: Session, keep: Callable[..., None]) -> None:
    keep(errors=10, notices=20, deliveries=30)
    session.add_all(made(SourceError, days, input="here", reason="because") for days in (9, 11))
    session.add_all(made(Notice, days, kind="source.troubled", state="done") for days in (19, 21))
    to = channel(session)
    session.add_all(delivery(to, days) for days in (29, 31))
    assert settled(session) == {"errors": 1, "notices": 1, "deliveries": 1}
    assert [count(session, model) for model in (SourceError, Notice, Delivery)] == [1, 1, 1]


def test_zero_days_are_for_ever(session: Session, keep: Callable[..., None]) -> None:
    keep(**{kind.setting.removeprefix("keep_"): 0 for kind in KINDS if kind.setting})
    session.add_all(made(SourceError, 10_000, input="here", reason="because") for _ in range(3))
    rows.article(session, fetched_at=ago(10_000))
    assert settled(session) == {}


def test_what_is_still_to_be_done_stays_however_old(session: Session, keep: Callable[..., None]) -> None:
    keep(notices=1, deliveries=1, texts=1)
    to = channel(session)
    session.add_all(
        [
            made(Notice, 9, kind="source.troubled"),
            delivery(to, 9, "open"),
            made(Digest, 9, channel_id=to.id, ends_at=ago(8)),
        ]
    )
    rows.article(session, fetched_at=ago(9), state="open")
    assert settled(session) == {}


def test_a_notice_that_waits_for_a_digest_stays_until_it_was_told(session: Session, keep: Callable[..., None]) -> None:
    keep(notices=1)
    to = channel(session)
    listed = Watchlist(subscriber_id=to.subscriber_id, name="mine", triggers=["source"])
    notice = made(Notice, 9, kind="source.troubled", state="done")
    digest = Digest(channel_id=to.id, ends_at=ago(-7))
    session.add_all([listed, notice, digest])
    session.flush()
    session.add(DigestItem(digest_id=digest.id, watchlist_id=listed.id, notice_id=notice.id, cause="rhythm"))
    assert settled(session) == {}
    session.execute(text("DELETE FROM digest_item"))
    assert settled(session) == {"notices": 1}


def test_a_delivery_goes_with_its_attempts(session: Session, keep: Callable[..., None]) -> None:
    keep(deliveries=1, attempts=0)
    gone, kept = (delivery(channel(session, name=f"{days}"), days) for days in (9, 0.5))
    session.add_all([gone, kept])
    session.flush()
    session.add_all(Attempt(delivery_id=row.id, number=1) for row in (gone, kept))
    settled(session)
    assert session.scalars(select(Attempt.delivery_id)).all() == [kept.id]


@pytest.fixture
def told(session: Session) -> Callable[[float], None]:
    """Tells one more piece of news, so many days ago."""
    event = rows.event(session, rows.bank(session), None)

    def tell(days: float, number: int | None = None) -> None:
        made_at = ago(days)
        session.execute(
            text(
                "WITH made AS (INSERT INTO event_version (event_id, version, type, facts) SELECT :event, "
                "max(version) + 1, 'event.updated', '{}' FROM event_version RETURNING version) "
                "INSERT INTO news (event_id, version, made_at, number) "
                "SELECT :event, version, :made_at, nextval('news_number') FROM made"
            ),
            {"event": event.id, "made_at": made_at},
        )
        session.commit()

    return tell


def numbers(session: Session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(News.number).order_by(News.number)))


def test_of_the_news_only_the_low_end_goes_so_that_no_hole_is_left(
    session: Session, keep: Callable[..., None], told: Callable[[float], None]
) -> None:
    keep(news=30)
    for days in (50, 40, 10, 45, 5):  # 45 days ago was numbered late: its transaction committed after others
        told(days)
    assert settled(session) == {"news": 2}
    assert numbers(session) == [3, 4, 5]


def test_the_newest_news_stay_to_tell_where_the_stream_stands(
    session: Session, keep: Callable[..., None], told: Callable[[float], None]
) -> None:
    keep(news=1)
    for _ in range(3):
        told(90)
    settled(session)
    assert numbers(session) == [3]


def test_what_nobody_needs_any_more_goes_without_a_setting(session: Session) -> None:
    used, unused, complained, asked = (f"{name}@example.com" for name in ("used", "unused", "complained", "asked"))
    channel(session, kind="email", config={"to": used.upper()})
    session.add_all(made(Mailbox, 3, address=address) for address in (used, unused))
    session.add(made(Mailbox, 3, address=complained, suppressed_at=ago(2), cause="complaint"))
    session.add(made(Mailbox, 3, address=asked, asked=[ago(0.5)]))
    session.add_all(made(Preview, days, url="https://news.example.com") for days in (2, 0.1))
    assert settled(session) == {"addresses": 1, "previews": 1}
    assert set(session.scalars(select(Mailbox.address))) == {used, complained, asked}


@pytest.fixture
def in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = BY_NAME["errors"]
    small = Kind(kind.name, kind.act, kind.setting, most=3)
    monkeypatch.setattr("core.retention.duty.KINDS", tuple(small if one is kind else one for one in KINDS))


@pytest.mark.usefixtures("in_small_batches")
def test_it_goes_on_where_it_was_cut_off_and_counts_each_row_once(session: Session) -> None:
    session.add_all(made(SourceError, 1000 + number, input="here", reason=str(number)) for number in range(10))
    session.commit()
    for _ in range(3):
        with Session(database.engine()) as killed:
            let_go(killed)  # its process ends before it commits
    assert count(session, SourceError) == 10
    assert settled(session) == {"errors": 10}
    assert count(session, SourceError) == 0


@pytest.mark.usefixtures("in_small_batches")
def test_several_schedulers_share_the_work(session: Session) -> None:
    settled(session)
    session.add_all(made(SourceError, 1000, input="here", reason=str(number)) for number in range(30))
    session.execute(update(Retention).values(next_at=func.now()))
    session.commit()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: [catch_up.once([catch_up.Duty(let_go)]) for _ in range(40)], range(3)))
    assert count(session, SourceError) == 0
    assert session.get_one(Retention, "errors").gone == 30


def test_what_is_settled_rests_for_a_while(session: Session) -> None:
    settled(session)
    session.add(made(SourceError, 1000, input="here", reason="because"))
    session.commit()
    for _ in range(len(KINDS)):
        assert catch_up.once([catch_up.Duty(let_go)]) == 0
    assert count(session, SourceError) == 1, "the next look is some minutes away"
