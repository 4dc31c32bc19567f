"""`Outbound` and `AsyncOutbound`: the same request, told twice because sockets come in two kinds.

Each exchange has connections of its own and leaves none open: no answer can meet a connection that was judged at
another time, and no idle one is kept on a stranger's server.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import httpcore
import httpx

from core.addresses import Network
from core.http.backend import AsyncGuardedBackend, Guard, GuardedBackend, Resolve, system_resolve
from core.http.body import ACCEPTED
from core.http.errors import translated
from core.http.exchange import Exchange, Response, own_headers
from core.http.urls import parse_url

USER_AGENT = "Yinqi/0.1 (financial news monitor)"
MEBIBYTE = 2**20

for _name in ("httpx", "httpcore"):  # they log whole URLs, and those of webhooks hold secrets
    logging.getLogger(_name).setLevel(logging.WARNING)


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
        total_timeout: float = 30.0,
        max_bytes: int = 15 * MEBIBYTE,
        resolve: Resolve = system_resolve,
    ) -> None:
        self._guard = Guard(allow=allow, resolve=resolve)
        self._headers = {"user-agent": user_agent, "accept": "*/*", "accept-encoding": ACCEPTED}
        self._timeouts = {"connect": connect_timeout, "read": read_timeout, "write": read_timeout, "pool": read_timeout}
        self._total_timeout, self._max_bytes = total_timeout, max_bytes
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
    """The async twin, for one event loop."""

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
    ) -> Response:
        """As `Outbound.request`."""
        exchange = self._exchange(
            method, url, headers=headers, content=content, follow=follow,
            max_bytes=max_bytes, total_timeout=total_timeout, truncate=truncate,
        )  # fmt: skip
        with translated(exchange.shown):
            backend = AsyncGuardedBackend(self._guard)
            async with (
                asyncio.timeout(exchange.remaining()),
                httpcore.AsyncConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
            ):
                while True:
                    async with pool.stream(**exchange.request(self._headers, self._timeouts)) as answer:
                        headers = httpx.Headers(answer.headers)
                        if not exchange.moved(answer.status, headers):
                            body = exchange.body(headers)
                            async for piece in answer.aiter_stream():
                                if body.add(piece):
                                    break
                            return exchange.response(answer.status, headers, body)

    async def close(self) -> None:
        """Nothing stays open between requests; here so that callers need not know."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()
