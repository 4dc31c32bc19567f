"""How often each was heard in the running minute: by this process, and a little later by all others too.

Every process counts for itself and tells the broker a few times a second what it counted, which answers what all of
them counted together. So the limit holds over all processes, but for what comes within SHARED seconds.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from core.settings import settings

log = structlog.get_logger(__name__)
WINDOW = 60  # seconds; windows begin at whole minutes, so that all processes have the same
SHARED = 0.25  # seconds after which others know what this process counted
AWAY = 5.0  # seconds until a broker that did not answer is asked again
PATIENCE = 1.0  # seconds that its answer is waited for, by a thread on which no request depends


@dataclass(slots=True)
class _Count:
    """Requests of one window: those that others were not told of yet, and all that are known of."""

    window: int
    own: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of `most` requests until `reset` seconds from now; `left` below nothing: this one is too much."""

    most: int
    left: int
    reset: int


class Tally:
    """The counts of one process. Its methods belong to the event loop's thread."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._counts: dict[str, _Count] = {}
        # Its own, not of those that requests wait for; and none of anyio's, which would never end if it began while
        # the event loop was already closing.
        self._thread = ThreadPoolExecutor(1, "limits")
        self._due: asyncio.TimerHandle | None = None
        self._sharing = False

    def add(self, who: str, most: int) -> Standing:
        """Count a request of `who`, who may make `most` in a window; one too much is not counted."""
        moment = self._clock()
        window = int(moment) // WINDOW
        count = self._counts.get(who)
        if count is None or count.window != window:
            count = self._counts[who] = _Count(window)
        left = most - count.known - count.own - 1
        if left >= 0:
            count.own += 1
            self._share_soon(SHARED)
        return Standing(most, left, max(1, round((window + 1) * WINDOW - moment)))

    def take_back(self, who: str) -> None:
        """The last request of `who` was another's."""
        if count := self._counts.get(who):
            count.own -= 1

    def _share_soon(self, seconds: float) -> None:
        if self._due is None and not self._sharing:
            self._due = asyncio.get_running_loop().call_later(seconds, self._begin)

    def _begin(self) -> None:
        """Tell the broker what is new; in no task, which a loop that closes now would leave behind, unfinished."""
        self._due = None
        window = int(self._clock()) // WINDOW
        self._counts = {who: count for who, count in self._counts.items() if count.window == window}
        told = {who: count.own for who, count in self._counts.items() if count.own}
        if not told:
            return
        loop = asyncio.get_running_loop()

        def answered(answer: Future[list[int]]) -> None:
            with suppress(RuntimeError):  # the loop was closed meanwhile: nobody asks any more
                loop.call_soon_threadsafe(self._learn, window, told, answer)

        self._sharing = True
        self._thread.submit(_exchange, window, told).add_done_callback(answered)

    def _learn(self, window: int, told: dict[str, int], answer: Future[list[int]]) -> None:
        """Take in what all others counted; what the broker did not take is told later."""
        self._sharing = False
        pause = SHARED
        try:
            for (who, own), total in zip(told.items(), answer.result(), strict=True):
                count = self._counts.get(who)
                if count is not None and count.window == window:
                    count.own, count.known = count.own - own, total
        except (RedisError, OSError) as error:
            log.warning("broker.unreachable", error=str(error), duty="limits")
            pause = AWAY
        if any(count.own for count in self._counts.values()):
            self._share_soon(pause)


def _exchange(window: int, told: dict[str, int]) -> list[int]:
    """Add to the shared counts of a window; what each is now."""
    with _broker(settings().broker_url).pipeline(transaction=False) as pipe:
        for who, own in told.items():
            name = f"yinqi:asked:{window}:{who}"
            pipe.incrby(name, own)
            pipe.expire(name, 2 * WINDOW)
        return [int(total) for total in pipe.execute()[::2]]


@lru_cache(maxsize=1)
def _broker(url: str) -> Redis:
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=once)
