"""What a kind of row that is not kept for ever is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.orm import Session

from core.partitions import Parted, drop_before
from core.settings import settings

Act = Callable[[Session, datetime, int], int]
"""Lets go what is of before a moment, up to so many rows, the oldest first; how many went."""


@dataclass(frozen=True)
class Kind:
    """One kind: its name in the table `retention` and in metrics, how it goes, and for how long it is kept: for the
    days of `setting`, or for a fixed time. `most` rows go in one transaction."""

    name: str
    act: Act
    setting: str | None = None
    fixed: timedelta = timedelta()
    most: int = 1000

    @property
    def kept(self) -> timedelta | None:
        """For how long a row is kept; None: for ever."""
        if self.setting is None:
            return self.fixed
        days: int = getattr(settings(), self.setting)
        return timedelta(days=days) if days else None


def rows_of(model: Any, order: Any, over: Callable[[datetime], ColumnElement[bool]]) -> Act:
    """Whole rows of `model` that are `over` before a moment, in an order that an index gives; what others hold at the
    moment is left for the next time."""
    key = list(model.__table__.primary_key.columns)

    def act(session: Session, before: datetime, most: int) -> int:
        chosen = select(*key).where(over(before)).order_by(order).limit(most)
        chosen = chosen.with_for_update(skip_locked=True, of=model.__table__)
        gone = delete(model).where(tuple_(*key).in_(chosen)).returning(*key)
        return len(session.execute(gone, execution_options={"synchronize_session": False}).all())

    return act


def months_of(parted: Parted, rows: Act) -> Act:
    """Whole months of a table in parts, each at once, and what is left by `rows`."""

    def act(session: Session, before: datetime, most: int) -> int:
        return drop_before(session, parted, before) or rows(session, before, most)

    return act
