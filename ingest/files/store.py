"""All SQL of files: which were read, and how far."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.models import Article, FileRead, Link, Reprint, WorkState
from ingest.files.read import Piece, Place
from ingest.files.walk import Found
from ingest.formats import Item
from ingest.urls import canonical

LONGEST_NAME = 2_000
"""Bytes of a path; PostgreSQL takes no longer entry (2704 bytes) into an index."""


class Owner(NamedTuple):
    """To whom files belong: a watched folder's source, or a backfill's task."""

    source_id: UUID | None = None
    task: str = ""


class Known(NamedTuple):
    """What is known of a file."""

    size: int
    modified: int
    place: Place
    done: bool

    def is_as(self, found: Found) -> bool:
        """Whether the file is still what it was."""
        return (self.size, self.modified) == (found.size, found.modified)


def known(session: Session, owner: Owner, names: Sequence[str] | None = None) -> dict[str, Known]:
    """What is known of the owner's files of these names, or of all."""
    statement = select(
        FileRead.path, FileRead.size, FileRead.modified, FileRead.position, FileRead.line, FileRead.done
    ).where(FileRead.source_id == owner.source_id, FileRead.task == owner.task)  # None becomes IS NULL
    if names is not None:
        statement = statement.where(FileRead.path.in_(names))
    rows = session.execute(statement)
    return {path: Known(size, modified, Place(at, line), done) for path, size, modified, at, line, done in rows}


def mark(session: Session, owner: Owner, pieces: Iterable[Piece]) -> None:
    """Write down how far the pieces' files are read; of several of one file the last counts."""
    rows = {
        piece.found.name: {
            "source_id": owner.source_id,
            "task": owner.task,
            "path": piece.found.name,
            "size": piece.found.size,
            "modified": piece.found.modified,
            "position": piece.place.position,
            "line": piece.place.line,
            "done": piece.done,
        }
        for piece in pieces
    }
    if not rows:
        return
    statement = insert(FileRead).values(list(rows.values()))
    changed = {name: statement.excluded[name] for name in ("size", "modified", "position", "line", "done", "at")}
    session.execute(statement.on_conflict_do_update(constraint="uq_file_read_source_id_task_path", set_=changed))


def forget(session: Session, owner: Owner, names: Sequence[str]) -> None:
    """Files that are gone."""
    if names:
        session.execute(
            delete(FileRead).where(
                FileRead.source_id == owner.source_id,
                FileRead.task == owner.task,
                FileRead.path.in_(names),
            )
        )


def add_links(session: Session, links: Iterable[Item], *, quiet: bool, source_id: UUID | None = None) -> int:
    """Pages still to be fetched, for the ingest process; how many are new: neither known as a link nor an article."""
    rows = {canonical(item.url): item for item in links if item.url}
    if not rows:
        return 0
    stored = {
        key
        for kind in (Article, Reprint)
        for key in session.scalars(select(kind.canonical_url).where(kind.canonical_url.in_(rows)))
    }
    shared = {"quiet": quiet, "source_id": source_id}
    values: list[dict[str, Any]] = [
        {"canonical_url": key, "url": item.url, "title": item.title or None, "published": item.published, **shared}
        for key, item in rows.items()
        if key not in stored
    ]
    if not values:
        return 0
    statement = insert(Link).values(values).on_conflict_do_nothing().returning(Link.id)
    return len(session.scalars(statement).all())


def links_waiting(session: Session) -> int:
    """Links of backfills that are still to be fetched."""
    waiting = select(func.count()).where(Link.source_id.is_(None), Link.state == WorkState.OPEN)
    return session.scalar(waiting) or 0
