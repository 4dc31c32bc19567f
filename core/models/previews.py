"""Asked by the API, answered by ingest, which alone reaches outside."""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Id, Made, Moment


class Preview(Base):
    """The question what an address would give as a source (`kind` empty: found by itself), and its answer.

    `taken_at`: when an ingest process took it; `answer` is an object with either `candidates` and `others`, or `error`.
    """

    __tablename__ = "preview"

    id: Mapped[Id]
    url: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="")
    selector: Mapped[str | None]
    asked_at: Mapped[Made]
    taken_at: Mapped[Moment | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
