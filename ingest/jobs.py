"""What the ingest process takes on, and what it says became of it. Plain records; times in seconds."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from core.models import Link, Source
from ingest.robots import Robots


@dataclass(frozen=True, slots=True)
class Place:
    """A host as its turn was won: its robots.txt (None: none is known) and whether that still holds.

    A folder of this machine has a place without a name.
    """

    name: str
    robots: str | None = None
    holds: bool = False
    delay: float | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A source to be polled, or where `link` is set a page of it to be fetched; `at` is when it was claimed."""

    source: Source
    place: Place
    at: datetime
    link: Link | None = None

    @property
    def url(self) -> str:
        """What is to be asked for."""
        return self.link.url if self.link is not None else self.source.url


@dataclass(frozen=True, slots=True)
class Polled:
    """What became of a poll. `reason` and `error` tell why it failed; `asked` is False where no request was made.

    Of a changed body: `items` that it held (None: it had not changed), articles `stored` and `known`, new `links`,
    `problems` of single items; what is to be known of it the next time (`seen`, see ingest.seen).
    """

    source: Source
    at: datetime
    pause: float
    reason: str | None = None
    error: Exception | None = None
    asked: bool = True
    once: bool = False
    etag: str | None = None
    last_modified: str | None = None
    stored: int = 0
    known: int = 0
    links: int = 0
    problems: int = 0
    items: int | None = None
    rhythm: float | None = None
    seen: bytes | None = None

    @property
    def articles(self) -> int:
        """What the source had not told before."""
        return self.stored + self.links


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a link: `state` open (again after `pause`), done or failed; `told`: its source's errors say so."""

    link: Link
    state: str
    pause: float = 0.0
    reason: str | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A job that was not begun: as if it had never been claimed."""

    job: Job


@dataclass(frozen=True, slots=True)
class Turn:
    """The host `name` may be asked again after `pause`."""

    name: str
    pause: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """The robots.txt of the host `name`."""

    name: str
    robots: Robots


@dataclass(frozen=True, slots=True)
class Named:
    """A page that a source named, ready to become a link."""

    url: str
    canonical_url: str
    title: str | None
    text: str | None
    published: datetime | None
    updated: datetime | None
    quiet: bool


Entry: TypeAlias = Polled | Followed | GivenBack | Turn | Learnt


def host_of(url: str) -> str:
    """The server that `url` names, as the tables' `host` columns do: name and port in small letters."""
    return urlsplit(url).netloc.lower()
