"""Delivering: many webhooks beside a bare httpx loop of the same concurrency, and many endpoints one of which hangs.

Both take turns on the same receiver. The bare one only posts the bodies. Yinqi's time runs from the moment in which
all messages lie in the broker until every webhook has arrived and the last attempt is recorded: it holds messages,
claims, rows of attempts on the disk, signatures, and what became of each. Messages whose deliveries were begun with
those before them are left over then; they are waited for, untimed, so that nothing stands before the next measure.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import uvloop
from redis import Redis
from sqlalchemy import text

from bench import feeds, stack
from bench.report import Row, listed, median, percentile, say
from core import database
from core.celery_app import app
from core.messages import Message, send
from core.secrets import seal
from core.settings import settings
from core.work import DELIVER, queue_length

WEBHOOKS, ENDPOINTS, ROUNDS = 5_000, 100, 5
MOST_RATIO, MOST_DELAY = 2.0, 1.2
RATE, SECONDS = 50, 10  # deliveries made in a second, and for how long
_LIMIT = 120.0  # seconds for one round
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_TEXT = "样例银行向样例科技放款。" * 60
_BODY = f'{{"type":"event.created","timestamp":"2026-03-02T08:00:00Z","data":{{"text":"{_TEXT}"}}}}'
_CHANNELS = text("""
INSERT INTO channel (subscriber_id, kind, name, config, secret)
SELECT :subscriber, 'webhook', url, jsonb_build_object('url', url), :secret FROM unnest(CAST(:urls AS text[])) AS url
RETURNING id
""")
_MADE = text("""
INSERT INTO delivery (subscriber_id, channel_id, type, body)
SELECT :subscriber, channel_id, 'test', :body FROM unnest(CAST(:channels AS uuid[])) AS channel_id RETURNING id
""")


def run(webhooks: int = WEBHOOKS, rounds: int = ROUNDS) -> list[Row]:
    """Seconds of both and their ratio (the median round's); the 95th percentiles and theirs."""
    with _Bench() as bench:
        bench.deliver(webhooks // 5)  # both are warm then
        bench.post_bare(webhooks // 5)
        pairs = []
        for number in range(rounds):
            say(f"delivering: round {number + 1} of {rounds}")
            pairs.append((bench.post_bare(webhooks), bench.deliver(webhooks)))
        delays = []
        for number in range(rounds):
            say(f"delivering: one endpoint hangs, round {number + 1} of {rounds}")
            delays.append((bench.delay(hangs=False), bench.delay(hangs=True)))
    bare, own = sorted(pairs, key=lambda pair: pair[1] / pair[0])[len(pairs) // 2]
    without, with_it = sorted(delays, key=lambda pair: pair[1] / pair[0])[len(delays) // 2]
    ratios, slower = ([b / a for a, b in found] for found in (pairs, delays))
    return [
        Row(f"{webhooks:,} webhooks to {ENDPOINTS} endpoints", f"{own:.2f} s", f"{webhooks / own:,.0f} a second"),
        Row("a bare httpx loop of the same requests", f"{bare:.2f} s", f"{settings().delivery_concurrency} at a time"),
        Row("ratio", f"{median(ratios):.2f}", f"at most {MOST_RATIO:g} (rounds: {listed(ratios)})"),
        Row(f"made to received, 95th percentile of {ENDPOINTS - 1} endpoints", f"{without * 1000:.1f} ms"),
        Row("the same while another one hangs", f"{with_it * 1000:.1f} ms"),
        Row("ratio", f"{median(slower):.2f}", f"at most {MOST_DELAY} (rounds: {listed(slower)})"),
    ]


class _Bench:
    """PostgreSQL, Valkey, the receiver, a worker of alerts, and channels to a hundred endpoints."""

    def __enter__(self) -> "_Bench":
        self._exits = ExitStack()
        self._port = self._exits.enter_context(_started())
        self._client = self._exits.enter_context(httpx.Client(trust_env=False, timeout=60))
        self._urls = [f"http://{feeds.address(number)}:{self._port}/hook" for number in range(ENDPOINTS)]
        with database.engine().begin() as connection:
            made = connection.execute(text("INSERT INTO subscriber (name) VALUES ('bench') RETURNING id"))
            self._subscriber = made.scalar_one()
            given = {"subscriber": self._subscriber, "secret": seal(_SECRET), "urls": self._urls}
            self._channels = [row.id for row in connection.execute(_CHANNELS, given)]
        return self

    def __exit__(self, *_: Any) -> None:
        self._exits.close()

    def post_bare(self, count: int) -> float:
        """Seconds that httpx takes to post as many."""
        begun = time.perf_counter()
        uvloop.run(_post([self._urls[number % ENDPOINTS] for number in range(count)]))
        spent = time.perf_counter() - begun
        self._arrivals()
        return spent

    def deliver(self, count: int) -> float:
        """Seconds from the messages to the last record."""
        ids = self._made([self._channels[number % ENDPOINTS] for number in range(count)])
        with Redis.from_url(settings().broker_url) as broker:
            for one in ids:  # to a list that no worker reads
                app.send_task(DELIVER.task, kwargs={"id": str(one)}, queue="beside")
            begun = time.perf_counter()
            broker.rename("beside", DELIVER.queue)  # all at once
            while left := _open():
                if time.perf_counter() - begun > _LIMIT:
                    raise stack.Broken(f"{left} of {count} webhooks are not delivered after {_LIMIT:.0f} s")
                time.sleep(0.02)
            spent = time.perf_counter() - begun
        _quiet()
        if missing := {str(one) for one in ids} - self._arrivals().keys():
            raise stack.Broken(f"{len(missing)} of {count} webhooks did not arrive")
        return spent

    def delay(self, *, hangs: bool) -> float:
        """95th percentile in seconds from a delivery's transaction to its arrival at the endpoints that answer."""
        self._hang(self._channels[-1], hangs=hangs)
        made: dict[str, float] = {}
        begun = time.perf_counter()
        for number in range(RATE * SECONDS):
            time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
            at = time.time()
            [one] = self._made([self._channels[number % ENDPOINTS]])
            send([Message(DELIVER.task, one)])
            if number % ENDPOINTS != ENDPOINTS - 1:
                made[str(one)] = at
        arrived: dict[str, float] = {}
        while made.keys() - arrived.keys():
            arrived |= self._arrivals()
            if time.perf_counter() - begun > _LIMIT:
                raise stack.Broken(f"{len(made.keys() - arrived.keys())} webhooks did not arrive")
            time.sleep(0.1)
        self._hang(self._channels[-1], hangs=False)
        _quiet()
        return percentile([arrived[one] - at for one, at in made.items()], 0.95)

    def _hang(self, channel: Any, *, hangs: bool) -> None:
        """Point one channel to where it hangs or not, as if it had never failed and nothing waited for it."""
        url = self._urls[-1].replace("/hook", "/hang") if hangs else self._urls[-1]
        own = {"channel": channel, "url": url}
        with database.engine().begin() as connection:
            connection.execute(text("DELETE FROM delivery WHERE channel_id = :channel"), own)
            fresh = "config = jsonb_build_object('url', CAST(:url AS text)), failures = 0, failing_since = NULL"
            connection.execute(text(f"UPDATE channel SET {fresh}, probe_at = NULL WHERE id = :channel"), own)

    def _made(self, channels: list[Any]) -> list[Any]:
        given = {"subscriber": self._subscriber, "body": _BODY, "channels": channels}
        with database.engine().begin() as connection:
            return [row.id for row in connection.execute(_MADE, given)]

    def _arrivals(self) -> dict[str, float]:
        found: dict[str, float] = self._client.get(f"http://127.0.0.1:{self._port}/arrivals").json()
        return found


async def _post(urls: list[str]) -> None:
    turns = asyncio.Semaphore(settings().delivery_concurrency)
    headers = {"content-type": "application/json"}
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:

        async def one(url: str) -> None:
            async with turns:
                answer = await client.post(url, content=_BODY.encode(), headers=headers)
            assert answer.status_code == 204

        await asyncio.gather(*map(one, urls))


def _open() -> int:
    with database.engine().connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM delivery WHERE state = 'open'")) or 0)


def _quiet() -> None:
    """Wait until no message waits."""
    until = time.monotonic() + _LIMIT
    while queue_length(DELIVER.queue):
        if time.monotonic() > until:
            raise stack.Broken(f"messages still wait after {_LIMIT:.0f} s")
        time.sleep(0.1)


@contextmanager
def _started() -> Iterator[int]:
    """The servers and a worker; the port of the receiver."""
    with (
        stack.servers_alone(stack.QUIET) as (folder, environment),
        stack.other_side("bench.hooks", folder) as port,
        stack.child("cli.serve", "alerts", environment=environment),
    ):
        yield port
