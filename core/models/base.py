"""What all tables share: their base, their key, and the columns of a row that is work to be done."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Index, MetaData, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

# uuidv7() is PostgreSQL 18's own: keys grow with time, so that they sort and page well
Id = Annotated[UUID, mapped_column(primary_key=True, server_default=text("uuidv7()"))]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Made = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Json = Annotated[dict[str, Any], mapped_column(JSONB)]
Words = Annotated[list[str], mapped_column(ARRAY(Text), server_default="{}")]


class Base(DeclarativeBase):
    """Base of every table; constraint names are derived, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text}


class WorkState(StrEnum):
    """Where a row of work stands: still open, done, or given up with a reason."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"


class Work:
    """Columns of a row that is work (core/work.py tells how they are used).

    `due_at` not before then; `sent_at` when a message was last sent for it; `lease_until` until when the worker
    that claimed it holds it; `attempts` how often it was claimed; `reason` why it failed or failed last. A table may
    have `later` besides: rows whose turn comes after all that are not.
    """

    state: Mapped[str] = mapped_column(Text, server_default=WorkState.OPEN)
    attempts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[Made]
    sent_at: Mapped[Moment | None] = mapped_column(DateTime(timezone=True), server_default=func.now())
    lease_until: Mapped[Moment | None]
    reason: Mapped[str | None]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 - SQLAlchemy calls it with the class
        """A partial index over what is open, in the order of its turns, so that a sweep does not pay for history."""
        name = getattr(cls, "__tablename__", "")
        extra: tuple[Any, ...] = getattr(cls, "indexes", ())
        turns = ("later", "due_at") if "later" in getattr(cls, "__annotations__", {}) else ("due_at",)
        return (Index(f"ix_{name}_open", *turns, postgresql_where=text("state = 'open'")), *extra)
