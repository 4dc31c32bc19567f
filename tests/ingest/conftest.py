"""A poller over the test's own database, and a site for it."""

import asyncio
from collections.abc import Iterator

import pytest

from core.http import AsyncOutbound
from core.settings import settings
from ingest.isolate import Readers
from ingest.jobs import Entry
from ingest.poll import Poller
from tests.fakes.origin import Origin
from tests.ingest.polling import Poll


@pytest.fixture(scope="package")
def readers() -> Iterator[Readers]:
    with Readers(1) as shared:
        yield shared


@pytest.fixture
def out(environment: dict[str, str], readers: Readers, monkeypatch: pytest.MonkeyPatch) -> Poll:
    """Works off once what is due; without a delay between two requests to the one host, unless the test sets it."""
    monkeypatch.setenv("YINQI_HOST_DELAY", "0")
    settings.cache_clear()

    async def once() -> list[Entry]:
        async with (
            AsyncOutbound(allow=settings().networks, read_timeout=1) as client,
            Poller(client, readers) as poller,
        ):
            return await poller.once()

    return lambda: asyncio.run(once())


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        yield server


@pytest.fixture
def site(origin: Origin) -> Origin:
    """The one that means harm."""
    return origin
