"""What a stack that did not come to rest looks like, for whoever reads the failure."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from shutil import which
from typing import Any

import psutil
from redis import Redis
from sqlalchemy import func, select, text

from bench.stack import Stack
from core import database, messages
from core.models import Article, Delivery, Notice
from core.settings import settings

_TOLD = ("attempts", "due_at", "sent_at", "lease_until", "reason")
_ACTIVITY = "select pid, state, wait_event_type, wait_event, now() - xact_start, left(query, 120) from pg_stat_activity"


def state_of(yinqi: Stack) -> str:
    """Open rows, the broker's queues, the database's sessions, the processes, and the end of the log; never raises."""
    parts = (_rows, _queues, _sessions, lambda: _processes(yinqi), lambda: [yinqi.log_tail()])
    return "\n".join(line for part in parts for line in _safely(part))


def _safely(part: Any) -> list[str]:
    try:
        return list(part())
    except Exception as error:  # what cannot be told any more is itself told
        return [f"not told: {type(error).__name__}: {error}"]


def _rows() -> Iterator[str]:
    with database.transaction() as session:
        yield f"now {session.scalar(select(func.now()))}"
        for rows in (Article, Notice, Delivery):
            for found in session.scalars(select(rows).where(rows.state == "open").limit(5)):
                told = {name: getattr(found, name) for name in _TOLD}
                yield f"open {rows.__tablename__} {found.id} {told}"


def _queues() -> Iterator[str]:
    with Redis.from_url(settings().broker_url) as broker:
        for queue in ("extractor", "alerts"):
            yield f"queue {queue}: { {name: broker.llen(name) for name in messages.lists(queue)} }"
        yield f"unacknowledged: {broker.hlen('unacked')}"


def _sessions() -> Iterator[str]:
    with database.transaction() as session:
        yield from (f"session {tuple(map(str, row))}" for row in session.execute(text(_ACTIVITY)))


def _processes(yinqi: Stack) -> Iterator[str]:
    spy = which("py-spy")
    for service, pid in yinqi.children().items():
        with suppress(psutil.NoSuchProcess):
            main = psutil.Process(pid)
            for process in [main, *main.children(recursive=True)]:
                yield f"process {service} {process.pid} {process.status()} {process.cpu_times().user:.1f} s"
                if spy:
                    yield subprocess.run([spy, "dump", "-p", str(process.pid)], capture_output=True, text=True).stdout
