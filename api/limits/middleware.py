"""The middleware: who asks, whether it is too often, and the headers that tell."""

import hashlib
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.dashboard import cookies
from api.errors import respond
from api.limits import tally as tallies
from api.limits.tally import Standing, Tally
from core.settings import settings

EXEMPT = ("/v1/health", "/healthz", "/readyz", "/metrics")  # what watches Yinqi must always be answered
FREE = "/static/"  # what pages are made of: a browser asks for it by itself, once
_API = "/v1/"
_MOST_KNOWN = 10_000  # keys and sessions that a process remembers to be good
_SITE = 64  # bits of an IPv6 address that one household or firm is given


class Limits:
    """ASGI middleware; see the package."""

    def __init__(self, app: ASGIApp, tally: Tally | None = None) -> None:
        self._app = app
        self._tally = tally or Tally()
        self._known: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in EXEMPT or scope["path"].startswith(FREE):
            await self._app(scope, receive, send)
            return
        shown = _shown(scope)
        key = self._known.get(shown) if shown else None
        who = f"key:{key}" if key else f"address:{_address(scope)}"
        standing = self._count(who)
        if standing and standing.left < 0:
            await _refuse(scope, receive, send, standing, who)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                at = self._settled(scope, shown, who, standing)
                message = {**message, "headers": [*message["headers"], *_headers(*at)]}
            await send(message)

        await self._app(scope, receive, told)

    def _count(self, who: str) -> Standing | None:
        """Where `who` stands after one request more; None where there is no limit."""
        config = settings()
        most = config.limit_per_key if who.startswith("key:") else config.limit_per_address
        return self._tally.add(who, most) if most else None

    def _settled(
        self, scope: Scope, shown: str | None, who: str, standing: Standing | None
    ) -> tuple[str, Standing | None]:
        """For whom the request counts, now that the key behind what it showed was looked up, or none was."""
        state = scope.get("state", {})
        if shown is None or "known" not in state:
            return who, standing
        key = state["known"]
        if key is None:
            self._known.pop(shown, None)  # revoked, ended or expired meanwhile
        elif shown not in self._known:
            self._remember(shown, key)
            if standing:
                self._tally.take_back(who)
            who = f"key:{key}"
            return who, self._count(who)
        return who, standing

    def _remember(self, shown: str, key: str) -> None:
        self._known[shown] = key
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]


def _shown(scope: Scope) -> str | None:
    """A mark of what the request proves itself with: to the API a key, to pages a session; it gives away neither."""
    if scope["path"].startswith(_API):
        proof: bytes = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    else:
        proof = cookies.get(Request(scope), cookies.SESSION).encode()
    return hashlib.sha256(proof).hexdigest() if proof else None


def _address(scope: Scope) -> str:
    """Whom the address belongs to: itself, of IPv6 the network that its owner was given."""
    host = (scope.get("client") or ("unknown",))[0]
    try:
        found = ip_address(host)
    except ValueError:
        return str(host)
    return str(ip_network((found, _SITE), strict=False)) if isinstance(found, IPv6Address) else str(found)


def _headers(who: str, standing: Standing | None) -> list[tuple[bytes, bytes]]:
    if standing is None:
        return []
    name = "key" if who.startswith("key:") else "address"
    policy = f'"{name}";q={standing.most};w={tallies.WINDOW}'
    rest = f'"{name}";r={max(0, standing.left)};t={standing.reset}'
    return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", rest.encode())]


async def _refuse(scope: Scope, receive: Receive, send: Send, standing: Standing, who: str) -> None:
    whose = "this key" if who.startswith("key:") else "this address, from which no known key came,"
    reason = f"{whose} may ask {standing.most:,} times a minute: try again in {standing.reset} s"
    headers = {name.decode(): value.decode() for name, value in _headers(who, standing)}
    headers["retry-after"] = str(standing.reset)
    scope.setdefault("state", {}).setdefault("visitor", None)  # a page's frame asks nobody who it is
    await respond(Request(scope), 429, reason, headers=headers)(scope, receive, send)
