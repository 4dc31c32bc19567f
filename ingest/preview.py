"""Answers what the API asks: what an address would give as a source. Only this process reaches outside."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from core.database import transaction
from core.errors import YinqiError
from core.models import Preview
from ingest.clean import storable
from ingest.discover import as_dict, discover
from ingest.files.look import look
from ingest.isolate import Readers
from ingest.visit import outbound

log = structlog.get_logger(__name__)
_IDLE = 0.5  # seconds between two looks
_TROUBLED = 5.0
_WAITED_FOR = timedelta(minutes=1)  # after which nobody waits for an answer any more
_KEPT = timedelta(hours=1)


async def serve(readers: Readers, stop: asyncio.Event) -> None:
    """Answer one question after another until `stop` is set."""
    while not stop.is_set():
        try:
            answered = await asyncio.to_thread(answer_next, readers)
            pause = 0.0 if answered else _IDLE
        except SQLAlchemyError as error:
            log.warning("ingest.database_unreachable", error=str(error).splitlines()[0])
            pause = _TROUBLED
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


def answer_next(readers: Readers) -> bool:
    """Take the oldest question that somebody waits for, and answer it; False where there is none."""
    waiting = (
        select(Preview.id)
        .where(Preview.taken_at.is_(None), Preview.asked_at > func.now() - _WAITED_FOR)
        .order_by(Preview.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    with transaction() as session:
        taken = update(Preview).where(Preview.id == waiting).values(taken_at=func.now()).returning(Preview)
        asked = session.scalar(taken)
    if asked is None:
        return False
    answer = _answer(asked, readers)
    with transaction() as session:
        session.execute(update(Preview).where(Preview.id == asked.id).values(answer=answer))
        session.execute(delete(Preview).where(Preview.asked_at < func.now() - _KEPT))
    return True


def _answer(asked: Preview, readers: Readers) -> dict[str, Any]:
    try:
        if asked.url.startswith("file:"):
            return {**_plain(as_dict(look(asked.url, readers.read_now)))}
        with outbound() as out:
            found = discover(out, readers, asked.url, kind=asked.kind, selector=asked.selector)
        return {**_plain(as_dict(found))}
    except YinqiError as error:
        return {"error": storable(str(error))}
    except Exception as error:  # a fault of ours, which must not end the process
        log.exception("preview.unexpected", url=asked.url)
        return {"error": f"unexpected {type(error).__name__}"}


def _plain(value: Any) -> Any:
    """The same with texts that JSON in the database can hold."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return storable(value) if isinstance(value, str) else value
