"""Work is a row: announced after commit, claimed under a lease, swept when forgotten.

A row of a `Work` table is open until done or failed. `announce` sends a message for it; `claim` takes it for a while
and counts the attempt before anything can go wrong, so that an article that kills its worker every time ends as
failed after `max_attempts`; `sweep` sends again for open rows that are due, unheld and unheeded. A sweep fills a
queue only up to a high-water mark, so that stopped workers find the backlog once and not many times.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Literal, TypeVar
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, literal, update
from sqlalchemy.orm import Session

from core import claims, messages, sql
from core.database import at_once, commit_and_go_on, together, transaction
from core.models import Article, Delivery, Digest, Notice, Work, WorkState
from core.settings import settings
from core.sql import Asker, Flight

log = structlog.get_logger(__name__)
W = TypeVar("W", bound=Work)
_HELD = "held"  # in a flight's `info`, the answer whether the claimed row is held; None where it was with its claim
Result = Literal["done", "failed", "overtaken"]
"""What became of an attempt: the work is done, an exception ended it, or another worker did it meanwhile."""

Claim = Callable[[], Any]
"""Answers a row that was claimed; None where there was nothing to claim."""


@dataclass(frozen=True)
class Step:
    """One step of the chain: the rows it works off, the task that does it, the queue the task's messages wait in.

    `in_parts`: whether a part of the work may be kept before the rest is done (`keep_part`).
    """

    name: str
    rows: Any
    task: str
    queue: str
    in_parts: bool = False


EXTRACT = Step("extract", Article, "extractor.extract", "extractor", in_parts=True)
MATCH = Step("match", Notice, "alerts.match", "alerts")
DIGEST = Step("digest", Digest, "alerts.digest", "alerts")
DELIVER = Step("deliver", Delivery, "alerts.deliver", "alerts")
STEPS = (EXTRACT, MATCH, DIGEST, DELIVER)


def announce(session: Asker, step: Step, *row_ids: UUID, later: bool = False) -> None:
    """Send `step`'s message for the rows once the transaction has committed; `later`: all others overtake it."""
    messages.after_commit(session, step.task, row_ids, later=later)


def announce_found(session: Asker, step: Step, rows: Iterable[Any]) -> None:
    """The same for the rows (with their `id`) that a query of the transaction answers, read after the commit."""
    messages.after_commit(session, step.task, (row.id for row in rows))


def claim(session: Asker, step: Step, row_id: UUID, *, lease: float | None = None) -> Any:
    """The row, held for `lease` seconds and with its attempt counted; None where another holds it or it is not open.

    What is returned tells the row as it was claimed and belongs to no session. Commit before doing the work.
    """
    return claiming(session, step, row_id, lease=lease)()


def claiming(session: Asker, step: Step, row_id: UUID, *, lease: float | None = None) -> Claim:
    """The same, but the row is waited for when it is asked of what is returned: more can travel with the claim."""
    taken = claims.taking(step.rows).mappings(session, row=row_id, held=timedelta(seconds=lease or settings().lease))

    def answer() -> Any:
        found = taken.fetchone()
        return None if found is None else sql.record(step.rows, **found)

    return answer


def locking(session: Asker, step: Step, row_id: UUID) -> Claim:
    """The row, held until the transaction ends, with no attempt counted; None as of `claim`."""
    found = claims.locking(step.rows).mappings(session, row=row_id)

    def answer() -> Any:
        columns = found.fetchone()
        if columns is None:
            return None
        del columns["as_ever"]
        return sql.record(step.rows, **columns)

    return answer


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


class _Overtaken(Exception):
    """Another worker finished the row meanwhile, or its text was replaced; what this one did is rolled back."""


class _NotOurs(Exception):
    """There is nothing to be done; what was asked of the database is let go."""


def attempt(
    step: Step,
    row_id: UUID,
    act: Callable[[Flight, Any], object],
    *,
    claiming: Callable[..., Claim] = claiming,
    counted: bool = True,
    asking: Callable[[Flight], object] | None = None,
) -> Result | None:
    """Claim the row, then `act` on it in one transaction that also marks it done; None where nothing was to do.

    It is claimed by `claiming` of this module, which counts the attempt and is committed first, or, with `counted`
    false, by `locking_made` (core/ahead.py), which is not: then it is counted at its end. What `act` asks of the
    database it asks by queries of core.sql, which travel together (core.database.together); what can be asked before
    the row is known goes by `asking`, in one journey with the claim.
    An exception costs this attempt only: it is told on the row, which is tried again after a growing pause, and set
    to failed after `max_attempts`.
    """
    cap, row = settings().max_attempts, None
    try:
        with at_once() as flight:
            with together(flight):
                claimed = claiming(flight, step, row_id)
                if counted:
                    commit_and_go_on(flight)
                if asking:
                    asking(flight)
                row = claimed()
                if row is None or row.attempts > cap:
                    raise _NotOurs
                _carry_out(flight, step, row, act, counted)
            messages.flush(flight)  # before the connection is given back, which takes its time
    except _NotOurs:
        if row is not None:
            _give_up(step, row, cap)
        return None
    except _Overtaken:
        log.info("work.overtaken", step=step.name, id=str(row_id))
        return "overtaken"
    except Exception as error:
        if row is None:
            raise  # no attempt was begun
        log.exception("work.error", step=step.name, id=str(row_id))
        _failed_once(step, row_id, error, cap, counted)
        return "failed"
    return "done"


def _carry_out(flight: Flight, step: Step, row: Any, act: Callable[[Flight, Any], object], counted: bool) -> None:
    """The work on a claimed row in the transaction that marks it done: first of all, which holds it, unless a part may
    be kept before it is."""
    claimed = {"row": row.id, "content_hash": getattr(row, "content_hash", None)}
    mark = partial(claims.finishing(step.rows), flight, **claimed, uncounted=int(not counted))
    if step.in_parts:
        flight.info[_HELD] = claims.holding(step.rows)(flight, **claimed) if counted else None
        act(flight, row)
        marked = mark()
    else:
        marked = mark()
        act(flight, row)
    if marked.fetchone() is None:
        raise _Overtaken


def keep_part(flight: Flight) -> None:
    """Commit what an attempt did so far, which cannot wait for the rest, and go on; once, in a step `in_parts`.

    The row stays open until the end: who does it again, since this worker died or was overtaken, finds that part done.
    """
    held = flight.info[_HELD]
    if held is not None and held.fetchone() is None:
        raise _Overtaken
    commit_and_go_on(flight)
    sql.hurry(flight)


def _give_up(step: Step, row: Any, cap: int) -> None:
    """Its attempts were spent without an end."""
    reason = f"given up after {cap} attempts that never ended (last: {row.reason or 'worker lost'})"
    with at_once() as flight:
        claims.giving_up(step.rows)(flight, row=row.id, cap=cap, why=reason)
    log.error("work.failed", step=step.name, id=str(row.id), reason=reason)


def _failed_once(step: Step, row_id: UUID, error: Exception, cap: int, counted: bool) -> None:
    """Tell the row what became of this attempt, and what follows."""
    with transaction() as session:
        row = session.get_one(step.rows, row_id, with_for_update={"of": step.rows})
        told = f"{type(error).__name__}: {error}"[:2000]
        if row.state != WorkState.OPEN:
            return  # another worker was done with it meanwhile
        row.attempts += not counted
        if row.attempts >= cap:
            fail(row, f"failed {row.attempts} times, last with {told}")
        else:
            postpone(row, 2.0**row.attempts, told)


def requeue(session: Session, step: Step, *, row_id: UUID | None = None) -> int:
    """Open failed rows again (one, or all) with a fresh count of attempts; returns how many.

    There is nothing to be read in an article whose text went: it stays as it is.
    """
    rows = step.rows
    statement = update(rows).where(rows.state == WorkState.FAILED)
    if hasattr(rows, "forgotten_at"):
        statement = statement.where(rows.forgotten_at.is_(None))
    if row_id is not None:
        statement = statement.where(rows.id == row_id)
    fresh = {"state": literal("open"), "attempts": 0, "due_at": func.now(), "sent_at": None, "lease_until": None}
    return len(session.scalars(statement.values(fresh).returning(rows.id)).all())


def queue_length(queue: str) -> int | None:
    """Messages waiting in `queue`; None where the broker does not answer."""
    try:
        with Redis.from_url(settings().broker_url, socket_timeout=3, socket_connect_timeout=3) as client:
            return sum(int(client.llen(name)) for name in messages.lists(queue))
    except (RedisError, OSError) as error:
        log.warning("broker.unreachable", error=str(error))
        return None


def sweep(step: Step) -> int:
    """Send messages for `step`'s open rows that are due, unheld and unheeded, up to the queue's high-water mark."""
    unheeded = {"unheeded": timedelta(seconds=settings().resend_after)}
    with at_once() as flight:
        [(found,)] = claims.any_forgotten(step.rows)(flight, **unheeded)
    if not found:  # nearly always
        return 0
    waiting = queue_length(step.queue)
    room = 0 if waiting is None else settings().queue_high_water - waiting
    if room <= 0:
        return 0
    with transaction() as session:
        gathered = [messages.Message(step.task, *found) for found in _taken_up(session, step.rows, room, unheeded)]
    return messages.send(gathered)


def _taken_up(session: Session, rows: Any, room: int, unheeded: dict[str, timedelta]) -> list[tuple[UUID, bool]]:
    """Ids of up to `room` forgotten rows and whether they are `later`; news first, then oldest due; marked as sent."""
    later = rows.later if hasattr(rows, "later") else literal(False)
    turns = (later, rows.due_at) if hasattr(rows, "later") else (rows.due_at,)
    found = claims.forgotten(rows).order_by(*turns).limit(room).with_for_update(skip_locked=True, of=rows)
    statement = update(rows).where(rows.id.in_(found)).values(sent_at=func.now()).returning(rows.id, later)
    made = session.execute(statement, unheeded, execution_options={"synchronize_session": False})
    return [(row_id, is_later) for row_id, is_later in made]
