"""The door for messages: each task takes a row's id and holds no logic."""

from typing import Any
from uuid import UUID

from celery import signals

from alerts.digest import make
from alerts.post import close, post
from alerts.tell import tell
from core.celery_app import app


@app.task(name="alerts.match")
def match_notice(id: str, ahead: bool = False, **_: Any) -> None:
    """Match one notice, and send its first delivery."""
    tell(UUID(id), ahead=ahead)


@app.task(name="alerts.digest")
def make_digest(id: str, **_: Any) -> None:
    """Make one digest that is due."""
    make(UUID(id))


@app.task(name="alerts.deliver")
def deliver_one(id: str, **_: Any) -> None:
    """Have one delivery tried."""
    post().hint(UUID(id))


@signals.worker_process_shutdown.connect
def _end(**_: Any) -> None:
    close()
