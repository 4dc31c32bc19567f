"""Rows that seem to have been made long ago."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core.clock import first_id, now

_TAIL = (1 << 62) - 1


def ago(days: float) -> datetime:
    """The moment so many days ago."""
    return now() - timedelta(days=days)


def id_of(days: float) -> UUID:
    """An id (UUIDv7) as a row has it that was made so many days ago."""
    return UUID(int=first_id(ago(days)).int | (uuid4().int & _TAIL))


def made(model: type[Any], days: float, /, **fields: Any) -> Any:
    """A row of such an id."""
    return model(id=id_of(days), **fields)
