"""All SQL of ingest: sources that are due, articles that are new, errors that are told."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.database import at_once, pipelined
from core.models import Base, Link, Source, SourceError, WorkState
from core.sql import Asker, Query, record, table
from ingest import statements
from ingest.clean import storable
from ingest.jobs import Job, Named, Place

_IS_THERE = Query(select(table(Source).c.id).where(table(Source).c.id == bindparam("source")))
_NOW = Query(select(func.now().label("moment")))
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
        source = by_id.get(row["source_id"]) or _nobody(row["url"])
        jobs.append(Job(source, _place(row), at, record(Link, **_columns(Link, row))))
    return jobs, max((row["host"] for row in links), default="") if len(links) == room else ""


def _nobody(url: str) -> Source:
    """What stands for the source of a backfill's links, which say themselves whether they alert."""
    return record(Source, name="", kind="", zone=_ZONE, url=url, alert_backlog=True)


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


def source_exists(session: Session, source_id: UUID) -> bool:
    """Whether the source is still there."""
    return _IS_THERE(session, source=source_id).fetchone() is not None


def now(session: Asker) -> datetime:
    """The database's present moment, by which all rows are timed."""
    return _moment(_NOW(session))


def _moment(cursor: Any) -> datetime:
    [row] = cursor
    moment: datetime = row.moment
    return moment
