"""A page of the articles of a watchlist, as the API answers it and the dashboard shows it."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.errors import not_found
from api.pagination import PageQuery
from api.resources.articles.routes import brief
from api.resources.watched import store
from core.models import Mention


def listed(session: Session, owner: UUID, watchlist_id: UUID, query: PageQuery) -> dict[str, Any]:
    """The `items`, each with what stands in it, and the cursor of the `next`; 404 where the owner has no such list."""
    watched = store.items(session, owner, watchlist_id)
    if watched is None:
        raise not_found("watchlist")
    rows, following = store.page(session, watched, query)
    told = store.standing(session, watched, (row.id for row in rows))
    return {"items": [{**brief(row), "standing": _once(told.get(row.id, []))} for row in rows], "next": following}


def _once(found: list[Mention]) -> list[dict[str, Any]]:
    """Each place once: a firm that was learnt later may stand there under its own name and the watched one."""
    fields = ("kind", "name", "where", "start", "end")
    rows = {
        (row.kind, row.where, row.start, row.end): {field: getattr(row, field) for field in fields} for row in found
    }
    return list(rows.values())
