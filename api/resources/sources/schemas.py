"""What goes in and out of `/v1/sources`."""

from typing import Annotated, Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from api.schemas import In, Moment, Name, Out, examples, known
from core.errors import RejectedInput
from core.http import check_url
from core.settings import settings
from ingest.files import folder, opened
from ingest.formats import KINDS

EXAMPLE: dict[str, Any] = {
    "name": "示例财经",
    "url": "https://news.example.com/rss.xml",
    "kind": "rss",
    "zone": "Asia/Shanghai",
    "enabled": True,
    "interval": 600,
}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no time zone is called {name!r}") from None
    return name


def _callable(url: str) -> str:
    try:
        return opened.check_address(url, settings().folders) if _is_file(url) else check_url(url)
    except RejectedInput as error:
        raise ValueError(str(error)) from None


def _is_file(url: str) -> bool:
    return url.lower().startswith("file:")


Kind = Annotated[str, known("kind of source", KINDS), WithJsonSchema({"type": "string", "enum": KINDS})]
Zone = Annotated[Name, AfterValidator(_zone)]
Url = Annotated[str, Field(max_length=4096), AfterValidator(_callable)]
Interval = Annotated[float, Field(ge=10, le=86_400 * 30)]


class SourceIn(In):
    """A new source. `interval` in seconds, null for the installation's; naive times of it are read in `zone`."""

    model_config = examples(EXAMPLE)

    name: Name
    url: Url
    kind: Kind = "rss"
    zone: Zone = "Asia/Shanghai"
    enabled: bool = True
    interval: Interval | None = None

    @model_validator(mode="after")
    def _folders_are_files(self) -> Self:
        if (self.kind == folder.KIND) != _is_file(self.url):
            raise ValueError(f"a source of the kind {folder.KIND!r}, and no other, has an address file:///…")
        return self


class SourcePatch(In):
    """What is to change; what is not named stays."""

    model_config = examples({"enabled": False}, {"interval": 3600})

    name: Name = ""
    url: Url = ""
    zone: Zone = "Asia/Shanghai"
    enabled: bool = True
    interval: Interval | None = None


class SourceOut(Out):
    """A source and how its polls went. `last_item_at` is when it last gave a new article."""

    id: UUID
    name: str
    url: str
    kind: str
    zone: str
    enabled: bool
    interval: float | None
    created_at: Moment
    due_at: Moment
    last_polled_at: Moment | None
    last_success_at: Moment | None
    last_item_at: Moment | None
    failures: int
    last_error: str | None


class SourceErrorOut(Out):
    """What could not be fetched, read or kept: `input` names it, `reason` says why."""

    model_config = Out.model_config | examples(
        {
            "at": "2026-03-01T16:30:00.000Z",
            "input": "https://news.example.com/rss.xml",
            "reason": "not a feed: it is an HTML page (text/html)",
        }
    )

    at: Moment
    input: str
    reason: str
