"""Connections of the async client: each serves one exchange at a time and may rest for some seconds between two.

A connection goes to the address that was judged when it was opened, and serves its origin alone (scheme, host, port):
a name that leads elsewhere meanwhile is judged anew with the next connection. What did not end cleanly is closed.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from ssl import SSLContext

import httpcore

if find_spec("sniffio") is None:
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type] # httpcore looks for it on the disk at each lock

_Key = tuple[bytes, bytes, int]


@dataclass(slots=True)
class Lent:
    """A connection in the hands of an exchange: `used` before or new; `clean` is set once an answer was read whole."""

    connection: httpcore.AsyncHTTPConnection
    used: bool
    clean: bool = False


@dataclass(slots=True)
class _Resting:
    connection: httpcore.AsyncHTTPConnection
    bell: asyncio.TimerHandle


class Connections:
    """All connections of one client, on one event loop.

    `rest`: seconds that an idle one stays open (0: none does); `most` are open at a time, `most_to_one` to one origin.
    """

    def __init__(
        self, *, tls: SSLContext, backend: httpcore.AsyncNetworkBackend, rest: float, most: int, most_to_one: int
    ) -> None:
        self._tls, self._backend, self._rest = tls, backend, rest
        self._most, self._most_to_one = most, most_to_one
        self._room = asyncio.Semaphore(most)
        self._rooms: dict[_Key, asyncio.Semaphore] = {}
        self._wanted: defaultdict[_Key, int] = defaultdict(int)
        self._resting: dict[_Key, list[_Resting]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lend(self, url: httpcore.URL, *, fresh: bool = False) -> AsyncIterator[Lent]:
        """A connection to `url`'s origin, a resting one unless it must be `fresh`; waits while too many are lent."""
        origin = url.origin
        key = (origin.scheme, origin.host, origin.port)
        async with self._turn(key), self._room:
            lent = (None if fresh else self._wake(key)) or Lent(self._open(origin), used=False)
            try:
                yield lent
            finally:
                if not (lent.clean and self._put_to_rest(key, lent.connection)):
                    await _close(lent.connection)

    async def close(self) -> None:
        """Close what rests."""
        resting = [one for several in self._resting.values() for one in several]
        self._resting.clear()
        for one in resting:
            one.bell.cancel()
            await _close(one.connection)
        if self._closing:
            await asyncio.wait(self._closing)

    @asynccontextmanager
    async def _turn(self, key: _Key) -> AsyncIterator[None]:
        room = self._rooms.setdefault(key, asyncio.Semaphore(self._most_to_one))
        self._wanted[key] += 1
        try:
            async with room:
                yield
        finally:
            self._wanted[key] -= 1
            if not self._wanted[key]:
                del self._wanted[key], self._rooms[key]

    def _open(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        return httpcore.AsyncHTTPConnection(
            origin=origin, ssl_context=self._tls, http1=True, http2=True, network_backend=self._backend
        )

    def _wake(self, key: _Key) -> Lent | None:
        while several := self._resting.get(key):
            one = several.pop()
            one.bell.cancel()
            if not several:
                del self._resting[key]
            if one.connection.is_available() and not one.connection.has_expired():
                return Lent(one.connection, used=True)
            self._close_soon(one.connection)
        return None

    def _put_to_rest(self, key: _Key, connection: httpcore.AsyncHTTPConnection) -> bool:
        if not self._rest or not connection.is_idle() or sum(map(len, self._resting.values())) >= self._most:
            return False
        bell = asyncio.get_running_loop().call_later(self._rest, self._end, key, connection)
        self._resting.setdefault(key, []).append(_Resting(connection, bell))
        return True

    def _end(self, key: _Key, connection: httpcore.AsyncHTTPConnection) -> None:
        left = [one for one in self._resting.pop(key, []) if one.connection is not connection]
        if left:
            self._resting[key] = left
        self._close_soon(connection)

    def _close_soon(self, connection: httpcore.AsyncHTTPConnection) -> None:
        task = asyncio.ensure_future(_close(connection))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _close(connection: httpcore.AsyncHTTPConnection) -> None:
    with suppress(Exception):  # it is given up, whatever it says
        await connection.aclose()
