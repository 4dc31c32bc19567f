"""Exports of a small and a large history: rows a second, and what the API's process needs besides, for each format."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psutil
import psycopg
from sqlalchemy.engine import make_url

from bench import history
from bench.report import Row, say
from bench.stack import Broken, api_alone
from core.settings import settings

FEW, MANY = 10_000, 1_000_000
FORMATS = ("csv", "xlsx", "jsonl", "parquet")
_MIB = 2**20


def run(few: int = FEW, many: int = MANY) -> list[Row]:
    """Each format over `few` rows, then over `many`, of the same server."""
    with api_alone() as (api, pid):
        process = psutil.Process(pid)
        first = {one: _export(api, process, one, few) for one in _filled(few, FORMATS)}
        then = {one: _export(api, process, one, many) for one in _filled(many - few, FORMATS)}
    return [row for one in FORMATS for row in _rows(one, few, first[one], many, then[one])]


def _filled(events: int, formats: tuple[str, ...]) -> tuple[str, ...]:
    """The formats, after so many events were added."""
    say(f"making {events:,} events")
    url = make_url(settings().database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        history.fill(connection, events)
    return formats


def _export(api: httpx.Client, process: psutil.Process, name: str, rows: int) -> tuple[float, int, int]:
    """Seconds, bytes of the file, and how far the process grew over what it held before."""
    say(f"exporting {rows:,} rows as {name}")
    api.get("/v1/exports/banks", params={"format": name, "q": "无"}).raise_for_status()  # its library is loaded
    began, size = time.monotonic(), 0
    with _watched(process) as peak:
        before = process.memory_info().rss
        with api.stream("GET", "/v1/exports/events", params={"format": name}) as answer:
            if answer.status_code != 200:
                raise Broken(f"the export answered {answer.status_code}")
            for piece in answer.iter_raw():
                size += len(piece)
    return time.monotonic() - began, size, max(0, max(peak) - before)


@contextmanager
def _watched(process: psutil.Process) -> Iterator[list[int]]:
    """What the process holds (bytes), looked at twenty times a second."""
    seen, over = [process.memory_info().rss], threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            seen.append(process.memory_info().rss)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()


def _rows(name: str, few: int, first: tuple[float, int, int], many: int, then: tuple[float, int, int]) -> Iterator[Row]:
    speed, beside = many / then[0], few / first[0]
    yield Row(f"{name}, {many:,} rows", f"{speed:,.0f} rows/s", f"{beside:,.0f} rows/s with {few:,}")
    told = f"{first[2] / _MIB:.0f} MiB with {few:,}; the file has {then[1] / _MIB:,.0f} MiB"
    yield Row(f"{name}: growth of the API's process", f"{then[2] / _MIB:.0f} MiB", told)
