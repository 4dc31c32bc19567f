"""The way out of channels that speak HTTP: one for each event loop, since connections rest between two alerts."""

import asyncio
from weakref import WeakKeyDictionary

from core.http import AsyncOutbound
from core.settings import Network, settings

TOTAL = 10.0  # seconds for a whole exchange (docs/webhooks.md)
ANSWER_READ = 64 * 1024  # bytes of an answer that are read at most
ANSWER_KEPT = 2048  # bytes of it that the log keeps
_CONNECT = 5.0  # seconds
_REST = 15.0  # seconds that a connection stays open for the next alert; servers commonly wait longer
_MOST_TO_ONE = 100  # connections to one origin: no bound of its own, alerts/slots.py has them
_MOST = 4000
_ways: "WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[tuple[Network, ...], AsyncOutbound]]" = WeakKeyDictionary()


def outbound() -> AsyncOutbound:
    """The running loop's, by the present settings."""
    loop, networks = asyncio.get_running_loop(), settings().networks
    found = _ways.get(loop)
    if found is None or found[0] != networks:
        made = AsyncOutbound(
            allow=networks,
            connect_timeout=_CONNECT,
            total_timeout=TOTAL,
            rest=_REST,
            most=_MOST,
            most_to_one=_MOST_TO_ONE,
        )
        found = _ways[loop] = (networks, made)
    return found[1]


def shown(body: bytes) -> str:
    """What of an answer the log keeps; NUL is no text to PostgreSQL."""
    return body[:ANSWER_KEPT].decode("utf-8", "replace").replace("\x00", "")
