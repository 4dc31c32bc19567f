"""Messages are hints that carry a row's id. They leave after the commit, and losing one loses nothing:
the scheduler's sweep (core/work.py) sends another for every open row that nobody took up."""

import time
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from core.sql import Asker

log = structlog.get_logger(__name__)
_KEY, _SENT, _SAID = "messages", "sent ahead", "said"
_SENT_ALIKE = attrgetter("task", "later")
LATER = 9
"""Priority (0 is the first) of messages that others overtake; one of kombu's steps for Redis."""
AT_ONCE = 1000  # messages in one round trip
AHEAD = 0.25  # seconds within which a commit makes a message that went ahead good


class Message(NamedTuple):
    """One hint: the Celery task to run on the row `id`; `later` ones are overtaken by all that are not."""

    task: str
    id: UUID
    later: bool = False


def lists(queue: str) -> tuple[str, str]:
    """The broker's lists in which the queue's messages wait, as kombu names them: the first come, and the later."""
    return queue, f"{queue}\x06\x16{LATER}"


def after_commit(session: Asker, task: str, row_ids: Iterable[UUID], *, later: bool = False) -> None:
    """Send `task` for each row once the transaction of `session` has committed; dropped when it rolls back.

    The ids are read then: they may be those that a query of this transaction answers.
    """
    session.info.setdefault(_KEY, []).append((task, row_ids, later))


def ahead(session: Asker, task: str, row_id: UUID) -> None:
    """Send `task` for a row that the transaction of `session` holds and is about to make (core/ahead.py).

    What `after_commit` gathers of that row is not sent again, unless the commit comes so late that nobody waits for it.
    """
    from core import broker  # with Celery's app, which reads settings that a library user need not have

    session.info.setdefault(_SENT, {})[task, row_id] = time.monotonic(), broker.put_ahead(task, row_id)


def log_after_commit(session: Asker, log: Any, event: str, **told: Any) -> None:
    """Let the log say so once the transaction of `session` has committed, and nothing when it rolls back."""
    session.info.setdefault(_SAID, []).append((log, event, told))


def flush(session: Asker) -> None:
    """Send what was gathered, and log it. A broker that is away is no error: the sweep will send again."""
    gathered, until = session.info.pop(_KEY, []), time.monotonic() - AHEAD
    sent = {key for key, at in _arrived(session) if at > until}
    named = ((task, row_id, later) for task, row_ids, later in gathered for row_id in row_ids)
    send([Message(*one) for one in named if one[:2] not in sent])
    for log, event, told in session.info.pop(_SAID, ()):
        log.info(event, **told)


def drop(session: Asker) -> None:
    """Send nothing of what was gathered, since nothing was committed; what went ahead finds no row."""
    session.info.pop(_KEY, None)
    session.info.pop(_SAID, None)
    list(_arrived(session))


def _arrived(session: Asker) -> Iterator[tuple[tuple[str, UUID], float]]:
    """What went ahead and the broker took, and when it was sent."""
    for key, (at, finish) in session.info.pop(_SENT, {}).items():
        try:
            finish()
            yield key, at
        except (RedisError, OSError) as error:
            log.warning("broker.unreachable", unsent=1, error=str(error))


def send(gathered: list[Message]) -> int:
    """Send messages over one connection; returns how many went out before the broker failed, if it did."""
    if not gathered:
        return 0
    from core import broker  # with Celery's app, which reads settings that a library user need not have

    sent = 0
    try:
        for (task, later), some in groupby(gathered, key=_SENT_ALIKE):
            ids = [message.id for message in some]
            for at in range(0, len(ids), AT_ONCE):
                sent += broker.put(task, ids[at : at + AT_ONCE], later=later)
    except (RedisError, OSError) as error:
        log.warning("broker.unreachable", unsent=len(gathered) - sent, error=str(error))
    return sent
