"""A visitor of sites who comes by hand, now and then: one request after another, as robots.txt allows."""

import time
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from core.errors import RejectedInput, YinqiError
from core.http import Outbound, Response
from core.settings import settings
from ingest import robots
from ingest.errors import BadStatus, Forbidden
from ingest.fetch import ACCEPT
from ingest.robots import Robots

_ONE_REQUEST = 10.0  # seconds
_LARGEST = 15 * 2**20
_LARGEST_PDF = 50 * 2**20
_LONGEST_PAUSE = 60.0


def user_agent() -> str:
    """How we introduce ourselves to sites: honestly, and with whom to write to, where the operator told."""
    contact = settings().contact
    return f"Yinqi/0.1 (financial news monitor{f'; {contact}' if contact else ''})"


def outbound() -> Outbound:
    """The way out for a command, by this process's settings."""
    return Outbound(allow=settings().networks, user_agent=user_agent())


@dataclass(slots=True)
class Visitor:
    """Makes up to `requests` requests within `seconds`, where these are set, and `pause` seconds between two of them;
    a site that asks for a longer pause (Crawl-delay) gets it, up to a minute."""

    out: Outbound
    requests: int | None = None
    seconds: float | None = None
    pause: float = 0.0
    _made: int = 0
    _begun: float = field(default_factory=time.monotonic)
    _last: float = 0.0
    _robots: dict[str, Robots] = field(default_factory=dict)

    def get(self, url: str) -> Response:
        """A page that robots.txt lets us have (else Forbidden); BadStatus where it is not given."""
        told = self._robots_of(url)
        if reason := robots.refusal(told.text, url):
            raise Forbidden(reason)
        self._wait(min(max(self.pause, told.delay or 0.0), _LONGEST_PAUSE) if self.pause else 0.0)
        answer = self._request(url, _LARGEST_PDF if urlsplit(url).path.lower().endswith(".pdf") else _LARGEST)
        if not 200 <= answer.status < 300:
            raise BadStatus(f"{url}: answered with status {answer.status}")
        return answer

    def sitemaps(self, url: str) -> list[str]:
        """Those that the site's robots.txt names."""
        return [urljoin(url, one) for one in robots.sitemaps(self._robots_of(url).text)]

    def _robots_of(self, url: str) -> Robots:
        """The site's robots.txt, asked for once."""
        site = urljoin(url, "/robots.txt")
        if site not in self._robots:
            self._robots[site] = self._learnt(site)
        return self._robots[site]

    def _learnt(self, site: str) -> Robots:
        try:
            answer = self._request(site, robots.MOST_BYTES, truncate=True)
        except RejectedInput:
            raise
        except YinqiError as error:
            return robots.unreached(str(error), None, None)
        if 200 <= answer.status < 300:
            return robots.learnt(answer.body, answer.headers.get("content-type", ""), None)
        if 400 <= answer.status < 500:
            return robots.none(None)
        return robots.unreached(f"it answered with status {answer.status}", None, None)

    def _wait(self, pause: float) -> None:
        time.sleep(max(0.0, self._last + pause - time.monotonic()))

    def _request(self, url: str, largest: int, *, truncate: bool = False) -> Response:
        left = _ONE_REQUEST if self.seconds is None else self._begun + self.seconds - time.monotonic()
        if left <= 0 or (self.requests is not None and self._made >= self.requests):
            raise RejectedInput(f"{url}: not looked at: {self.requests} requests or {self.seconds:.0f} s are the most")
        self._made += 1
        limits = {"max_bytes": largest, "total_timeout": min(left, _ONE_REQUEST), "truncate": truncate}
        try:
            return self.out.request("GET", url, headers={"Accept": ACCEPT}, **limits)  # type: ignore[arg-type]
        finally:
            self._last = time.monotonic()
