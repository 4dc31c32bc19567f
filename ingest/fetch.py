"""A source's body over HTTP, asked for only if it changed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from core.http import Outbound, Response
from ingest.errors import BadStatus

ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/plain;q=0.8, */*;q=0.5"
_LONGEST_PAUSE = timedelta(days=1)  # a source that asks for more is asked again after a day


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer that can be asked what it means."""

    response: Response

    @property
    def is_modified(self) -> bool:
        """Whether there is a body to read."""
        return self.response.status != 304

    @property
    def is_rate_limited(self) -> bool:
        """Whether the source wants to be left alone for a while."""
        return self.response.status in {429, 503}

    @property
    def content_type(self) -> str:
        """The header's value as it came, empty if there is none."""
        return _header(self.response, "content-type") or ""

    @property
    def etag(self) -> str | None:
        """For the next request's If-None-Match."""
        return _header(self.response, "etag")

    @property
    def last_modified(self) -> str | None:
        """For the next request's If-Modified-Since."""
        return _header(self.response, "last-modified")

    def retry_after(self, now: datetime) -> timedelta | None:
        """How long the source asks to be left alone (seconds or a date, RFC 9110, 10.2.3), a day at most."""
        told = (_header(self.response, "retry-after") or "").strip()
        pause = _seconds(told) if told.isascii() and told.isdigit() else _until(told, now)
        return min(pause, _LONGEST_PAUSE) if pause and pause > timedelta() else None

    def check(self) -> None:
        """BadStatus unless there is a body, or none is needed."""
        status = self.response.status
        if status != 304 and not 200 <= status < 300:
            raise BadStatus(f"answered with status {status}")


def fetch(out: Outbound, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
    """GET `url` unless it is as it was then; errors of the way itself are core.http's."""
    headers = {"Accept": ACCEPT}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    return Fetched(out.request("GET", url, headers=headers))


def _header(response: Response, name: str) -> str | None:
    value: str | None = response.headers.get(name)
    return value


def _seconds(told: str) -> timedelta:
    return timedelta(seconds=min(int(told[:12]), 10**9))


def _until(told: str, now: datetime) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
