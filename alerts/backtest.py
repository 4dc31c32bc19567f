"""What a watchlist would have told over a past time, and what it would not, and why.

The judging is that of live alerts (alerts/wants.py), over the versions of events and the mentions as they were
recorded, quiet ones too. When a list is told (hours, digests, caps) plays no part. Of events it takes sector, regions
and confidence as they are now, since versions do not keep them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from alerts import backtest_store as store
from alerts import wants
from alerts.match import standing_names
from alerts.store import mentions
from alerts.wants import Item, Offer, Refusal
from core.plain import plain

MOST_VERSIONS = 20_000  # looked at, the latest first: a few seconds
MOST_ARTICLES = 2_000


@dataclass(frozen=True)
class Told:
    """One alert that there would have been: `hits` are what of the list stands there."""

    type: str
    at: datetime
    hits: list[Item]
    facts: dict[str, Any] | None = None
    event_id: UUID | None = None
    version: int | None = None
    article_id: UUID | None = None
    title: str | None = None


@dataclass
class Missed:
    """What came near for one reason: a watched name stands there. `words` and `event_id` are the latest one's."""

    reason: str
    words: str
    event_id: UUID | None
    article_id: UUID | None
    count: int = 0


@dataclass
class Result:
    """`told` counts all alerts, `items` holds the latest of them; `is_complete` is False where the time held more than
    was looked at."""

    looked_at: int = 0
    told: int = 0
    items: list[Told] = field(default_factory=list)
    missed: dict[str, Missed] = field(default_factory=dict)
    is_complete: bool = True


def backtest(session: Session, watchlist: Any, *, since: datetime, until: datetime, limit: int) -> Result:
    """Judge what was recorded from `since` on and before `until`. `watchlist` is a row, saved or not, with `named`.

    Words of a list that no saved one watches are looked for in events only: articles were not read for them.
    """
    items = [Item(one.kind, one.key, one.branch, bool(one.excludes)) for one in watchlist.items]
    result = Result()
    found = [*_versions(session, result, items, since, until), *_mentions(session, result, watchlist, since, until)]
    for told, offer in sorted(found, key=lambda pair: pair[0].at, reverse=True):
        _judge(result, watchlist, items, told, offer, limit)
    return result


def _judge(result: Result, watchlist: Any, items: list[Item], told: Told, offer: Offer, limit: int) -> None:
    result.looked_at += 1
    hits = wants.hits(items, offer)
    refusal = wants.refusal(watchlist, hits, offer)
    if refusal is None:
        result.told += 1
        if len(result.items) < limit:
            told.hits[:] = [one for one in hits if not one.excludes]
            result.items.append(told)
    elif refusal.slug != "subject":
        result.missed.setdefault(refusal.slug, _missed(refusal, told)).count += 1


def _missed(refusal: Refusal, told: Told) -> Missed:
    return Missed(refusal.slug, refusal.words, told.event_id, told.article_id)


def _versions(
    session: Session, result: Result, items: list[Item], since: datetime, until: datetime
) -> Iterator[tuple[Told, Offer]]:
    words = {one.key for one in items if one.kind == "word"}
    for number, row in enumerate(store.versions(session, since, until, MOST_VERSIONS + 1, texts=bool(words))):
        if number == MOST_VERSIONS:
            result.is_complete = False
            break
        told = Told(row.type, row.at, [], row.facts, row.event_id, row.version)
        offer = wants.of_event(
            row.type.removeprefix("event."),
            row.facts,
            banks=row.banks,
            firms=row.firms,
            words=_standing(words, row.texts),
            regions=row.regions,
            sector=row.sector,
            confidence=row.confidence,
            changed=row.previous or (),
        )
        yield told, offer


def _standing(words: set[str], texts: list[str]) -> set[str]:
    """Those of the words that stand in one of the texts."""
    pages = [plain(text).text for text in texts]
    return {word for word in words if any(plain(word).text in page for page in pages)}


def _mentions(
    session: Session, result: Result, watchlist: Any, since: datetime, until: datetime
) -> Iterator[tuple[Told, Offer]]:
    """Articles in which something of the list stands; none where it does not ask for mentions."""
    if "mention" not in watchlist.triggers:
        return
    ids = store.articles(session, watchlist.items, since, until, MOST_ARTICLES + 1)
    result.is_complete &= len(ids) <= MOST_ARTICLES
    for article_id in ids[:MOST_ARTICLES]:
        article, standing = mentions(session, article_id)
        told = Told("mention.created", article.fetched_at, [], article_id=article.id, title=article.title)
        yield told, wants.of_article(standing_names(article, standing))
