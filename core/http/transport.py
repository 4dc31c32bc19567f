"""httpx transports over an httpcore pool that was built with a backend of our own; httpx offers no way to pass one."""

from collections.abc import AsyncIterator, Iterator

import httpcore
import httpx


class PoolTransport(httpx.BaseTransport):
    """The sync transport. Errors of httpcore pass through as they are: core.http.errors translates them."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the answer's body is still on the wire."""
        answer = self._pool.handle_request(_as_core(request))
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close every connection of the pool."""
        self._pool.close()


class AsyncPoolTransport(httpx.AsyncBaseTransport):
    """The async twin."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the answer's body is still on the wire."""
        answer = await self._pool.handle_async_request(_as_core(request))
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_AsyncStream(answer), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close every connection of the pool."""
        await self._pool.aclose()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _AsyncStream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._answer.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


def _as_core(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )
