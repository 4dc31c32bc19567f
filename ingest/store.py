"""All SQL of ingest: sources that are due, articles that are new, errors that are told."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, case, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.models import Article, Source, SourceError
from core.sql import Asker, Query, table
from ingest.clean import storable
from ingest.draft import Draft

_article = table(Article)
_NOW = Query(select(func.now().label("moment")))
_ADD = Query(
    insert(_article)
    .values({name: bindparam(name) for name in (*Draft.__slots__, "source_id", "quiet", "later")})
    # what no message is sent for is found by the next sweep that has room
    .values(sent_at=case((bindparam("announced"), func.now())))
    .on_conflict_do_nothing()
    .returning(_article.c.id)
)
_is_same = or_(  # an article without an address is the same as none by its address: NULL equals nothing
    _article.c.content_hash == bindparam("content_hash"), _article.c.canonical_url == bindparam("canonical_url")
)
_SAME = Query(select(_article.c.id).where(_is_same).order_by(_article.c.id).limit(1))
_TOLD_AGAIN_AFTER = timedelta(days=1)  # an item stays in its feed for days, and so would its error


def claim_due(session: Session, *, lease: float) -> Source | None:
    """The source that has been due longest, held for `lease` seconds; None where none is. Commit before polling it."""
    free = or_(Source.lease_until.is_(None), Source.lease_until < func.now())
    source = session.scalar(
        select(Source)
        .where(Source.enabled, Source.due_at <= func.now(), free)
        .order_by(Source.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if source is not None:
        session.execute(
            update(Source)
            .where(Source.id == source.id)
            .values(
                lease_until=func.now() + timedelta(seconds=lease),
                first_polled_at=func.coalesce(Source.first_polled_at, func.now()),
                last_polled_at=func.now(),
            )
        )
        session.refresh(source)
    return source


def record_success(
    session: Session, source: Source, *, pause: timedelta, etag: str | None, last_modified: str | None, got_items: bool
) -> None:
    """The source answered; it is due again after `pause`."""
    session.execute(
        update(Source)
        .where(Source.id == source.id)
        .values(
            due_at=func.now() + pause,
            lease_until=None,
            failures=0,
            last_error=None,
            etag=etag,
            last_modified=last_modified,
            last_success_at=func.now(),
            last_item_at=func.now() if got_items else Source.last_item_at,
        )
    )


def record_failure(session: Session, source: Source, *, pause: timedelta, reason: str) -> None:
    """The source could not be polled: told in its errors, and tried again after `pause`."""
    reason = storable(reason)
    changed = session.execute(
        update(Source)
        .where(Source.id == source.id)
        .values(
            due_at=func.now() + pause,
            lease_until=None,
            failures=Source.failures + 1,
            last_error=reason,
        )
        .returning(Source.id)
    )
    if changed.first():  # it may have been deleted meanwhile
        session.add(SourceError(source_id=source.id, input=source.url, reason=reason))


def release(session: Session, source: Source) -> None:
    """Give a claimed source back untouched, as when the process stops."""
    session.execute(update(Source).where(Source.id == source.id).values(lease_until=None))


def add_errors(session: Session, source_id: UUID, errors: Iterable[tuple[str, str]]) -> None:
    """Tell (input, reason) pairs in the source's errors, each once a day."""
    recent = func.now() - _TOLD_AGAIN_AFTER
    for pair in errors:
        told, reason = map(storable, pair)
        known = select(SourceError.id).where(
            SourceError.source_id == source_id,
            SourceError.input == told,
            SourceError.reason == reason,
            SourceError.at > recent,
        )
        row = select(literal(source_id), literal(told), literal(reason)).where(~known.exists())
        session.execute(insert(SourceError).from_select(["source_id", "input", "reason"], row))


def known(session: Session, drafts: Sequence[Draft]) -> set[str]:
    """Those canonical addresses and content hashes of `drafts` that are stored already."""
    urls = [draft.canonical_url for draft in drafts if draft.canonical_url]
    hashes = [draft.content_hash for draft in drafts]
    rows = session.execute(
        select(Article.canonical_url, Article.content_hash).where(
            or_(Article.canonical_url.in_(urls), Article.content_hash.in_(hashes))
        )
    )
    return {key for row in rows for key in row if key}


def add(
    session: Asker, draft: Draft, *, source_id: UUID | None, quiet: bool, later: bool = False, announced: bool = True
) -> UUID | None:
    """Store an article; None where it is known by its address or its content, whoever stored it a moment ago.

    `later`: it is read after all that is news. `announced`: a message will be sent for it.
    """
    values = {name: getattr(draft, name) for name in Draft.__slots__}
    more = {"source_id": source_id, "quiet": quiet, "later": later, "announced": announced}
    made = _ADD(session, **values, **more).fetchone()
    return made.id if made else None


def find(session: Asker, draft: Draft) -> UUID | None:
    """The stored article that `draft` is a duplicate of."""
    found = _SAME(session, content_hash=draft.content_hash, canonical_url=draft.canonical_url).fetchone()
    return found.id if found else None


def source_exists(session: Session, source_id: UUID) -> bool:
    """Whether the source is still there."""
    return session.get(Source, source_id) is not None


def now(session: Asker) -> datetime:
    """The database's present moment, by which all rows are timed."""
    [row] = _NOW(session)
    moment: datetime = row.moment
    return moment
