"""One request by either client, which may reach loopback unless a test says otherwise."""

import asyncio
from collections.abc import Callable
from typing import Any

from core.addresses import parse_networks
from core.http import AsyncOutbound, Outbound, Response

LOOPBACK = parse_networks(["127.0.0.0/8"])
SHUT: dict[str, Any] = {"allow": ()}
Fetch = Callable[..., Response]


def fetch_sync(url: str, method: str = "GET", *, client: dict[str, Any] | None = None, **request: Any) -> Response:
    with Outbound(**{"allow": LOOPBACK, **(client or {})}) as out:
        return out.request(method, url, **request)


def fetch_async(url: str, method: str = "GET", *, client: dict[str, Any] | None = None, **request: Any) -> Response:
    async def run() -> Response:
        async with AsyncOutbound(**{"allow": LOOPBACK, **(client or {})}) as out:
            return await out.request(method, url, **request)

    return asyncio.run(run())
