"""The scheduler process: sweeps for forgotten work, sets out the canary, and catches up with what follows from rows.

Any number may run; each tick is idempotent. It is a loop over rows rather than Celery beat, because a tick that
travels through the broker is lost with it.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import delete, func, select

from core import canary, catch_up, heartbeat, work
from core.database import transaction
from core.guard import guarded
from core.models import Article
from core.settings import settings

log = structlog.get_logger(__name__)
CANARIES_KEPT = timedelta(hours=1)


def run(stop: threading.Event | None = None, duties: Iterable[catch_up.Duty] = ()) -> None:
    """Tick until `stop` is set, or until SIGTERM or SIGINT where it is not given; catch up with `duties` meanwhile."""
    stop = stop or _stopped_by_signal()
    log.info("scheduler.started", every=settings().sweep_interval)
    beside = threading.Thread(target=catch_up.run, args=(stop, duties), name="catch up", daemon=True)
    beside.start()  # a tick does not wait for it; where the ticks break off it does not keep the process alive
    while not stop.is_set():
        heartbeat.beat("scheduler")
        started = time.monotonic()
        for step in work.STEPS:
            _tick("sweep." + step.name, partial(work.sweep, step))
        _tick("canary", set_out_canary)
        stop.wait(max(0.05, settings().sweep_interval - (time.monotonic() - started)))
    beside.join()


def set_out_canary() -> int:
    """A canary article if the last is older than `canary_interval`; forgets those of more than an hour ago."""
    interval = settings().canary_interval
    if not interval:
        return 0
    with transaction() as session:
        # one scheduler at a time decides, so that two of them set out one canary
        if not session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext("canary")))):
            return 0
        recent = func.now() - timedelta(seconds=interval)
        if session.scalar(select(Article.id).where(Article.canary, Article.fetched_at > recent).limit(1)):
            return 0
        session.execute(delete(Article).where(Article.canary, Article.fetched_at < func.now() - CANARIES_KEPT))
        article = canary.article()
        session.add(article)
        session.flush()
        work.announce(session, work.EXTRACT, article.id)
    return 1


def _tick(name: str, act: Callable[[], int]) -> None:
    if done := guarded(name, act):
        log.info("scheduler." + name, count=done)


def _stopped_by_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
