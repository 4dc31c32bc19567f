"""What the chaos tests share: a backlog that stands still while they run."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import embedded
from tests.chaos.backlog import Backlog, standing

ASKS = "backlog"


@pytest.fixture(scope="session")
def backlog(servers: embedded.Servers) -> Iterator[Backlog]:
    """Begun when the session's own servers stand: two must not start at once in one process."""
    with tempfile.TemporaryDirectory(prefix="yq", ignore_cleanup_errors=True) as folder:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("YINQI_")}
        with standing(Path(folder), clean) as made:
            yield made


@pytest.fixture(autouse=True)
def _begin_the_backlog(request: pytest.FixtureRequest) -> None:
    """With the first test of the session that needs none of it, so that its three minutes are nobody's."""
    if any(ASKS in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue(ASKS)
