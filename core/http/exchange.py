"""One request and its redirects, without the sockets: the rules that the sync and the async client share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpcore
import httpx

from core.http.body import Body
from core.http.errors import BadUrl, TooManyRedirects
from core.http.urls import parse_url, shown

MOST_REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
_AS_GET = frozenset({301, 302, 303})  # what browsers do with a POST that is sent elsewhere (RFC 9110, 15.4)
_PRIVATE = ("authorization", "cookie", "proxy-authorization")
_Origin = tuple[str, bytes, int | None]
_OURS = frozenset({"host", "accept-encoding", "connection", "transfer-encoding", "content-length"})
_ABOUT_CONTENT = ("content-type", "content-length", "content-encoding")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: the final URL, its status, headers (names in any case), the decompressed body, seconds taken."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes
    elapsed: float
    truncated: bool = False


@dataclass(slots=True)
class Exchange:
    """Where the request stands: the present hop, and how the last answer is to be read."""

    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: bytes | None
    follow: bool
    max_bytes: int
    truncate: bool
    total_timeout: float
    hops: int = 0
    cookies: dict[_Origin, dict[str, str]] = field(default_factory=dict)
    started: float = field(default_factory=monotonic)

    def remaining(self) -> float:
        """Seconds left of the whole exchange; TimeoutError when there are none."""
        left = self.started + self.total_timeout - monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def shown(self) -> str:
        """The present hop for messages."""
        return shown(self.url)

    def request(self, defaults: Mapping[str, str], timeouts: Mapping[str, float]) -> dict[str, Any]:
        """The present hop as httpcore asks for it; `defaults` are headers where the caller gave none of that name."""
        url = self.url
        headers = httpx.Headers({**defaults, **dict(self.headers.items()), **self._cookies()})  # not one by one
        return {
            "method": self.method,
            "url": httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            "headers": [(b"Host", url.netloc), *headers.raw],
            "content": self.content,
            "extensions": {"timeout": dict(timeouts)},
        }

    def moved(self, status: int, headers: httpx.Headers) -> bool:
        """Whether to go on elsewhere; if so the next hop is checked and ready."""
        location = headers.get("location", "")
        if not self.follow or status not in _MOVED or not location:
            return False
        if self.hops >= MOST_REDIRECTS:
            raise TooManyRedirects(f"{self.shown()}: more than {MOST_REDIRECTS} redirects")
        self._keep_cookies(headers)
        before, self.url = self.url, self._next(location)
        self.hops += 1
        if _origin(before) != _origin(self.url):
            _drop(self.headers, _PRIVATE)
        if status in _AS_GET and self.method not in {"GET", "HEAD"}:
            self.method, self.content = "GET", None
            _drop(self.headers, _ABOUT_CONTENT)
        return True

    def body(self, headers: httpx.Headers) -> Body:
        """An empty body for this answer, with the exchange's cap."""
        return Body(headers, cap=self.max_bytes, truncate=self.truncate, shown=self.shown())

    def response(self, status: int, headers: httpx.Headers, body: Body) -> Response:
        """The answer, read to its end or to its cap."""
        return Response(
            url=str(self.url),
            status=status,
            headers=headers,
            body=body.finish(),
            elapsed=monotonic() - self.started,
            truncated=body.truncated,
        )

    def _keep_cookies(self, headers: httpx.Headers) -> None:
        """What a hop sets is sent back to its own origin: some sites redirect to see whether it is."""
        for line in headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies.setdefault(_origin(self.url), {})[name.strip()] = value.strip()

    def _cookies(self) -> dict[str, str]:
        kept = self.cookies.get(_origin(self.url))
        return {"cookie": "; ".join(f"{name}={value}" for name, value in kept.items())} if kept else {}

    def _next(self, location: str) -> httpx.URL:
        target = location.strip().replace(" ", "%20")
        if "\\" in target:
            raise BadUrl(f"{self.shown()}: redirects to an address with a backslash")
        try:
            joined = str(self.url.join(target))
        except (httpx.InvalidURL, ValueError) as error:
            raise BadUrl(f"{self.shown()}: redirects to what is no URL: {error}") from error
        return parse_url(joined)


def own_headers(headers: Mapping[str, str] | None) -> httpx.Headers:
    """The caller's headers, less those that the client alone decides."""
    return httpx.Headers([(name, value) for name, value in (headers or {}).items() if name.lower() not in _OURS])


def _drop(headers: httpx.Headers, names: tuple[str, ...]) -> None:
    for name in names:
        headers.pop(name, None)


def _origin(url: httpx.URL) -> _Origin:
    return url.scheme, url.raw_host, url.port
