"""What became of an event: its versions and the looks at it by hand, each with what changed and who did it."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.dashboard.deps import OPERATOR, Visitor
from api.registers import store as registers
from api.resources.corrections import store as corrections
from api.resources.events import store
from core.models import Correction, EventVersion
from core.views import CONTRACT


def history(db: Session, event_id: UUID, seen: Visitor) -> list[dict[str, Any]]:
    """The last first: `version` (None where a look made none), `type`, `at`, `changes` as (field, old, new), and of a
    look by hand `verdict`, `note` and, for operators, `by`: the name of whose hand it was."""
    looks = corrections.corrections(db, event_id)
    names = registers.called(db, (one.subscriber_id for one in looks)) if OPERATOR in seen.scopes else {}
    made = {one.at: one for one in looks}  # a look and its version are of one transaction, and so of one moment
    told = [_version(row) | _look(made.pop(row.at, None), names) for row in store.versions(db, event_id)]
    told += [_without_version(one) | _look(one, names) for one in made.values()]
    return sorted(told, key=lambda one: one["at"], reverse=True)


def _version(row: EventVersion) -> dict[str, Any]:
    previous = row.previous or {}
    changes = [(name, previous[name], row.facts.get(name)) for name in CONTRACT if name in previous]
    return {"version": row.version, "type": row.type, "at": row.at, "changes": changes}


def _without_version(look: Correction) -> dict[str, Any]:
    return {"version": None, "type": None, "at": look.at, "changes": []}


def _look(look: Correction | None, names: dict[UUID, str]) -> dict[str, Any]:
    if look is None:
        return {"verdict": None, "note": None, "by": None}
    by = names.get(look.subscriber_id) if look.subscriber_id else None
    return {"verdict": look.verdict, "note": look.note, "by": by}
