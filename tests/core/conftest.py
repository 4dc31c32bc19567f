"""Both clients, servers that they may reach or must not, and a broker of one's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.embedded import Valkey
from core.settings import settings
from tests.core.outbound import Fetch, fetch_async, fetch_sync
from tests.fakes.origin import Origin


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        yield server


@pytest.fixture
def canary() -> Iterator[Origin]:
    """Must not be connected to; bound to an address that only the guard keeps us from."""
    with Origin() as server:
        yield server
        assert server.connections == 0


@pytest.fixture(params=[fetch_sync, fetch_async], ids=["sync", "async"])
def fetch(request: pytest.FixtureRequest) -> Fetch:
    result: Fetch = request.param
    return result


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Valkey]:
    """A broker of this test's own, which it may end."""
    server = Valkey(tmp_path)
    monkeypatch.setenv("YINQI_BROKER_URL", server.start())
    settings.cache_clear()
    yield server
    server.stop()
    settings.cache_clear()
