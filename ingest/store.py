"""All SQL of ingest: sources that are due, articles that are new, errors that are told."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.database import at_once, pipelined
from core.models import Article, Base, Link, Source, SourceError, WorkState
from core.sql import Asker, Query, record, table
from ingest import statements
from ingest.clean import storable
from ingest.draft import Draft
from ingest.jobs import Job, Named, Place

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
_ZONE = "Asia/Shanghai"
_TOLD_AGAIN_AFTER = timedelta(days=1)  # an item stays in its feed for days, and so would its error


def claim(most: int, *, lease: float, after: str) -> tuple[list[Job], str]:
    """Up to `most` jobs, held for `lease` seconds: due sources first, then links, one of each host whose turn it is.

    `after` and what is returned with the jobs is the host at which the round of links stands.
    """
    with pipelined() as flight:
        statements.LAZILY(flight)
        moment = _NOW(flight)
        sources = statements.CLAIM_SOURCES.mappings(flight, most=most, lease=lease).fetchall()
        at = _moment(moment)
        jobs = [Job(_source(row), _place(row), at) for row in sources]
        if len(jobs) >= most:
            return jobs, after
        room = most - len(jobs)
        links = statements.CLAIM_LINKS.mappings(flight, most=room, lease=lease, after=after).fetchall()
        ids = list({row["source_id"] for row in links if row["source_id"]})
        named = statements.SOURCES_OF.mappings(flight, ids=ids).fetchall() if ids else []
    by_id = {row["id"]: _source(row) for row in named}
    for row in links:
        source = by_id.get(row["source_id"]) or record(Source, name="", kind="", zone=_ZONE, url=row["url"])
        jobs.append(Job(source, _place(row), at, record(Link, **_columns(Link, row))))
    return jobs, max((row["host"] for row in links), default="") if len(links) == room else ""


def _source(row: dict[str, Any]) -> Source:
    return record(Source, **_columns(Source, row))


def _columns(kind: type[Base], row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in table(kind).c.keys()}  # noqa: SIM118 (a collection of columns)


def _place(row: dict[str, Any]) -> Place:
    return Place(row["host"] or "", row["robots"], bool(row["robots_hold"]), row["delay"])


def place_of(name: str) -> Place:
    """What is known of a host, without claiming its turn."""
    with at_once() as flight:
        found = statements.ROBOTS_OF.mappings(flight, name=name).fetchone()
    return _place(found | {"host": name}) if found else Place(name)


def name_links(session: Session, source_id: UUID, named: Sequence[Named], *, depth: int) -> int:
    """Make links; how many are new, or are changed since they were fetched."""
    if not named:
        return 0
    ordered = sorted(named, key=lambda one: one.canonical_url)  # as in every transaction, so that none waits in a ring
    made = statements.NAME_LINKS(
        session,
        source_id=source_id,
        depth=depth,
        urls=[one.url for one in ordered],
        canonical=[one.canonical_url for one in ordered],
        titles=[one.title for one in ordered],
        texts=[one.text for one in ordered],
        published=[one.published for one in ordered],
        updated=[one.updated for one in ordered],
        quiet=[one.quiet for one in ordered],
    )
    return len(made.fetchall())


def finish_link(session: Session, link: Link, *, only_look: bool = False) -> bool:
    """Mark a link as done, unless it is `only_look`ed for; False where it was deleted, with its source, meanwhile."""
    own = table(Link)
    if only_look:
        return session.execute(select(own.c.id).where(own.c.id == link.id).with_for_update()).first() is not None
    done = {"state": WorkState.DONE.value, "lease_until": None, "reason": None, "text": None}
    made = session.execute(update(own).where(own.c.id == link.id).values(done).returning(own.c.id))
    return made.first() is not None


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
    return _moment(_NOW(session))


def _moment(cursor: Any) -> datetime:
    [row] = cursor
    moment: datetime = row.moment
    return moment
