"""What became of jobs, written down for many at once: a poll that brought nothing costs a share of one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from core.database import pipelined
from core.models import WorkState
from core.sql import Flight
from ingest import health, statements
from ingest.clean import storable
from ingest.jobs import Entry, Followed, GivenBack, Learnt, Polled, Turn

log = structlog.get_logger(__name__)
_GAP = 0.03  # seconds between two writings, in which entries gather
_AGAIN = 2.0  # seconds until a database that was away is tried again
T = TypeVar("T", bound=Entry)
InThread = Callable[..., Awaitable[Any]]


class Ledger:
    """Takes entries and writes them soon, in their order; `written` is called after each writing."""

    def __init__(self, in_thread: InThread, *, written: Callable[[], None] = lambda: None) -> None:
        self._in_thread, self._written = in_thread, written
        self._entries: list[Entry] = []
        self._arrived = asyncio.Event()
        self._closing = self._writing = False
        self._writer = asyncio.ensure_future(self._write())

    def put(self, *entries: Entry) -> None:
        """Have them written."""
        self._entries += entries
        self._arrived.set()

    def check(self) -> None:
        """Raise what ended the writing, if anything did."""
        if self._writer.done():
            self._writer.result()

    async def flushed(self) -> None:
        """Wait until all that was put is written."""
        while self._entries or self._writing:
            await asyncio.sleep(_GAP / 10)
            self.check()

    async def close(self, patience: float = 10.0) -> None:
        """Write what is left; a database that stays away that long leaves it to the leases."""
        self._closing = True
        self._arrived.set()
        done, _ = await asyncio.wait([self._writer], timeout=patience)
        if not done:
            log.warning("ingest.unwritten", entries=len(self._entries))
            self._writer.cancel()
            await asyncio.wait([self._writer])
        else:
            self._writer.result()

    async def _write(self) -> None:
        while not (self._closing and not self._entries):
            await self._arrived.wait()
            self._arrived.clear()
            entries, self._entries = self._entries, []
            self._writing = True
            if entries and not await self._flushed(entries):
                self._entries = entries + self._entries
                self._arrived.set()
                await asyncio.sleep(_AGAIN)
            self._writing = False
            self._written()
            if not self._closing:
                await asyncio.sleep(_GAP)

    async def _flushed(self, entries: Sequence[Entry]) -> bool:
        try:
            await self._in_thread(record, entries)
        except (OperationalError, InterfaceError) as error:
            log.warning("ingest.database_unreachable", error=str(error).splitlines()[0])
            return False
        return True


def record(entries: Sequence[Entry]) -> None:
    """Write entries in one transaction, which need not wait for the disk: what it tells follows from earlier ones."""
    with pipelined() as flight:
        statements.LAZILY(flight)
        health.record(flight, _of(entries, Polled))
        _record_sources(flight, _of(entries, Polled))
        _record_links(flight, _of(entries, Followed))
        _record_errors(flight, entries)
        _give_back(flight, _of(entries, GivenBack))
        for learnt in sorted(_of(entries, Learnt), key=lambda one: one.name):
            told = learnt.robots
            statements.LEARN_ROBOTS(flight, name=learnt.name, robots=told.text, holds=told.holds, delay=told.delay)
        turns = {turn.name: turn.pause for turn in _of(entries, Turn)}
        if turns:
            statements.NEXT_TURNS(flight, names=list(turns), pauses=list(turns.values()))


def _record_sources(flight: Flight, polled: Sequence[Polled]) -> None:
    if not polled:
        return
    statements.RECORD_SOURCES(
        flight,
        ids=[one.source.id for one in polled],
        pauses=[one.pause for one in polled],
        reasons=[storable(one.reason) if one.reason else None for one in polled],
        etags=[storable(one.etag) if one.etag else None for one in polled],
        modified=[storable(one.last_modified) if one.last_modified else None for one in polled],
        begun=[one.at if one.asked else None for one in polled],
        got=[one.articles > 0 for one in polled],
        rhythms=[one.rhythm for one in polled],
        items=[one.items for one in polled],
        seen=[one.seen for one in polled],
    )


def _record_links(flight: Flight, followed: Sequence[Followed]) -> None:
    if not followed:
        return
    statements.RECORD_LINKS(
        flight,
        ids=[one.link.id for one in followed],
        states=[one.state for one in followed],
        pauses=[one.pause for one in followed],
        reasons=[storable(one.reason) if one.reason else None for one in followed],
        uncounted=[0] * len(followed),
    )


def _record_errors(flight: Flight, entries: Sequence[Entry]) -> None:
    told = [(one.source.id, one.source.url, one.reason, one.once) for one in _of(entries, Polled) if one.reason]
    told += [
        (one.link.source_id, one.link.url, one.reason, True)
        for one in _of(entries, Followed)
        if one.told and one.reason and one.link.source_id
    ]
    if told:
        statements.RECORD_ERRORS(
            flight,
            sources=[source for source, *_ in told],
            inputs=[storable(url) for _, url, *_ in told],
            reasons=[storable(reason) for _, _, reason, _ in told],
            once=[once for *_, once in told],
        )


def _give_back(flight: Flight, given: Sequence[GivenBack]) -> None:
    if sources := [one.job.source.id for one in given if one.job.link is None]:
        statements.GIVE_BACK(flight, ids=sources)
    if links := [one.job.link for one in given if one.job.link is not None]:
        statements.RECORD_LINKS(
            flight,
            ids=[link.id for link in links],
            states=[WorkState.OPEN.value] * len(links),
            pauses=[0.0] * len(links),
            reasons=[link.reason for link in links],
            uncounted=[1] * len(links),
        )


def _of(entries: Sequence[Entry], kind: type[T]) -> list[T]:
    return [one for one in entries if isinstance(one, kind)]
