"""Transactions of stories, beside the event loop: what comes together while one runs shares the next."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core.database import transaction
from ingest.ledger import InThread

log = structlog.get_logger(__name__)
_TOGETHER = 32  # works in one transaction
_TRIES = 5  # of a work that others' transactions stood in the way of
_Outcome = tuple[Any, Exception | None]
T = TypeVar("T")
Work = Callable[[Session], T]


class Keeper:
    """Does works in order. One that fails is done again by itself, so that it fails alone."""

    def __init__(self, in_thread: InThread) -> None:
        self._in_thread = in_thread
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self._arrived = asyncio.Event()
        self._worker = asyncio.ensure_future(self._work())

    async def do(self, work: Work[T]) -> T:
        """What `work` returns once its transaction is on disk; it may be run several times, and must not mind."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        self._arrived.set()
        return await done

    async def close(self) -> None:
        """End; nobody may be waiting any more."""
        self._worker.cancel()
        await asyncio.wait([self._worker])

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            batch, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            if not self._waiting:
                self._arrived.clear()
            outcomes = await self._in_thread(_together, [work for work, _ in batch])
            for (_, done), (result, error) in zip(batch, outcomes, strict=True):
                if done.cancelled():
                    continue
                if error is None:
                    done.set_result(result)
                else:
                    done.set_exception(error)


def _together(works: list[Work[Any]]) -> list[_Outcome]:
    if len(works) > 1:
        try:
            with transaction() as session:
                results = [work(session) for work in works]
            return [(result, None) for result in results]
        except (OperationalError, InterfaceError) as error:
            if not is_collision(error):
                return [(None, error)] * len(works)
        except Exception as error:
            log.debug("ingest.apart", works=len(works), error=type(error).__name__)
    return [_alone(work) for work in works]


def _alone(work: Work[Any]) -> _Outcome:
    for left in reversed(range(_TRIES)):
        try:
            with transaction() as session:
                return work(session), None
        except (OperationalError, InterfaceError) as error:
            if left and is_collision(error):
                continue
            return None, error
        except Exception as error:
            return None, error
    raise AssertionError  # the last try returned


def is_collision(error: DBAPIError) -> bool:
    """Whether another transaction stood in the way, so that the same may succeed at once."""
    return isinstance(error.orig, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure)
