"""All SQL of `/v1/sources/preview`."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.database import transaction
from core.models import Preview


def ask(url: str, kind: str, selector: str | None) -> UUID:
    """Write the question down for ingest; its id."""
    asked = Preview(url=url, kind=kind, selector=selector)
    with transaction() as session:
        session.add(asked)
        session.flush()
        return asked.id


def answer(preview_id: UUID) -> dict[str, Any] | None:
    """The answer, None as long as there is none."""
    with transaction() as session:
        return session.scalar(select(Preview.answer).where(Preview.id == preview_id))
