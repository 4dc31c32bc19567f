"""A visitor of sites who comes by hand, now and then: one request after another, as robots.txt allows."""

import time
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from protego import Protego

from core.errors import RejectedInput, YinqiError
from core.http import Outbound, Response
from core.settings import settings
from ingest.errors import BadStatus
from ingest.fetch import ACCEPT

_PRODUCT = "Yinqi"  # the name that a robots.txt addresses us by
_ONE_REQUEST = 10.0  # seconds
_LARGEST = 15 * 2**20
_LARGEST_PDF = 50 * 2**20
_ROBOTS = 500 * 1024  # bytes that are read of a robots.txt (RFC 9309, 2.5)
_LONGEST_PAUSE = 60.0


def outbound() -> Outbound:
    """The way out for a command, by this process's settings."""
    contact = settings().contact
    agent = f"Yinqi/0.1 (financial news monitor{f'; {contact}' if contact else ''})"
    return Outbound(allow=settings().networks, user_agent=agent)


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
    _robots: dict[str, Protego | None] = field(default_factory=dict)

    def get(self, url: str) -> Response:
        """A page that robots.txt lets us have; BadStatus where it is not given."""
        robots = self.robots(url)
        if robots and not robots.can_fetch(url, _PRODUCT):
            raise RejectedInput(f"{url}: robots.txt of {urlsplit(url).netloc} forbids it")
        delay = robots.crawl_delay(_PRODUCT) if robots else None
        self._wait(min(max(self.pause, delay or 0), _LONGEST_PAUSE) if self.pause else 0.0)
        answer = self._request(url, _LARGEST_PDF if urlsplit(url).path.lower().endswith(".pdf") else _LARGEST)
        if not 200 <= answer.status < 300:
            raise BadStatus(f"{url}: answered with status {answer.status}")
        return answer

    def robots(self, url: str) -> Protego | None:
        """The site's robots.txt, asked for once; None where there is none."""
        site = urljoin(url, "/robots.txt")
        if site not in self._robots:
            try:
                answer = self._request(site, _ROBOTS)
            except YinqiError:
                self._robots[site] = None
            else:
                told = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
                self._robots[site] = Protego.parse(told) if told else None
        return self._robots[site]

    def _wait(self, pause: float) -> None:
        time.sleep(max(0.0, self._last + pause - time.monotonic()))

    def _request(self, url: str, largest: int) -> Response:
        left = _ONE_REQUEST if self.seconds is None else self._begun + self.seconds - time.monotonic()
        if left <= 0 or (self.requests is not None and self._made >= self.requests):
            raise RejectedInput(f"{url}: not looked at: {self.requests} requests or {self.seconds:.0f} s are the most")
        self._made += 1
        try:
            return self.out.request(
                "GET", url, headers={"Accept": ACCEPT}, total_timeout=min(left, _ONE_REQUEST), max_bytes=largest
            )
        finally:
            self._last = time.monotonic()
