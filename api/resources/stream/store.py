"""All SQL of `/v1/stream`."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from alerts import store as alerts
from core.models import ApiKey, Event, EventVersion, News, Watchlist

_ENDS = text(
    "SELECT coalesce(max(number), 0) AS newest, coalesce(min(number), 0) AS oldest, "
    "(SELECT last_value FROM news_number) AS given FROM news"
)
_STATE = text(
    "SELECT exists(SELECT FROM news WHERE number IS NULL) AS waiting, "
    "coalesce((SELECT max(number) FROM news), 0) AS newest"
)


@dataclass(frozen=True)
class Ends:
    """The numbers of the newest and oldest row that stand there (0: none), and the last that was given to any."""

    newest: int
    oldest: int
    given: int


def ends(session: Session) -> Ends:
    """Between which numbers a listener may stand."""
    return Ends(*session.execute(_ENDS).one())


def state(session: Session) -> tuple[bool, int]:
    """Whether rows wait for their numbers, and the newest number."""
    waiting, newest = session.execute(_STATE).one()
    return bool(waiting), int(newest)


def after(session: Session, number: int, most: int) -> Sequence[Any]:
    """Up to `most` rows after that number, in order: number, event_id, version, type, at."""
    return session.execute(
        select(News.number, News.event_id, News.version, EventVersion.type, EventVersion.at)
        .join(EventVersion, (EventVersion.event_id == News.event_id) & (EventVersion.version == News.version))
        .where(News.number > number)
        .order_by(News.number)
        .limit(most)
    ).all()


def told(session: Session, row: Any) -> alerts.Told:
    """What alerts tell of such a row."""
    return alerts.event(alerts.ask_event(session, row.event_id, row.version), row.type.removeprefix("event."))


def passing(session: Session, matching: Any, rows: Iterable[Any]) -> set[UUID]:
    """Which of the rows' events are among those that `matching` selects."""
    wanted = matching.with_only_columns(Event.id).where(Event.id.in_({row.event_id for row in rows}))
    return set(session.scalars(wanted))


def watchlists(session: Session, ids: Collection[UUID]) -> dict[UUID, Watchlist]:
    """Those of the watchlists that are there, whosever they are."""
    return {row.id: row for row in session.scalars(select(Watchlist).where(Watchlist.id.in_(ids)))} if ids else {}


def owned(session: Session, owner: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of the watchlists that are the owner's."""
    return set(session.scalars(select(Watchlist.id).where(Watchlist.id.in_(ids), Watchlist.subscriber_id == owner)))


def good_keys(session: Session, hashes: Collection[str]) -> set[str]:
    """Those of the keys, by their hashes, that may still read."""
    in_time = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now())
    good = select(ApiKey.hash).where(ApiKey.hash.in_(hashes), ApiKey.revoked_at.is_(None), in_time)
    return set(session.scalars(good.where(ApiKey.scopes.contains(["read"]))))
