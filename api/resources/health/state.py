"""Judges the chain by what its rows tell."""

import time
from datetime import timedelta
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import database, metrics
from core.clock import now
from core.settings import settings
from core.work import STEPS

STUCK_AFTER = 900.0  # seconds that a due row may wait; far above what a healthy chain needs for a full queue
CANARY_GRACE = 30.0  # seconds above two intervals before a canary counts as lost
FAILED_WINDOW = timedelta(days=1)
_STARTED = time.monotonic()


def up_for() -> float:
    """Seconds since this process began."""
    return time.monotonic() - _STARTED


def database_state() -> str:
    """`ok`, or what is wrong."""
    try:
        with database.engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, ValueError) as error:
        return f"does not answer ({type(error).__name__})"
    return "ok"


def broker_state() -> str:
    """`ok`, or what is wrong."""
    try:
        with Redis.from_url(settings().broker_url, socket_timeout=3, socket_connect_timeout=3) as client:
            client.ping()
    except (RedisError, OSError, ValueError) as error:
        return f"does not answer ({type(error).__name__})"
    return "ok"


def chain(session: Session) -> dict[str, Any]:
    """The fields of schemas.Health."""
    steps, reasons = {}, []
    for step in STEPS:
        state = metrics.step_state(session, step)
        failed = metrics.outcomes(session, step, FAILED_WINDOW)["failed"]
        steps[step.name] = {"open": state.open, "oldest_seconds": round(state.oldest, 1), "failed": failed}
        if state.oldest > STUCK_AFTER:
            reasons.append(f"the oldest open row of step {step.name} has waited for {state.oldest:.0f} seconds")
    seen = metrics.canary_seen(session)
    age = None if seen is None else (now() - seen).total_seconds()
    reasons += _canary_reasons(age)
    return {
        "status": "red" if reasons else "green",
        "reasons": reasons,
        "canary": {"seen_at": seen, "age_seconds": None if age is None else round(age, 1)},
        "steps": steps,
    }


def _canary_reasons(age: float | None) -> list[str]:
    """Nothing is said before a canary has had the time to come through, or where none is sent."""
    interval = settings().canary_interval
    patience = 2 * interval + CANARY_GRACE
    if not interval or up_for() < patience or (age is not None and age <= patience):
        return []
    told = "no canary article ever" if age is None else f"the last canary article {age:.0f} seconds ago"
    return [f"{told} came through the chain; one is sent every {interval:.0f} seconds"]
