"""All SQL of `/v1/sources`."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api import pagination
from api.errors import Invalid
from api.pagination import PageQuery
from api.resources.sources.schemas import SourceQuery
from core.models import Source, SourceError


def page(session: Session, query: SourceQuery) -> tuple[Sequence[Source], str | None]:
    """The sources that pass the filter, newest first."""
    found = select(Source)
    if query.health == "troubled":
        found = found.where(Source.health != "ok")
    elif query.health is not None:
        found = found.where(Source.health == query.health)
    return pagination.fetch(session, found, query, what="sources", moment=Source.created_at, row_id=Source.id)


def errors(session: Session, source_id: UUID | None, query: PageQuery) -> tuple[Sequence[SourceError], str | None]:
    """The errors of a source, or of pushed text where `source_id` is None; newest first."""
    found = select(SourceError).where(SourceError.source_id == source_id)  # None becomes IS NULL
    what = f"errors of {source_id}"
    return pagination.fetch(session, found, query, what=what, moment=SourceError.at, row_id=SourceError.id)


def find(session: Session, source_id: UUID) -> Source | None:
    """The source of that id."""
    return session.get(Source, source_id)


def start_anew(source: Source) -> None:
    """Poll it at once, as if it had never answered; how it is shows then."""
    source.due_at = func.now()
    source.etag = source.last_modified = source.seen = source.hollow_since = None
    source.failures = 0


def save(session: Session, source: Source) -> Source:
    """Write it; Invalid where another has its address."""
    session.add(source)
    try:
        session.flush()
    except IntegrityError as error:
        if "uq_source" not in str(error.orig):
            raise
        raise Invalid.at("body.url", "another source has this address") from None
    session.refresh(source)
    return source


def remove(session: Session, source: Source) -> None:
    """Delete it with its errors; its articles stay."""
    session.execute(delete(Source).where(Source.id == source.id))
