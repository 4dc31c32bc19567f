"""Delivering, as a worker process does it: on one event loop, many at a time.

A message is a hint that a channel has something due. What is due is begun in the order in which it became so, many
channels' in one transaction, whenever there are slots (begin, slots), sent side by side, and what became of it is
written down together (deliver.record). A task only hands over and is free again, so that an endpoint that hangs holds
a slot of its own and no worker.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from alerts.begin import Wanting, place, start
from alerts.channels.base import SEND_TIMEOUT
from alerts.deliver import Begun, Ended, record, send
from alerts.gather import Waiting
from alerts.loop import begin as on_loop
from alerts.loop import loop, run
from alerts.slots import SLOW, Slot, Slots
from core.settings import settings

log = structlog.get_logger(__name__)
PATIENCE = SEND_TIMEOUT + 3.0  # seconds in which a process that stops sends and records what it has begun
_GAP = 0.005  # seconds between two transactions while something is being sent, in which more gathers
_AGAIN = 1.0  # seconds until a database that was away is tried again
_HEAD_START = 0.02  # seconds that who waits for an answer leaves the interpreter to the sending
GiveBack = Callable[[], None]
T = TypeVar("T")


class Post:
    """One process's deliveries. Made on the loop; `hint` and `hold` are for other threads."""

    def __init__(self, concurrency: int) -> None:
        self.slots = Slots(concurrency)
        self._beginner = ThreadPoolExecutor(1, thread_name_prefix="begin")
        self._recorder = ThreadPoolExecutor(1, thread_name_prefix="record")
        self._hints: list[UUID] = []
        self._wanting: Wanting = {}
        self._released: list[UUID] = []
        self._ended: list[tuple[Ended, GiveBack]] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._wake, self._arrived = asyncio.Event(), asyncio.Event()
        self._closing = self._recording = False
        self._tasks = [asyncio.ensure_future(work()) for work in (self._begin, self._record)]

    def hint(self, delivery_id: UUID) -> None:
        """A delivery is due."""
        loop().call_soon_threadsafe(self._hinted, delivery_id)

    def hold(self, channel: Any, letter: Waiting) -> "Held":
        """Make a letter ready whose attempt is begun in a transaction that goes on: it leaves when that has ended."""
        ready: asyncio.Future[None] = loop().create_future()
        begun = Begun(channel, [replace(letter, after=ready)])
        return Held(ready, on_loop(self._at_once(begun)))

    async def close(self, patience: float = PATIENCE) -> None:
        """Begin nothing more, send what is begun and write down what became of it."""
        self._closing = True
        self._wake.set()
        try:
            async with asyncio.timeout(patience):
                while self._sending or self._ended or self._recording or not self._tasks[0].done():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            log.warning("delivery.unfinished", count=len(self._sending) + len(self._ended))
        for task in (*self._tasks, *self._sending):
            task.cancel()

    def _hinted(self, delivery_id: UUID) -> None:
        self._hints.append(delivery_id)
        self._wake.set()

    async def _at_once(self, begun: Begun) -> None:
        await asyncio.shield(self._set_out(begun, self.slots.force(place(begun.channel))))

    async def _begin(self) -> None:
        while not self._closing:
            await self._wake.wait()
            self._wake.clear()
            hints, self._hints = self._hints, []
            if not (hints or self._released) and not any(map(self.slots.free, self._wanting.values())):
                continue
            if not await self._begun(hints):
                self._hints = hints + self._hints
                self._wake.set()
                await asyncio.sleep(_AGAIN)
            elif self._sending:
                await asyncio.sleep(_GAP)

    async def _begun(self, hints: Sequence[UUID]) -> bool:
        released, self._released = self._released, []
        try:
            started = await self._in(self._beginner, start, hints, released, self._wanting, self.slots)
        except Exception:
            log.exception("delivery.not_begun", count=len(hints))
            self._wanting = {}  # all that is due is swept
            return len(hints) < 2 or all([await self._begun([one]) for one in hints])  # one at fault stops no other
        if started is None:
            self._released += released
            return False
        self._wanting = started.wanting
        for begun, slot in started.begun:
            self._set_out(begun, slot)
        if self._wanting:
            self._wake.set()
        return True

    def _set_out(self, begun: Begun, slot: Slot) -> "asyncio.Task[None]":
        task = asyncio.ensure_future(self._send(begun, slot))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return task

    async def _send(self, begun: Begun, slot: Slot) -> None:
        waited: list[bool] = []
        bell = asyncio.get_running_loop().call_later(SLOW, self._outside, slot, waited)
        try:
            ended = await send(begun)
        except asyncio.CancelledError:
            # what was held was dropped, or the process ends
            self.slots.give_back(slot, waited=bool(waited))
            raise
        finally:
            bell.cancel()
        answered = ended.outcome.kind != "later"
        give_back = partial(self.slots.give_back, slot, answered=answered, waited=bool(waited))
        if ended.is_plain:
            give_back()
            self._wake.set()
        # what failed keeps its slot until the channel's circuit knows of it
        self._ended.append((ended, _nothing if ended.is_plain else give_back))
        self._arrived.set()

    def _outside(self, slot: Slot, waited: list[bool]) -> None:
        waited.append(True)
        self.slots.wait_outside(slot)
        self._wake.set()

    async def _record(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            taken, self._ended = self._ended, []
            self._recording = True
            left: list[Ended] = []
            is_away = await self._in(self._recorder, _recorded, [ended for ended, _ in taken], left) is None
            for ended, give_back in taken:
                if any(ended is one for one in left):
                    self._ended.append((ended, give_back))
                else:
                    give_back()
                    self._released += [ended.begun.channel.channel_id] if ended.releases else []
            self._wake.set()
            self._recording = False
            if is_away:
                self._arrived.set()
            await asyncio.sleep(_AGAIN if is_away else _GAP if self._sending else 0)

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[..., T], *arguments: Any) -> T | None:
        """What `work` returns; None where the database is away."""
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, work, *arguments)
        except (OperationalError, InterfaceError) as error:
            log.warning("delivery.database_unreachable", error=str(error).splitlines()[0])
            return None


class Held:
    """A letter that is ready to leave. For other threads than the loop's."""

    def __init__(self, ready: "asyncio.Future[None]", sent: "Future[None]") -> None:
        self._ready, self._sent = ready, sent

    def let_go(self) -> None:
        """Let it leave."""
        loop().call_soon_threadsafe(self._open)

    def await_answer(self) -> None:
        """Wait until it is answered, and no longer than a moment."""
        wait_for([self._sent], timeout=_HEAD_START)

    def drop(self) -> None:
        """Let nothing leave."""
        loop().call_soon_threadsafe(self._ready.cancel)

    def _open(self) -> None:
        if not self._ready.done():
            self._ready.set_result(None)


def _nothing() -> None:
    """Its slot is given back already."""


def _recorded(ended: Sequence[Ended], left: list[Ended]) -> bool:
    """Record all; where the database is away, `left` holds what is not recorded yet."""
    left += ended
    for some in ([one for one in ended if one.is_plain], *([one] for one in ended if not one.is_plain)):
        try:
            record(some)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # the attempt stays in doubt, and the delivery is swept
            log.exception("delivery.unrecorded", count=len(some))
        left[:] = [one for one in left if not any(one is other for other in some)]
    return True


async def _made() -> Post:
    return Post(settings().delivery_concurrency)


def has_room(channel: Any) -> bool:
    """Whether a message to a channel (its row) may begin now in this process."""
    return post().slots.free(place(channel)) > 0


@lru_cache
def post() -> Post:
    """This process's."""
    return run(_made())


def close() -> None:
    """End this process's, if there is one: at its stop, and between two tests."""
    if post.cache_info().currsize:
        run(post().close())
        post.cache_clear()


os.register_at_fork(after_in_child=post.cache_clear)
