"""Written by ingest."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Id, Made


class FileRead(Base):
    """A file whose articles are kept, or how far: what is known by `path`, `size` and `modified` is not read again.

    It belongs to a watched folder (`source_id`) or to a backfill (`task`, a digest of its options). `size` in bytes,
    `modified` in nanoseconds since 1970, as the file system tells them. `position`: bytes (unpacked) up to which the
    articles are kept, `line` the number of lines before it; `done`: all of them.
    """

    __tablename__ = "file_read"

    id: Mapped[Id]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    task: Mapped[str] = mapped_column(server_default="")
    path: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    modified: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger, server_default="0")
    line: Mapped[int] = mapped_column(BigInteger, server_default="0")
    done: Mapped[bool]
    at: Mapped[Made]

    __table_args__ = (UniqueConstraint("source_id", "task", "path", postgresql_nulls_not_distinct=True),)
