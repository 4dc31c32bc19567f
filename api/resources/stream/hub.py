"""One look at the database for all listeners of this process, a few times a second; the latest news are kept.

A listener is where it stands, a number, and nothing waits for it here: one that is slow, or comes back, reads what it
missed from the rows, at its own pace.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.resources.stream import store
from api.resources.stream.wanted import Batch, Names, Wanted, sift
from core.database import transaction
from core.news import number_news
from core.views import event_view

log = structlog.get_logger(__name__)
EVERY = 0.2  # seconds between two looks at the news
CHECK = 2.0  # seconds between two looks at who may still listen
KEPT = 1000  # news that are kept for those who are a little behind
MOST = 200  # news that are read at a time
Gate = tuple[Callable[[Session, Collection[str]], set[str]], str]
"""Who may listen: asks which of some marks are still good; and the listener's mark."""


@dataclass
class Entry:
    """One piece of news as it is told; `frames` are its renderings, each made once."""

    number: int
    type: str
    at: Any
    event: dict[str, Any]
    previous: dict[str, Any] | None
    frames: dict[Any, bytes] = field(default_factory=dict)


Chosen = tuple[Entry, Names]


@dataclass(eq=False)
class Listener:
    """One who listens: `position` is the number up to which all was given; `end` is set where it is over."""

    wanted: Wanted
    gate: Gate
    position: int
    end: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """What one process (one event loop) streams. All methods are called in the loop's thread."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self._kept: deque[tuple[Entry, dict[Wanted, Names]]] = deque(maxlen=KEPT)
        self._since: dict[Wanted, int] = {}  # from which number on the kept are judged for it
        self._position = 0
        self._looked = asyncio.Event()
        self._threads = CapacityLimiter(3)  # of the database's connections no more than that are ever taken
        self._task: asyncio.Task[None] | None = None

    def join(self, wanted: Wanted, gate: Gate, position: int) -> Listener:
        """A new listener who has had all news up to `position`."""
        listener = Listener(wanted, gate, position)
        self.listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return listener

    def leave(self, listener: Listener) -> None:
        """They listen no more."""
        self.listeners.discard(listener)

    async def ends(self) -> store.Ends:
        """Between which numbers a listener may stand now."""
        found: store.Ends = await self._ask(store.ends)
        return found

    async def newest(self) -> int:
        """The number of the newest row, once all that are committed by now have theirs."""
        while True:
            waiting, newest = await self._ask(store.state)
            if not waiting:
                return int(newest)
            if not await self._ask(number_news):
                await asyncio.sleep(EVERY)  # another process is about it

    async def wait(self, listener: Listener) -> bool:
        """Until there was another look; whether the listener, who had all so far, may find something."""
        await self._looked.wait()
        return self._position > listener.position or listener.wanted not in self._since

    async def take(self, listener: Listener) -> list[Chosen]:
        """The news that are there for the listener, whose position goes on; [] where there are none for now."""
        since = self._since.get(listener.wanted)
        if since is None:
            return []  # the next look judges for it, too
        first = self._kept[0][0].number - 1 if len(self._kept) == KEPT else since
        if listener.position < max(since, first):
            return await self._missed(listener, max(since, first))
        found, position = [], listener.position
        for entry, judged in reversed(self._kept):
            if entry.number <= position:
                break
            if (names := judged.get(listener.wanted)) is not None:
                found.append((entry, names))
        listener.position = max(position, self._position)
        return found[::-1]

    async def _missed(self, listener: Listener, upto: int) -> list[Chosen]:
        """What the rows tell of the news up to that number or beyond, a batch."""
        entries, judged, last = await self._ask(lambda session: _read(session, listener.position, {listener.wanted}))
        if listener.position < (await self.ends()).oldest - 1:
            listener.end.set()  # what came next went after its time; who comes back is told so
            return []
        listener.position = last if len(entries) == MOST else max(last, upto)
        names = judged[listener.wanted]
        return [(entry, names[entry.number]) for entry in entries if entry.number in names]

    async def _ask(self, act: Callable[[Session], Any]) -> Any:
        def asked() -> Any:
            with transaction() as session:
                return act(session)

        return await run_sync(asked, limiter=self._threads)

    async def _run(self) -> None:
        """Look for as long as anyone listens."""
        self._position, self._since = (await self._started()), {}
        self._kept.clear()
        checked = 0.0
        while self.listeners:
            try:
                await self._look()
                if time.monotonic() - checked > CHECK:
                    checked = time.monotonic()
                    await self._check()
            except SQLAlchemyError as error:
                log.warning("stream.database_unreachable", error=str(error).splitlines()[0])
            except Exception:  # the others go on listening
                log.exception("stream.error")
            self._wake()
            await asyncio.sleep(EVERY)
        self._since = {}
        self._wake()  # for those who are about to leave

    async def _started(self) -> int:
        while True:
            try:
                return int((await self.ends()).newest)
            except SQLAlchemyError as error:
                log.warning("stream.database_unreachable", error=str(error).splitlines()[0])
                await asyncio.sleep(1)

    async def _look(self) -> None:
        wanted = {listener.wanted for listener in self.listeners}
        for one in wanted - self._since.keys():
            self._since[one] = self._position
        for one in self._since.keys() - wanted:
            del self._since[one]
        position = self._position
        waiting, newest = await self._ask(store.state)
        if waiting:
            await self._ask(number_news)
        elif newest <= position:
            return
        entries, judged, last = await self._ask(lambda session: _read(session, position, wanted))
        for entry in entries:
            found = {one: names[entry.number] for one, names in judged.items() if entry.number in names}
            self._kept.append((entry, found))
        self._position = last

    async def _check(self) -> None:
        """End those who may not listen any more, and those whose watchlist is gone."""
        listeners = list(self.listeners)
        good = await self._ask(lambda session: _good(session, listeners))
        for listener in listeners:
            if listener not in good:
                listener.end.set()

    def _wake(self) -> None:
        self._looked.set()
        self._looked = asyncio.Event()

    def close(self) -> None:
        """End all."""
        for listener in self.listeners:
            listener.end.set()
        self._wake()


def _read(
    session: Session, position: int, wanted: Collection[Wanted]
) -> tuple[list[Entry], dict[Wanted, dict[int, Names]], int]:
    """Up to MOST news after a number, for whom each is, and the number up to which that is all."""
    batch = Batch(session, store.after(session, position, MOST))
    judged = sift(batch, wanted)
    asked_for = {number for names in judged.values() for number in names}
    entries = [_entry(batch, row, asked_for) for row in batch.rows]
    return entries, judged, batch.rows[-1].number if batch.rows else position


def _entry(batch: Batch, row: Any, asked_for: Collection[int]) -> Entry:
    """A row as it is told; one that nobody wants holds its place only."""
    if row.number not in asked_for:
        return Entry(row.number, row.type, row.at, {}, None)
    told = batch.told(row)
    event = event_view(told.event, [(one, one) for one in told.tellings]) | {"version": row.version}
    return Entry(row.number, row.type, row.at, event, told.previous)


def _good(session: Session, listeners: Collection[Listener]) -> set[Listener]:
    marks: dict[Any, set[str]] = {}
    for one in listeners:
        marks.setdefault(one.gate[0], set()).add(one.gate[1])
    good = {checks: checks(session, asked) for checks, asked in marks.items()}
    lists = store.watchlists(session, {id_ for one in listeners for id_ in one.wanted.watchlists}).keys()
    return {one for one in listeners if one.gate[1] in good[one.gate[0]] and lists >= set(one.wanted.watchlists)}


_HUBS: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    return _HUBS.setdefault(asyncio.get_running_loop(), Hub())


def close_all() -> None:
    """End all streams of the running event loop: it is about to stop."""
    if found := _HUBS.get(asyncio.get_running_loop()):
        found.close()
