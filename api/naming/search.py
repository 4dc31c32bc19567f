"""From what was typed to the banks and firms that it may mean."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from api.naming import store
from api.naming.ranking import SURE, Fit, Kind, Typed, ranked

KINDS: tuple[Kind, ...] = ("bank", "firm")


def find(session: Session, kinds: Sequence[Kind], text: str, limit: int) -> list[Fit]:
    """The likeliest first. Near misses only where nothing is exactly what was typed, and there is room."""
    typed = Typed.of(text)
    if not typed.key:
        return []
    found = ranked(typed, store.begin(session, kinds, typed), limit)
    if len(found) >= limit or any(one.match in SURE for one in found):
        return found
    rows = [*(one.row for one in found), *store.near(session, kinds, typed)]
    return ranked(typed, rows, limit)
