"""The log of edits as it is answered."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.pagination import PageQuery
from api.registers import store

_FIELDS = ("id", "what", "before", "after", "via", "at")


def page(session: Session, row_id: UUID, query: PageQuery) -> dict[str, Any]:
    """A page of a bank's or firm's edits, the last first, each with the name of who made it."""
    rows, following = store.edits(session, row_id, query)
    names = store.called(session, (row.by for row in rows))
    items = [{name: getattr(row, name) for name in _FIELDS} | {"by": row.by and names.get(row.by)} for row in rows]
    return {"items": items, "next": following}
