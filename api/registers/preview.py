"""What would follow if a bank or firm were merged into another: it is done, looked at, and taken back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.registers import edit, store
from api.registers.edit import Hand
from api.registers.kinds import Register
from core.views import event_view


@dataclass(frozen=True, slots=True)
class Preview:
    """Merging `gone` into `into` (names): `aliases` that come with it, the columns that are `filled` from it, how many
    `events` pass over, and which of both turn out to be one (`joined`: the event that goes, the one that stays)."""

    gone: str
    into: str
    into_id: UUID
    aliases: list[str]
    filled: dict[str, Any]
    events: int
    joined: list[tuple[dict[str, Any], dict[str, Any]]]


def preview(session: Session, hand: Hand, register: Register, row_id: UUID, into: UUID) -> Preview:
    """Nothing stays changed, nor locked; errors as of `edit.merge`, which is what is tried."""
    with session.begin_nested() as attempt:
        gone, kept = (store.find(session, register, one) for one in (row_id, into))
        before = {column: getattr(kept, column, None) for column in register.columns}
        names = (getattr(gone, "name", ""), sorted(one.alias for one in gone.aliases) if gone else [])
        passing = store.live_events(session, register, [row_id])
        both = [*passing, *store.live_events(session, register, [into])]
        row, _ = edit.merge(session, hand, register, row_id, into)
        filled = {column: getattr(row, column) for column in register.columns if getattr(row, column) != before[column]}
        joined = [(event_view(one), event_view(other)) for one, other in store.merged_events(session, both)]
        found = Preview(names[0], row.name, row.id, names[1], filled, len(passing), joined)
        attempt.rollback()
    return found
