"""`Outbound` and `AsyncOutbound`: the same request, told twice because sockets come in two kinds.

An exchange of `Outbound` has connections of its own and leaves none open. `AsyncOutbound`, which asks many pages of one
site, speaks HTTP/2 where the other side does, and may let connections rest for some seconds (connections).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpcore
import httpx

from core.addresses import Network
from core.http.backend import AsyncGuardedBackend, Guard, GuardedBackend, Resolve, system_resolve
from core.http.body import ACCEPTED
from core.http.connections import Connections, Lent
from core.http.errors import translated
from core.http.exchange import Exchange, Response, own_headers
from core.http.urls import parse_url

USER_AGENT = "Yinqi/0.1 (financial news monitor)"
MEBIBYTE = 2**20

for _name in ("httpx", "httpcore"):  # they log whole URLs, and those of webhooks hold secrets
    logging.getLogger(_name).setLevel(logging.WARNING)


Cap = Callable[[str, httpx.Headers], int]
"""From the address that answers and its headers to the bytes that may come."""

BeforeHop = Callable[[str], Awaitable[None]]
_DRAINED = 64 * 1024  # bytes of a redirect's own body that are read so that its connection can be used again


class _Policy:
    """What both clients are built with: the guard and the limits. Times in seconds, sizes in bytes.

    `allow` holds networks that are open although the guard would refuse them: one's own, the demo's. `resolve` is for
    tests. Proxies from the environment are not used: behind one, nothing here would see the address.
    """

    def __init__(
        self,
        *,
        allow: Sequence[Network] = (),
        user_agent: str = USER_AGENT,
        connect_timeout: float = 5.0,
        read_timeout: float = 10.0,
        header_timeout: float = 20.0,
        total_timeout: float = 30.0,
        max_bytes: int = 15 * MEBIBYTE,
        resolve: Resolve = system_resolve,
    ) -> None:
        self._guard = Guard(allow=allow, resolve=resolve)
        self._headers = {"user-agent": user_agent, "accept": "*/*", "accept-encoding": ACCEPTED}
        self._timeouts = {"connect": connect_timeout, "read": read_timeout, "write": read_timeout, "pool": read_timeout}
        self._header_timeout, self._total_timeout, self._max_bytes = header_timeout, total_timeout, max_bytes
        self._tls = httpx.create_ssl_context()  # certifi's authorities, or SSL_CERT_FILE's; costly, so made once

    def _exchange(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None,
        content: bytes | None,
        follow: bool,
        max_bytes: int | None,
        total_timeout: float | None,
        truncate: bool,
    ) -> Exchange:
        return Exchange(
            method=method.upper(),
            url=parse_url(url),
            headers=own_headers(headers),
            content=content,
            follow=follow,
            max_bytes=self._max_bytes if max_bytes is None else max_bytes,
            truncate=truncate,
            total_timeout=self._total_timeout if total_timeout is None else total_timeout,
        )


class Outbound(_Policy):
    """The sync way out; safe to share between threads."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        follow: bool = True,
        max_bytes: int | None = None,
        total_timeout: float | None = None,
        truncate: bool = False,
    ) -> Response:
        """One request with its redirects (none with `follow=False`); any status is an answer. Errors: core.http.errors.

        `truncate` stops reading at `max_bytes` instead of failing with TooLarge.
        """
        exchange = self._exchange(
            method, url, headers=headers, content=content, follow=follow,
            max_bytes=max_bytes, total_timeout=total_timeout, truncate=truncate,
        )  # fmt: skip
        backend = GuardedBackend(self._guard, exchange.remaining)
        with (
            translated(exchange.shown),
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
        ):
            while True:
                with pool.stream(**exchange.request(self._headers, self._timeouts)) as answer:
                    headers = httpx.Headers(answer.headers)
                    if not exchange.moved(answer.status, headers):
                        body = exchange.body(headers)
                        for piece in answer.iter_stream():
                            if body.add(piece):
                                break
                        return exchange.response(answer.status, headers, body)

    def close(self) -> None:
        """Nothing stays open between requests; here so that callers need not know."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class AsyncOutbound(_Policy):
    """The async twin, for one event loop.

    `rest`: seconds that an idle connection stays open for the next request to its origin; 0 leaves none. `most`
    connections are open at a time, `most_to_one` of them to one origin. `header_timeout` ends with the last header.
    """

    def __init__(self, *, rest: float = 0.0, most: int = 200, most_to_one: int = 4, **policy: Any) -> None:
        super().__init__(**policy)
        self._backend = AsyncGuardedBackend(self._guard)
        self._connections = Connections(
            tls=self._tls, backend=self._backend, rest=rest, most=most, most_to_one=most_to_one
        )

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        follow: bool = True,
        max_bytes: int | None = None,
        total_timeout: float | None = None,
        truncate: bool = False,
        cap: Cap | None = None,
        before_hop: BeforeHop | None = None,
        repeat: bool | None = None,
        fresh: bool = False,
        after: "asyncio.Future[None] | None" = None,
    ) -> Response:
        """As `Outbound.request`. `cap` may set another `max_bytes` once status and headers of the answer are known;
        `before_hop` is awaited with the address of each redirect, and may refuse it by raising.

        A connection that had rested may be dead: `repeat` tells whether the request may then be sent once more over
        a new one (None: if it has no content). `fresh`: none that rested is used at all. `after`: what must have
        happened before anything leaves, while all else is made ready.
        """
        exchange = self._exchange(
            method, url, headers=headers, content=content, follow=follow,
            max_bytes=max_bytes, total_timeout=total_timeout, truncate=truncate,
        )  # fmt: skip
        repeat = exchange.content is None if repeat is None else repeat
        with translated(exchange.shown):
            async with asyncio.timeout(exchange.remaining()):
                while True:
                    response = await self._hop(exchange, cap, after, repeat=repeat, fresh=fresh)
                    if response is not None:
                        return response
                    if before_hop is not None:
                        await before_hop(str(exchange.url))

    async def _hop(
        self, exchange: Exchange, cap: Cap | None, after: "asyncio.Future[None] | None", *, repeat: bool, fresh: bool
    ) -> Response | None:
        """The answer of the present hop, None where it leads elsewhere; a connection that had rested may be dead."""
        asked = exchange.request(self._headers, self._timeouts)
        if exchange.content is not None:
            asked["headers"].append((b"Content-Length", b"%d" % len(exchange.content)))
        request = httpcore.Request(**asked)
        async with self._connections.lend(request.url, fresh=fresh) as lent:
            if after is not None:
                await after
            try:
                answer = await self._headers_of(lent, request)
            except (httpcore.NetworkError, httpcore.RemoteProtocolError):
                if not (lent.used and repeat):
                    raise
            else:
                return await _read(exchange, lent, answer, cap)
        async with self._connections.lend(request.url, fresh=True) as lent:
            return await _read(exchange, lent, await self._headers_of(lent, request), cap)

    async def _headers_of(self, lent: Lent, request: httpcore.Request) -> httpcore.Response:
        async with asyncio.timeout(self._header_timeout):
            return await lent.connection.handle_async_request(request)

    async def close(self) -> None:
        """Close the connections that rest."""
        await self._connections.close()
        self._backend.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()


async def _read(exchange: Exchange, lent: Lent, answer: httpcore.Response, cap: Cap | None) -> Response | None:
    """The answer with its body, None where the exchange moves on; what is not read to its end spoils the connection."""
    headers = httpx.Headers(answer.headers)
    moved = exchange.moved(answer.status, headers)
    if cap is not None and not moved:
        exchange.max_bytes = cap(str(exchange.url), headers)
    body = None if moved else exchange.body(headers)
    left = _DRAINED
    async for piece in answer.aiter_stream():
        left -= len(piece) if moved else 0
        if left < 0 or (body is not None and body.add(piece)):
            break
    else:
        await answer.aclose()
        lent.clean = True
    return None if body is None else exchange.response(answer.status, headers, body)
