"""The door for messages: each task takes a row's id and holds no logic."""

from typing import Any
from uuid import UUID

from alerts.deliver import deliver
from alerts.match import match
from core.celery_app import app
from core.work import MATCH, attempt


@app.task(name="alerts.match")
def match_notice(id: str, **_: Any) -> None:
    """Match one notice."""
    attempt(MATCH, UUID(id), match)


@app.task(name="alerts.deliver")
def deliver_one(id: str, **_: Any) -> None:
    """Try one delivery."""
    deliver(UUID(id))
