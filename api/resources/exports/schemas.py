"""What goes into `/v1/exports`: the filters of the lists without their pages, and the format."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field, WithJsonSchema

from api.resources.articles.schemas import ArticleQuery
from api.resources.banks.schemas import BankQuery
from api.resources.deliveries.schemas import DeliveryQuery
from api.resources.events.filters import EventFilter
from api.resources.exports.formats import NAMES
from api.resources.exports.sheets import Headings
from api.resources.firms.schemas import FirmQuery
from api.schemas import known

FormatName = Annotated[str, known("format", NAMES), WithJsonSchema({"type": "string", "enum": list(NAMES)})]


class Export(BaseModel):
    """In which form a table is taken away."""

    format: FormatName = Field("csv", description="csv, xlsx, jsonl or parquet")
    headings: Headings = Field("names", description="zh: headings and slugs in Chinese (csv and xlsx)")


class EventExport(Export, EventFilter):
    """Which events."""


# A list's pages are of no concern here: what is no field is refused where it is given.


class ArticleExport(Export, ArticleQuery):
    """Which articles."""

    limit: ClassVar[int]  # type: ignore[misc]
    cursor: ClassVar[str | None]  # type: ignore[misc]


class BankExport(Export, BankQuery):
    """Which banks."""

    limit: ClassVar[int]  # type: ignore[misc]
    cursor: ClassVar[str | None]  # type: ignore[misc]


class FirmExport(Export, FirmQuery):
    """Which firms."""

    limit: ClassVar[int]  # type: ignore[misc]
    cursor: ClassVar[str | None]  # type: ignore[misc]


class DeliveryExport(Export, DeliveryQuery):
    """Which of one's own deliveries."""

    limit: ClassVar[int]  # type: ignore[misc]
    cursor: ClassVar[str | None]  # type: ignore[misc]
