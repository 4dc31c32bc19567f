"""A body over HTTP, asked for only if it changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from httpx import Headers

from core.http import AsyncOutbound, BeforeHop, Response
from ingest.errors import BadStatus, Gone

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, "
    "text/plain;q=0.8, */*;q=0.5"
)
MEBIBYTE = 2**20
MOST = 15 * MEBIBYTE  # bytes of a body, decompressed
MOST_PDF = 50 * MEBIBYTE
LONGEST = 30.0  # seconds of a request with its redirects
LONGEST_PDF = 60.0
_GONE = frozenset({400, 404, 405, 406, 410, 414, 451})  # what asking again would not change
_LONGEST_TOLD = 10**9  # seconds; more is no time that anybody means


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer that can be asked what it means. Times in seconds."""

    response: Response

    @property
    def is_modified(self) -> bool:
        """Whether there is a body to read."""
        return self.response.status != 304

    @property
    def content_type(self) -> str:
        """The header's value as it came, empty if there is none."""
        return self._header("content-type")

    @property
    def etag(self) -> str | None:
        """For the next request's If-None-Match."""
        return self._header("etag") or None

    @property
    def last_modified(self) -> str | None:
        """For the next request's If-Modified-Since."""
        return self._header("last-modified") or None

    def retry_after(self, now: datetime) -> float:
        """How long the source asks to be left alone (seconds or a date, RFC 9110, 10.2.3); 0 where it does not."""
        told = self._header("retry-after").strip()
        return max(0.0, _seconds(told) if _is_number(told) else _until(told, now))

    @property
    def max_age(self) -> float | None:
        """How long the answer says it is fresh (RFC 9111, 5.2.2.1), less its Age; None where it says nothing."""
        for part in self._header("cache-control").lower().split(","):
            name, _, value = part.strip().partition("=")
            if name == "max-age" and _is_number(value := value.strip('" ')):
                age = self._header("age").strip()
                return max(0.0, _seconds(value) - (_seconds(age) if _is_number(age) else 0.0))
            if name in {"no-cache", "no-store"}:
                return 0.0
        return None

    def expires(self, now: datetime) -> float:
        """Until when it says that it is fresh; 0 where it does not, or says so of the past (`Expires: 0`)."""
        told = self._header("expires").strip()
        return 0.0 if _is_number(told) else max(0.0, _until(told, now))

    def check(self) -> None:
        """BadStatus (Gone where that is for good) unless there is a body, or none is needed."""
        status = self.response.status
        if status != 304 and not 200 <= status < 300:
            raise (Gone if status in _GONE else BadStatus)(f"answered with status {status}")

    def _header(self, name: str) -> str:
        value: str = self.response.headers.get(name, "")
        return value


async def fetch(
    out: AsyncOutbound,
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    before_hop: BeforeHop | None = None,
) -> Fetched:
    """GET `url` unless it is as it was then; errors of the way itself are core.http's."""
    headers = {"Accept": ACCEPT}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    time = LONGEST_PDF if _is_pdf(url) else LONGEST
    return Fetched(await out.request("GET", url, headers=headers, cap=_cap, total_timeout=time, before_hop=before_hop))


def _cap(url: str, headers: Headers) -> int:
    """The most bytes of an answer, by what it is said to be."""
    told = headers.get("content-type", "").partition(";")[0].strip().lower()
    return MOST_PDF if told == "application/pdf" or _is_pdf(url) else MOST


def _is_pdf(url: str) -> bool:
    return urlsplit(url).path.lower().endswith(".pdf")


def _is_number(told: str) -> bool:
    return told.isascii() and told.isdigit()


def _seconds(told: str) -> float:
    return float(min(int(told[:12]), _LONGEST_TOLD))


def _until(told: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return 0.0
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
