"""Polling of many feeds, a fifth of them changed, beside a bare gather of httpx over the same requests; idle memory.

Both ask the same server for the same bodies, with the same conditional headers, as many at a time, on the same event
loop, and have asked for all of them before. The bare one only reads the bodies. Yinqi's time holds all of the story:
claims, robots.txt and delays by host, parsing in its readers, articles into PostgreSQL with their sketches, messages to
the broker, what became of each source. It logs as the ingest process does, warnings alone.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import psutil
import uvloop
from sqlalchemy import text

from bench import feeds, stack
from bench.report import Row, listed, say
from core import database, logging
from core.clock import now
from core.settings import settings
from ingest.__main__ import outbound
from ingest.isolate import Readers
from ingest.poll import Poller

FEEDS = 2_000
ROUNDS = 3
IDLE = 10_000
MEGABYTE = 1e6
MOST_RATIO, MOST_MEMORY = 1.5, 300
_LOOK = 0.05  # seconds between two looks whether all is done, each of which takes time from what is measured
_SETTLING = 5.0  # seconds of idling before memory is read
_SOURCES = text("""
INSERT INTO source (name, url, kind, longest_interval) SELECT url, url, 'rss', 86400
FROM unnest(CAST(:urls AS text[])) AS told(url)
""")


def run(count: int = FEEDS, rounds: int = ROUNDS, idle: int = IDLE) -> list[Row]:
    """Seconds of each, their ratio (the median round's), memory of an ingest process with all sources idle."""
    with _started() as (base, environment), Readers() as readers:
        port = httpx.URL(base).port
        urls = [f"http://{feeds.address(number)}:{port}/rss" for number in range(count)]
        say("polling: what was polled before")
        _prime(urls)
        bare = Bare(urls)
        uvloop.run(bare.gather())
        _poll(readers)
        _check(0, count)
        times = []
        for version in range(1, rounds + 1):
            say(f"polling: round {version} of {rounds}")
            httpx.get(f"{base}/version/{version}", trust_env=False)
            times.append((_timed_bare(bare), _poll(readers)))
            _check(version, count)
        memory = _idle_memory(environment, idle, count)
    bare_time, own_time = sorted(times, key=lambda pair: pair[1] / pair[0])[len(times) // 2]
    ratios = [own / bare for bare, own in times]
    return [
        Row(f"{count:,} feeds, {100 // feeds.SHARE} % changed", f"{own_time:.2f} s"),
        Row("a bare httpx gather of the same requests", f"{bare_time:.2f} s"),
        Row("ratio", f"{statistics.median(ratios):.2f}", f"at most {MOST_RATIO} (rounds: {listed(ratios)})"),
        Row(f"{idle:,} sources idle, ingest process and its readers", f"{memory:.0f} MB", f"at most {MOST_MEMORY} MB"),
    ]


class Bare:
    """What one would write with httpx alone: remembers ETags, asks, reads."""

    def __init__(self, urls: list[str]) -> None:
        self._urls = urls
        self._tags: dict[str, str] = {}

    async def gather(self) -> None:
        """Ask for all. What waits does so outside of the client, whose pool takes longer the more it holds."""
        turns = asyncio.Semaphore(settings().ingest_concurrency)
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            await asyncio.gather(*(self._ask(client, url, turns) for url in self._urls))

    async def _ask(self, client: httpx.AsyncClient, url: str, turns: asyncio.Semaphore) -> None:
        async with turns:
            answer = await client.get(url, headers={"If-None-Match": self._tags.get(url, "")})
        if answer.status_code == 200:
            self._tags[url] = answer.headers["etag"]
            assert answer.content


def _timed_bare(bare: Bare) -> float:
    begun = time.perf_counter()
    uvloop.run(bare.gather())
    return time.perf_counter() - begun


def _poll(readers: Readers) -> float:
    """Seconds until all sources, due at once, are polled and written down."""
    with database.engine().begin() as connection:
        connection.execute(text("UPDATE source SET due_at = now()"))
    begun = time.perf_counter()
    uvloop.run(_until_polled(readers))
    return time.perf_counter() - begun


async def _until_polled(readers: Readers) -> None:
    stop = asyncio.Event()
    async with outbound() as out, Poller(out, readers) as poller:
        running = asyncio.ensure_future(poller.run(stop))
        while not running.done() and await asyncio.to_thread(_due):
            await asyncio.sleep(_LOOK)
        stop.set()
        await running


def _due() -> bool:
    with database.engine().begin() as connection:
        query = "SELECT EXISTS (SELECT FROM source WHERE enabled AND due_at <= now())"
        return bool(connection.execute(text(query)).scalar())


def _check(version: int, count: int) -> None:
    """That nothing was left out: each changed feed's new article is there, and nothing failed."""
    expected = sum(feeds.ITEMS + feeds.version_of(number, version) for number in range(count))
    with database.engine().begin() as connection:
        stored = connection.execute(text("SELECT count(*) FROM article")).scalar()
        failed = connection.execute(text("SELECT max(last_error) FROM source")).scalar()
    if stored != expected or failed:
        raise stack.Broken(f"{stored} articles are stored instead of {expected}; {failed or 'nothing failed'}")


def _idle_memory(environment: dict[str, str], idle: int, count: int) -> float:
    """MB resident of `python -m ingest` and its children, after it polled a hundred changed feeds."""
    with database.engine().begin() as connection:
        connection.execute(text("UPDATE source SET due_at = now() + interval '1 day', etag = NULL, seen = NULL"))
        connection.execute(text("UPDATE source SET due_at = now() WHERE id IN (SELECT id FROM source LIMIT 100)"))
        connection.execute(
            text(
                "INSERT INTO source (name, url, kind, due_at) SELECT n, 'http://idle-' || n || '.example/rss', 'rss', "
                "now() + interval '1 hour' FROM generate_series(1, :more) AS n"
            ),
            {"more": idle - count},
        )
    with stack.child("ingest", environment=environment) as pid:
        until = time.monotonic() + stack.START_LIMIT
        while _due() and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(_SETTLING)
        process = psutil.Process(pid)
        return float(sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))) / MEGABYTE


def _prime(urls: list[str]) -> None:
    """Sources, and what is known of their hosts: in the bench nothing but polls is to take time."""
    hosts = [httpx.URL(url).netloc.decode() for url in urls]
    with database.engine().begin() as connection:
        connection.execute(_SOURCES, {"urls": urls})
        connection.execute(text("INSERT INTO host SELECT unnest(CAST(:hosts AS text[])), NULL, :until"), {
            "hosts": hosts, "until": now() + timedelta(days=1),
        })  # fmt: skip


@contextmanager
def _started() -> Iterator[tuple[str, dict[str, str]]]:
    """PostgreSQL, Valkey and the feeds; the feeds' address, and the environment of further children."""
    with stack.servers_alone(stack.QUIET) as (folder, environment):
        logging.configure("ingest")
        with stack.other_side("bench.feeds", folder) as port:
            yield f"http://127.0.0.1:{port}", environment
