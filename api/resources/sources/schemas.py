"""What goes in and out of `/v1/sources`."""

from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cssselect import HTMLTranslator, SelectorError
from pydantic import AfterValidator, Field, WithJsonSchema

from api.pagination import PageQuery
from api.schemas import In, Moment, Name, Out, Text, examples, known
from core.errors import RejectedInput
from core.http import check_url
from core.models import HEALTH
from core.settings import settings
from ingest.files import opened
from ingest.formats import KINDS

EXAMPLE: dict[str, Any] = {
    "name": "示例财经",
    "url": "https://news.example.com/rss.xml",
    "kind": "rss",
    "zone": "Asia/Shanghai",
    "enabled": True,
    "interval": 600,
    "shortest_interval": None,
    "longest_interval": None,
    "selector": None,
    "full_text": False,
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


def _selecting(selector: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from None
    return selector


Kind = Annotated[str, known("kind of source", KINDS), WithJsonSchema({"type": "string", "enum": KINDS})]
Zone = Annotated[Name, AfterValidator(_zone)]
Url = Annotated[str, Field(max_length=4096), AfterValidator(_callable)]
Interval = Annotated[float, Field(ge=10, le=86_400 * 30)]
Selector = Annotated[Text, Field(min_length=1, max_length=1000), AfterValidator(_selecting)]
State = Annotated[str, known("health", HEALTH), WithJsonSchema({"type": "string", "enum": HEALTH})]
Wanted = Annotated[
    str,
    known("health", (*HEALTH, "troubled")),
    WithJsonSchema({"type": "string", "enum": (*HEALTH, "troubled")}),
]


class _Fields(In):
    zone: Zone = "Asia/Shanghai"
    enabled: bool = True
    interval: Interval | None = None
    shortest_interval: Interval | None = None
    longest_interval: Interval | None = None
    selector: Selector | None = None
    full_text: bool = False


class SourceIn(_Fields):
    """A new source; its naive times are read in `zone`. Intervals are in seconds.

    `interval` null: it is asked by its own rhythm, between `shortest_interval` and `longest_interval` (null: the
    installation's). `selector`: CSS, of the links on a list page; null: Yinqi finds them by itself. `full_text`: what
    its items only point to, or cut, is fetched.
    """

    model_config = examples(EXAMPLE)

    name: Name
    url: Url
    kind: Kind = "rss"


class SourcePatch(_Fields):
    """What is to change; what is not named stays."""

    model_config = examples({"enabled": False}, {"interval": 3600}, {"selector": "ul.news li a"})

    name: Name = ""
    url: Url = ""
    kind: Kind = "rss"


class SourceQuery(PageQuery):
    """Filters of `/v1/sources`."""

    health: Wanted | None = Field(None, description="How they are; `troubled`: in any way but ok")


class SourceOut(Out):
    """A source and how its polls went. `last_item_at` is when it last gave a new article, `due_at` its next poll.

    `rhythm`: seconds between two of its articles, smoothed. `items`: how many its last changed answer held. `health`
    is one of ok, dead, empty, changed, challenged, silent; it has been so since `health_since`, for `health_reason`.
    """

    id: UUID
    name: str
    url: str
    kind: str
    zone: str
    enabled: bool
    interval: float | None
    shortest_interval: float | None
    longest_interval: float | None
    selector: str | None
    full_text: bool
    created_at: Moment
    due_at: Moment
    last_polled_at: Moment | None
    last_success_at: Moment | None
    last_item_at: Moment | None
    failures: int
    last_error: str | None
    rhythm: float | None
    items: int | None
    health: State
    health_since: Moment | None
    health_reason: str | None


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
