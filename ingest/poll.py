"""The loop of the ingest process: claims jobs as there is room, one of each host at a time, and works them off.

Jobs of hosts whose turn has not come are not claimed at all, so that a slow or crowded host holds no room that others
need. What became of a job goes into the ledger, and with it the next turn of its host.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Self

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from core import heartbeat
from core.errors import RejectedInput, YinqiError
from core.http import AsyncOutbound
from core.settings import settings
from ingest import store
from ingest.errors import Forbidden
from ingest.follow import failed as follow_failed
from ingest.follow import follow
from ingest.hosts import Hosts, pause_of
from ingest.isolate import Readers
from ingest.jobs import Entry, GivenBack, Job, Turn
from ingest.keeper import Keeper, is_collision
from ingest.ledger import Ledger
from ingest.refresh import failed as refresh_failed
from ingest.refresh import refresh, watch
from ingest.ways import Ways

log = structlog.get_logger(__name__)
LEASE = 180.0  # seconds for one job: longer than the longest fetch, reading and keeping together
_THREADS = 4  # that speak with the database
_IDLE = 0.5  # seconds between two looks for jobs where there were none
_TROUBLED = 5.0  # seconds to leave a database alone that does not answer
_PATIENCE = 15.0  # seconds that jobs are given to end when the process stops


class Poller:
    """One process's work; `async with` it, then `run`. Any number of processes share the sources."""

    def __init__(self, out: AsyncOutbound, readers: Readers, *, concurrency: int | None = None) -> None:
        self._concurrency = concurrency or settings().ingest_concurrency
        self._out, self._readers = out, readers
        self._running: set[asyncio.Task[Any]] = set()
        self._room = asyncio.Event()
        self._least = max(1, self._concurrency // 4)  # jobs that one look for more is worth
        self._broken: BaseException | None = None
        self._after = ""  # the host at which the round of links stands

    async def __aenter__(self) -> Self:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="database")
        self._ledger = Ledger(self._in_thread, written=self._room.set)
        self._keeper = Keeper(self._in_thread)
        self._hosts = Hosts(self._out, self._ledger, self._in_thread)
        self._ways = Ways(self._out, self._readers, self._keeper, self._hosts)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let jobs end for a while, give back the others, and write what is not written."""
        if self._running:
            await asyncio.wait(self._running, timeout=_PATIENCE)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)
        await self._keeper.close()
        await self._ledger.close()
        self._threads.shutdown()

    async def run(self, stop: asyncio.Event) -> None:
        """Claim and work until `stop` is set; what nobody foresaw ends it as a whole, to be started anew."""
        stopping = asyncio.ensure_future(stop.wait())
        stopping.add_done_callback(lambda _: self._room.set())
        try:
            while not stop.is_set():
                heartbeat.beat("ingest")
                await self._claim_and_begin(stop)
                self._ledger.check()
                if self._broken is not None:
                    raise self._broken
        finally:
            stopping.cancel()

    async def once(self) -> list[Entry]:
        """Work off what is due now and whose turn it is; what became of it."""
        ended = await asyncio.gather(*map(self._work, await self._claim(self._concurrency)))
        await self._ledger.flushed()
        return [entry for entries in ended for entry in entries]

    async def _claim_and_begin(self, stop: asyncio.Event) -> None:
        self._room.clear()
        room = self._concurrency - len(self._running)
        asked = room if room >= self._least else 0
        jobs = await self._claim(asked) if asked else []
        for job in jobs:
            task = asyncio.ensure_future(self._work(job))
            self._running.add(task)
            task.add_done_callback(self._ended)
        # where hosts have their delay, none that was just asked has its turn soon
        rested = stop if len(jobs) < asked and settings().host_delay else self._room
        with suppress(TimeoutError):
            await asyncio.wait_for(rested.wait(), _IDLE)

    async def _claim(self, most: int) -> list[Job]:
        try:
            jobs, self._after = await self._in_thread(partial(store.claim, most, lease=LEASE, after=self._after))
        except (OperationalError, InterfaceError) as error:
            await _leave_alone(error)
            return []
        claimed: list[Job] = jobs
        return claimed

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._broken = task.exception()
        if self._concurrency - len(self._running) >= self._least:
            self._room.set()

    async def _work(self, job: Job) -> list[Entry]:
        """One job and its host's next turn; as if it had not been claimed where the database or the process ends."""
        entries: list[Entry] = [GivenBack(job), Turn(job.place.name, 0.0)]
        try:
            entries = await self._entries(job)
        except (OperationalError, InterfaceError) as error:
            log.warning("ingest.database_unreachable", error=str(error).splitlines()[0])
        finally:
            self._ledger.put(*entries)
        return entries

    async def _entries(self, job: Job) -> list[Entry]:
        """What the job came to. A robots.txt that is to be learnt first is a request like any other."""
        if not job.place.name:
            return [await watch(job, self._ways)]
        try:
            if not job.place.holds:
                place = await self._hosts.learn(job.url, job.place)
                if pause_of(place):
                    return [GivenBack(job), Turn(place.name, pause_of(place))]
                job = replace(job, place=place)
            self._hosts.check(job.url, job.place)
        except (Forbidden, RejectedInput) as error:  # nothing was asked for
            return [await self._failed(job, error), Turn(job.place.name, 0.0)]
        ended = await (refresh if job.link is None else follow)(job, self._ways)
        return [ended, Turn(job.place.name, pause_of(job.place))]

    async def _failed(self, job: Job, error: YinqiError) -> Entry:
        return (
            refresh_failed(job, None, error) if job.link is None else await follow_failed(job, None, error, self._ways)
        )

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


async def _leave_alone(error: DBAPIError) -> None:
    if is_collision(error):
        return
    log.warning("ingest.database_unreachable", error=str(error).splitlines()[0])
    await asyncio.sleep(_TROUBLED)
