"""Judges pushed articles one by one and hands the good ones to ingest."""

from typing import Any

from sqlalchemy.orm import Session

from api.resources.articles.schemas import PushResultOut


def push(session: Session, body: Any) -> list[PushResultOut]:
    """Stub."""
    raise NotImplementedError
