"""The live stream: from the commit of an event to its arrival at each of many listeners of one process."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil
import psycopg
from sqlalchemy.engine import make_url

from bench.report import Row, percentile, say
from bench.stack import Broken, running
from core.settings import settings

LISTENERS, EVENTS = 500, 40
PAUSE = 0.7  # seconds between two events, no multiple of the server's look
_MADE = """
WITH one AS (
    INSERT INTO event (bank_id, instrument, status, tech, confidence)
    SELECT id, 'tech_loan', 'granted', true, 0.9 FROM bank WHERE name = '招商银行' RETURNING id
), version AS (
    INSERT INTO event_version (event_id, version, type, facts) SELECT id, 1, 'event.created', '{}' FROM one
)
INSERT INTO news (event_id, version) SELECT id, 1 FROM one RETURNING event_id
"""
_WANTED: tuple[dict[str, Any], ...] = (
    {},
    {"bank": "招商银行"},
    {"instrument": "tech_loan"},
    {"tech": "true", "confidence": 0.5},
    {"type": "event.created"},
)


def run(listeners: int = LISTENERS, events: int = EVENTS) -> list[Row]:
    """One listener, then many, half of them by a watchlist."""
    with running() as stack:
        wanted = {"name": "bench", "banks": ["招商银行"], "tech_only": False}
        by_list = {"watchlist": stack.ask("POST", "/v1/watchlists", wanted)["id"]}
        process = psutil.Process(stack.children()["api"])
        key = stack.api.headers["authorization"]
        alone = asyncio.run(_measure(str(stack.api.base_url), key, [{}], events, process))
        asked = [by_list if number % 2 else _WANTED[number % len(_WANTED)] for number in range(listeners)]
        all_ = asyncio.run(_measure(str(stack.api.base_url), key, asked, events, process))
    return list(_rows(listeners, all_, alone))


def _rows(listeners: int, all_: tuple[Any, ...], alone: tuple[Any, ...]) -> Iterator[Row]:
    (last, each, cpu), (one_last, one_each, one_cpu) = all_, alone
    for what, own, single in (
        (f"the last of {listeners} listeners has it (p95)", percentile(last, 0.95), percentile(one_last, 0.95)),
        ("the last has it, the worst event", max(last), max(one_last)),
        ("each has it, median", percentile(each, 0.5), percentile(one_each, 0.5)),
        ("CPU time of the API's process for an event, its idle looks included", cpu, one_cpu),
    ):  # fmt: skip
        yield Row(what, _ms(own), f"{_ms(single)} with one listener")


async def _measure(
    address: str, key: str, asked: list[dict[str, Any]], events: int, process: psutil.Process
) -> tuple[list[float], list[float], float]:
    """For each event the seconds until the last had it; all arrivals; CPU seconds of the process for an event."""
    came: dict[str, list[float]] = {}
    ready = [asyncio.Event() for _ in asked]
    tasks = [
        asyncio.create_task(_listen(address, key, one, event.set, came))
        for one, event in zip(asked, ready, strict=True)
    ]
    await asyncio.wait_for(asyncio.gather(*(one.wait() for one in ready)), 60)
    await asyncio.sleep(1)
    say(f"{events} events to {len(asked)} listeners")
    before, made = sum(process.cpu_times()[:2]), {}
    url = make_url(settings().database).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(url) as connection:
        for _ in range(events):
            [row] = await (await connection.execute(_MADE)).fetchall()
            await connection.commit()
            made[str(row[0])] = time.monotonic()
            await asyncio.sleep(PAUSE)
    await asyncio.sleep(3)
    spent = sum(process.cpu_times()[:2]) - before
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if missing := [one for one in made if len(came.get(one, ())) != len(asked)]:
        raise Broken(f"{len(missing)} of {events} events did not reach all {len(asked)} listeners once")
    waits = [[at - made[one] for at in came[one]] for one in made]
    return [max(one) for one in waits], [wait for one in waits for wait in one], spent / events


async def _listen(
    address: str, key: str, asked: dict[str, Any], ready: Callable[[], None], came: dict[str, list[float]]
) -> None:
    """One listener on a bare socket, so that reading costs little: notes when which event came."""
    at = urlsplit(address)
    reader, writer = await asyncio.open_connection(at.hostname, at.port, limit=2**20)
    head = f"GET /v1/stream?{urlencode(asked)} HTTP/1.1\r\nhost: {at.netloc}\r\nauthorization: {key}\r\n\r\n"
    writer.write(head.encode())
    try:
        while line := await reader.readline():
            if line.startswith(b"retry:"):
                ready()
            elif line.startswith(b"data:"):
                mark = line.index(b'"id":"') + 6
                came.setdefault(line[mark : mark + 36].decode(), []).append(time.monotonic())
    finally:
        writer.close()


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"
