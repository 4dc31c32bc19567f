"""Fixtures that several modules of these tests ask for."""

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.models import Channel
from tests.alerts import samples
from tests.alerts.digests import Clock
from tests.alerts.fates import Alerts


@pytest.fixture
def present(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The moment that matching takes for the present one."""
    made = Clock()
    monkeypatch.setattr(clock, "now", lambda: made.moment)
    return made


@pytest.fixture
def hook(session: Session) -> Channel:
    return samples.webhook(session, "http://127.0.0.1:9/")


@pytest.fixture
def alerts(session: Session) -> Alerts:
    return Alerts(session)
