"""What a watchlist would have told: of a saved one, and of one that is only thought of."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy.orm import Session

from alerts.backtest import Result, Told, backtest
from api.resources.watchlists import form
from api.resources.watchlists.schemas import EXAMPLE, WatchlistIn
from api.schemas import In, Moment, MomentIn, Out, examples
from core.clock import now
from core.models import Watchlist
from core.watching import subjects

UNLESS_TOLD = timedelta(days=30)
LONGEST = timedelta(days=1100)


class BacktestIn(In):
    """What Yinqi recorded from `since` (30 days ago) on and before `until` (now); `limit` alerts are shown at most."""

    model_config = examples({"since": "2026-10-01", "limit": 20})

    since: MomentIn | None = None
    until: MomentIn | None = None
    limit: int = Field(100, ge=1, le=500)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        self.until = self.until or now()
        self.since = self.since or self.until - UNLESS_TOLD
        if self.since >= self.until:
            raise ValueError("since is not before until")
        if self.until - self.since > LONGEST:
            raise ValueError(f"since and until are more than {LONGEST.days} days apart")
        return self


class DraftIn(BacktestIn):
    """The same of a watchlist that is not saved."""

    model_config = examples({"watchlist": {**EXAMPLE, "channels": []}, "since": "2026-10-01"})

    watchlist: WatchlistIn


class HitOut(Out):
    """What of the list stands there: `name` as it is compared, with a branch after a bank's."""

    kind: str
    name: str


class WouldTell(Out):
    """One alert that there would have been: of an event (`facts` as that version told them) or of an article."""

    type: str
    at: Moment
    event: UUID | None
    version: int | None
    facts: dict[str, Any] | None
    article: UUID | None
    title: str | None
    hits: list[HitOut]


class WouldNotTell(Out):
    """What the list came near to and would not tell for one reason: how often, and the latest case, in words."""

    reason: str
    count: int
    words: str
    event: UUID | None
    article: UUID | None


class BacktestOut(Out):
    """`looked_at` versions and articles, `told` of them would have been alerts, the latest of which are `items`.

    `complete` is false where the time held more than was looked at; the latest were.
    """

    since: Moment
    until: Moment
    looked_at: int
    told: int
    items: list[WouldTell]
    missed: list[WouldNotTell]
    complete: bool


def of_saved(session: Session, watchlist: Watchlist, asked: BacktestIn) -> dict[str, Any]:
    """What a list would have told."""
    return _answer(_judged(session, watchlist, asked), asked)


def of_draft(session: Session, owner: UUID, asked: DraftIn) -> dict[str, Any]:
    """The same of a list that is made for this and forgotten."""
    watchlist = Watchlist(subscriber_id=owner, items=[])
    with session.begin_nested() as held:
        with session.no_autoflush:
            form.fill(session, watchlist, asked.watchlist.model_dump())
        held.rollback()
    return _answer(_judged(session, watchlist, asked), asked)


def _judged(session: Session, watchlist: Watchlist, asked: BacktestIn) -> Result:
    assert asked.since is not None and asked.until is not None
    row = SimpleNamespace(
        **{name: getattr(watchlist, name) for name in ("items", *form.PLAIN)}, named=list(subjects(watchlist.items))
    )
    return backtest(session, row, since=asked.since, until=asked.until, limit=asked.limit)


def _answer(result: Result, asked: BacktestIn) -> dict[str, Any]:
    missed = sorted(result.missed.values(), key=lambda one: -one.count)
    return {
        "since": asked.since,
        "until": asked.until,
        "looked_at": result.looked_at,
        "told": result.told,
        "items": [_shown(one) for one in result.items],
        "missed": [
            {"reason": one.reason, "count": one.count, "words": one.words}
            | {"event": one.event_id, "article": one.article_id}
            for one in missed
        ],
        "complete": result.is_complete,
    }


def _shown(one: Told) -> dict[str, Any]:
    told = {"type": one.type, "at": one.at, "facts": one.facts, "version": one.version, "title": one.title}
    hits = [{"kind": hit.kind, "name": hit.token} for hit in one.hits]
    return {**told, "event": one.event_id, "article": one.article_id, "hits": hits}
