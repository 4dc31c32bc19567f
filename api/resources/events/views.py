"""Events as they are answered: the public form of core/views.py, whole or in chosen fields."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from api.resources.events import written


def as_json(session: Session, ids: Sequence[UUID], *, evidence: str, fields: Iterable[str] = ()) -> str:
    """Events in the order of `ids`, as JSON objects apart by commas; those that are gone are left out.

    `evidence` is none, sparse or full; only `fields` where some are chosen.
    """
    row = written.query(evidence, frozenset(fields))(session, ids=written.array(ids)).fetchone()
    return str(row.json or "") if row else ""


def views(session: Session, ids: Sequence[UUID], *, evidence: str, fields: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The same as plain values."""
    found: list[dict[str, Any]] = orjson.loads(f"[{as_json(session, ids, evidence=evidence, fields=fields)}]")
    return found
