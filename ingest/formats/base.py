"""The contract of a format: one way in which a source's body holds articles."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Item:
    """One article as told: plain text, `url` absolute, `published` in UTC, `position` in the body from 1."""

    title: str
    text: str
    url: str | None = None
    published: datetime | None = None
    author: str | None = None
    guid: str | None = None
    position: int = 1


class ItemError(NamedTuple):
    """What could not be read; `position` 0 is the body as a whole."""

    position: int
    reason: str


class Parsed(NamedTuple):
    """What a body held; `ttl` is how long the source asks to be left alone."""

    items: tuple[Item, ...]
    errors: tuple[ItemError, ...] = ()
    ttl: timedelta | None = None


class Format(Protocol):
    """Stateless. `sniff` is quick and never raises; `parse` raises RejectedInput where nothing can be read."""

    name: str

    def sniff(self, body: bytes, content_type: str) -> bool: ...  # noqa: D102
    def parse(self, body: bytes, *, url: str, zone: str, content_type: str = "") -> Parsed: ...  # noqa: D102
