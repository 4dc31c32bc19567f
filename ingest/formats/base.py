"""The contract of a format: one way in which a body holds articles, or links to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

WHOLE = "whole"
"""A kind of no source: who asks so wants all that a body holds, as for an archive, and not only what is newest."""


@dataclass(frozen=True, slots=True)
class Body:
    """What came: the bytes, where they came from (after redirects), the content type's header as it came.

    `kind` is what the source is declared as (a format's name, empty: unknown, or WHOLE), `selector` its CSS selector of
    links, `zone` where its naive times are read.
    """

    content: bytes
    url: str
    content_type: str = ""
    kind: str = ""
    selector: str | None = None
    zone: str = "Asia/Shanghai"
    seen: bytes = b""


@dataclass(frozen=True, slots=True)
class Item:
    """One article as told: plain text, `url` absolute, times in UTC, `position` in the body from 1.

    Without a text it is a link, whose page at `url` is the article. `updated`: when it was last changed, if told.
    """

    title: str
    text: str
    url: str | None = None
    published: datetime | None = None
    author: str | None = None
    guid: str | None = None
    position: int = 1
    updated: datetime | None = None
    source_name: str | None = None


class ItemError(NamedTuple):
    """What could not be read; `position` 0 is the body as a whole."""

    position: int
    reason: str


class Part(NamedTuple):
    """Another body of the same source, which a body names: a sitemap of an index, the next page of a feed's archive.

    `updated`: when it last changed, if told; who has read it since need not read it again.
    """

    url: str
    updated: datetime | None = None


class Parsed(NamedTuple):
    """What a body held; `ttl` is how long the source asks to be left alone, `parts` what more of it there is.

    `passed`: how many items were passed over as known; `seen` marks them and those that were read, for the next time.
    """

    items: tuple[Item, ...]
    errors: tuple[ItemError, ...] = ()
    ttl: timedelta | None = None
    parts: tuple[Part, ...] = ()
    passed: int = 0
    seen: bytes = b""


class Format(Protocol):
    """Stateless. `sniff` is quick and never raises; `parse` raises RejectedInput where nothing can be read."""

    name: str

    def sniff(self, body: Body) -> bool: ...  # noqa: D102
    def parse(self, body: Body) -> Parsed: ...  # noqa: D102
