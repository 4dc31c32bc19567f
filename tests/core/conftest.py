"""Both clients, and servers that they may reach or must not."""

from collections.abc import Iterator

import pytest

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
