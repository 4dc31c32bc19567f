"""Events as they are answered: the public form of core/views.py, made from plain rows, whole or in chosen fields."""

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from sqlalchemy.orm import Session

from api.resources.events import store
from core.models import Event
from core.views import event_view, moment


def views(session: Session, ids: Sequence[UUID], *, evidence: str, fields: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Events in the order of `ids`; `evidence` is none, sparse or full; only `fields` where some are chosen."""
    chosen = frozenset(fields)
    told = store.told(session, ids, evidence) if evidence != "none" and (not chosen or "evidence" in chosen) else None
    found = [_view(row, told) for row in store.rows(session, ids)]
    return [{name: view[name] for name in view if name in chosen} for view in found] if chosen else found


def _view(row: Any, told: dict[UUID, list[Any]] | None) -> dict[str, Any]:
    bank = SimpleNamespace(name=row.bank_name)
    aliases = [SimpleNamespace(alias=alias) for alias in row.aliases]
    firm = None if row.firm_id is None else SimpleNamespace(name=row.firm_name, aliases=aliases)
    event = SimpleNamespace(**row._mapping, bank=bank, firm=firm)
    shown = event_view(cast("Event", event))
    return {**shown, "evidence": None if told is None else [_telling(one) for one in told[row.id]]}


def _telling(row: Any) -> dict[str, Any]:
    """One article's telling; a sparse row has neither headline nor address nor quote."""
    place = {"article_id": str(row.article_id), "source": row.source_name, "published": moment(row.published)}
    full = {name: getattr(row, name) for name in ("title", "url", "quote") if hasattr(row, name)}
    return {**place, **full, "start": row.start, "end": row.end}
