"""Sockets that only go where the guard lets them: resolve, judge every address, connect to the judged address itself.

These are httpcore network backends. TLS starts above them with the host's name, so that SNI and the certificate are
still those of the name, while the connection is pinned to the address.
"""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ssl import SSLContext
from typing import Any

import httpcore

from core.addresses import Network, refusal
from core.http.errors import AddressRefused, DnsFailure
from core.http.stream import connect

Resolve = Callable[[str, int], Sequence[str]]
Remaining = Callable[[], float]
_RESOLVERS = 16  # names that are looked up at the same time
_Options = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


def system_resolve(host: str, port: int) -> list[str]:
    """Every address that the system knows for `host`, in its order of preference; OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_address(host: str) -> bool:
    """Whether `host` is an address already, which nobody need be asked for."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Guard:
    """Turns a host into the addresses that may be connected to, or says why not."""

    def __init__(self, *, allow: Sequence[Network], resolve: Resolve) -> None:
        self._allow, self._resolve = tuple(allow), resolve

    def addresses(self, host: str, port: int) -> list[str]:
        """Addresses of `host`, all of them judged; one bad one refuses the host (AddressRefused, DnsFailure)."""
        checked = []
        for text in self._look_up(host, port):
            address = ipaddress.ip_address(text)
            if reason := refusal(address, self._allow):
                raise AddressRefused(f"{host}: leads to {address}, which is refused: {reason}")
            checked.append(str(address))
        return checked

    def _look_up(self, host: str, port: int) -> Sequence[str]:
        if is_address(host):
            return [str(ipaddress.ip_address(host))]
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise DnsFailure(f"{host}: not resolved: {error}") from error
        if not found:
            raise DnsFailure(f"{host}: has no address")
        return found


class GuardedBackend(httpcore.NetworkBackend):
    """The sync backend of one exchange; `remaining` gives its seconds left, so that no read outlives it."""

    def __init__(self, guard: Guard, remaining: Remaining) -> None:
        self._guard, self._remaining = guard, remaining
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _Options | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first judged address of `host` that answers."""
        failure: Exception | None = None
        for address in self._addresses(host, port, timeout):
            left = _clamp(timeout, self._remaining)
            try:
                stream = self._sockets.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _DeadlineStream(stream, self._remaining)
        assert failure is not None  # the guard gives one address at least
        raise failure

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        if is_address(host):
            return self._guard.addresses(host, port)
        return _within(_clamp(timeout, self._remaining), lambda: self._guard.addresses(host, port))

    def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Never: a socket file is always inside."""
        raise AddressRefused(f"{path}: socket files are refused")


class AsyncGuardedBackend(httpcore.AsyncNetworkBackend):
    """The async twin; the deadline of the exchange is asyncio's own, so only connecting is guarded here."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        # of their own: names that are slow to resolve must not hold the threads that others need
        self._resolvers = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolve")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 (httpcore says so)
        socket_options: _Options | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first judged address of `host` that answers."""
        failure: Exception | None = None
        for address in await self._addresses(host, port, timeout):
            try:
                return await connect(address, port, timeout, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        assert failure is not None
        raise failure

    async def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        if is_address(host):
            return self._guard.addresses(host, port)
        asked = asyncio.get_running_loop().run_in_executor(self._resolvers, self._guard.addresses, host, port)
        return await asyncio.wait_for(asked, timeout)

    def close(self) -> None:
        """Wait for nobody who is still resolving."""
        self._resolvers.shutdown(wait=False, cancel_futures=True)

    async def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Never: a socket file is always inside."""
        raise AddressRefused(f"{path}: socket files are refused")


class _DeadlineStream(httpcore.NetworkStream):
    """A stream none of whose operations lasts beyond the exchange: a drip of bytes does not hold it open."""

    def __init__(self, stream: httpcore.NetworkStream, remaining: Remaining) -> None:
        self._stream, self._remaining = stream, remaining

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _clamp(timeout, self._remaining))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _clamp(timeout, self._remaining))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, _clamp(timeout, self._remaining))
        return _DeadlineStream(inner, self._remaining)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _clamp(timeout: float | None, remaining: Remaining) -> float:
    left = remaining()
    return left if timeout is None else min(timeout, left)


def _within(seconds: float, work: Callable[[], list[str]]) -> list[str]:
    """Do blocking work that cannot be told to stop (getaddrinfo) and leave it behind when time is up."""
    outcome: list[list[str] | BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # handed to the caller's thread, whatever it is
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True, name="resolve")
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise TimeoutError
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]
