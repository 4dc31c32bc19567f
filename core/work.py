"""Work is a row: announced after commit, claimed under a lease, swept when forgotten.

A row of a `Work` table is open until done or failed. `announce` sends a message for it; `claim` takes it for a while
and counts the attempt before anything can go wrong, so that an article that kills its worker every time ends as
failed after `max_attempts`; `sweep` sends again for open rows that are due, unheld and unheeded. A sweep fills a
queue only up to a high-water mark, so that stopped workers find the backlog once and not many times.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Interval, bindparam, func, literal, or_, select, update
from sqlalchemy.orm import Session, lazyload

from core import messages
from core.database import at_once, transaction
from core.models import Article, Delivery, Notice, Work, WorkState
from core.settings import settings

log = structlog.get_logger(__name__)
W = TypeVar("W", bound=Work)


@dataclass(frozen=True)
class Step:
    """One step of the chain: the rows it works off, the task that does it, the queue the task's messages wait in."""

    name: str
    rows: Any
    task: str
    queue: str


EXTRACT = Step("extract", Article, "extractor.extract", "extractor")
MATCH = Step("match", Notice, "alerts.match", "alerts")
DELIVER = Step("deliver", Delivery, "alerts.deliver", "alerts")
STEPS = (EXTRACT, MATCH, DELIVER)


def announce(session: Session, step: Step, row_id: UUID) -> None:
    """Send `step`'s message for the row once the transaction has committed."""
    messages.after_commit(session, step.task, row_id)


def claim(session: Session, step: Step, row_id: UUID, *, lease: float | None = None, cap: int | None = None) -> Any:
    """The row, held for `lease` seconds and with its attempt counted; None where another holds it or it is not open.

    Where `cap` tries were spent without an end, the row is set to failed instead. Commit before doing the work.
    """
    if not _take(session, step, row_id, lease=lease, cap=cap):
        return None
    return session.get_one(step.rows, row_id, populate_existing=True, options=[lazyload("*")])


def _take(session: Session, step: Step, row_id: UUID, *, lease: float | None = None, cap: int | None = None) -> bool:
    """Claim without loading the row; whether it is ours now."""
    held = timedelta(seconds=lease or settings().lease)
    attempts = session.scalar(_taking(step.rows), {"id_": row_id, "held": held})
    if attempts is None:
        return False
    if cap is None or attempts <= cap:
        return True
    row = session.get_one(step.rows, row_id, populate_existing=True, options=[lazyload("*")])
    row.attempts = cap
    fail(row, f"given up after {cap} attempts that never ended (last: {row.reason or 'worker lost'})")
    log.error("work.failed", step=step.name, id=str(row.id), reason=row.reason)
    return False


@cache
def _taking(rows: Any) -> Any:
    """The statement of a claim, built once: building it takes longer than running it."""
    own = rows.__table__
    free = or_(own.c.lease_until.is_(None), own.c.lease_until < func.now())
    wanted = (
        select(own.c.id)
        .where(own.c.id == bindparam("id_"), own.c.state == WorkState.OPEN, own.c.due_at <= func.now(), free)
        .with_for_update(skip_locked=True)
    )
    taken = {"attempts": own.c.attempts + 1, "lease_until": func.now() + bindparam("held", type_=Interval)}
    return update(own).where(own.c.id == wanted.scalar_subquery()).values(taken).returning(own.c.attempts)


@cache
def _locked(rows: Any) -> Any:
    """The row, locked against other workers and the API, built once."""
    return select(rows).where(rows.id == bindparam("id_")).options(lazyload("*")).with_for_update(of=rows)


def finish(row: Work) -> None:
    """The work is done."""
    row.state, row.lease_until, row.reason = WorkState.DONE, None, None


def fail(row: Work, reason: str) -> None:
    """The work is given up; `reason` says why, and `requeue` opens it again."""
    row.state, row.lease_until, row.reason = WorkState.FAILED, None, reason


def postpone(row: Work, seconds: float, reason: str) -> None:
    """Try again after `seconds`; the sweep will send for it then."""
    row.lease_until, row.reason = None, reason
    row.due_at = func.now() + timedelta(seconds=seconds)
    row.sent_at = None


def attempt(step: Step, row_id: UUID, act: Callable[[Session, Any], object]) -> bool:
    """Claim the row, then `act` on it in one transaction that also marks it done; False where nothing was to do.

    An exception costs this attempt only: it is told on the row, which is tried again after a growing pause, and set
    to failed after `max_attempts`.
    """
    cap = settings().max_attempts
    with at_once() as session:
        if not _take(session, step, row_id, cap=cap):
            return False
    try:
        with transaction() as session:
            row = session.scalars(_locked(step.rows), {"id_": row_id}).one()
            if row.state == WorkState.OPEN:
                act(session, row)
                finish(row)
    except Exception as error:
        log.exception("work.error", step=step.name, id=str(row_id))
        with transaction() as session:
            row = session.get_one(step.rows, row_id, with_for_update={"of": step.rows})
            told = f"{type(error).__name__}: {error}"[:2000]
            if row.attempts >= cap:
                fail(row, f"failed {row.attempts} times, last with {told}")
            else:
                postpone(row, 2.0**row.attempts, told)
    return True


def requeue(session: Session, step: Step, *, row_id: UUID | None = None) -> int:
    """Open failed rows again (one, or all) with a fresh count of attempts; returns how many."""
    rows = step.rows
    statement = update(rows).where(rows.state == WorkState.FAILED)
    if row_id is not None:
        statement = statement.where(rows.id == row_id)
    fresh = {"state": literal("open"), "attempts": 0, "due_at": func.now(), "sent_at": None, "lease_until": None}
    return len(session.scalars(statement.values(fresh).returning(rows.id)).all())


def queue_length(queue: str) -> int | None:
    """Messages waiting in `queue`; None where the broker does not answer."""
    try:
        with Redis.from_url(settings().broker_url, socket_timeout=3, socket_connect_timeout=3) as client:
            return int(client.llen(queue))
    except (RedisError, OSError) as error:
        log.warning("broker.unreachable", error=str(error))
        return None


def sweep(step: Step) -> int:
    """Send messages for `step`'s open rows that are due, unheld and unheeded, up to the queue's high-water mark."""
    waiting = queue_length(step.queue)
    room = 0 if waiting is None else settings().queue_high_water - waiting
    if room <= 0:
        return 0
    with transaction() as session:
        gathered = [messages.Message(step.task, row_id) for row_id in _forgotten(session, step.rows, room)]
    return messages.send(gathered)


def _forgotten(session: Session, rows: Any, room: int) -> list[UUID]:
    """Ids of up to `room` forgotten rows, oldest due first, marked as sent now."""
    unheeded = func.now() - timedelta(seconds=settings().resend_after)
    found = (
        select(rows.id)
        .where(
            rows.state == WorkState.OPEN,
            rows.due_at <= func.now(),
            or_(rows.lease_until.is_(None), rows.lease_until < func.now()),
            or_(rows.sent_at.is_(None), rows.sent_at < unheeded),
        )
        .order_by(rows.due_at)
        .limit(room)
        .with_for_update(skip_locked=True, of=rows)
    )
    statement = update(rows).where(rows.id.in_(found)).values(sent_at=func.now()).returning(rows.id)
    return list(session.scalars(statement, execution_options={"synchronize_session": False}))
