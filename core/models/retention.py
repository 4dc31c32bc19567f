"""Written by the scheduler's process."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Made, Moment


class Retention(Base):
    """How far the letting go of one kind of row is (core/retention): `gone` rows so far, looked at again at `next_at`;
    at `settled_at` nothing of it was over its time."""

    __tablename__ = "retention"

    kind: Mapped[str] = mapped_column(primary_key=True)
    gone: Mapped[int] = mapped_column(BigInteger, server_default="0")
    begun_at: Mapped[Made]
    next_at: Mapped[Made]
    settled_at: Mapped[Moment | None]
