"""The bare chain: three empty Celery tasks, each sending the next, and one POST at the end.

Same app and settings, same broker, same kind of workers as Yinqi's, and as many hops: the first task runs in a worker
of its own (as the extractor does), the other two share one (as matching and delivering do). What Yinqi takes beyond
this is its own work: the API, the database, extraction, signing.

It sends as every program does that uses Celery, by `send_task`, while Yinqi puts its messages into the broker itself
(core/broker.py); that it saves the time is part of what is measured.
"""

import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import httpx

from bench import stack
from core import logging
from core.celery_app import app

QUEUES = ("bench-one", "bench-two")


@app.task(name="bench.one")  # type: ignore[untyped-decorator]
def one(**hint: Any) -> None:
    """Stands for extracting."""
    app.send_task("bench.two", kwargs=hint, queue=QUEUES[1])


@app.task(name="bench.two")  # type: ignore[untyped-decorator]
def two(**hint: Any) -> None:
    """Stands for matching."""
    app.send_task("bench.three", kwargs=hint, queue=QUEUES[1])


@app.task(name="bench.three")  # type: ignore[untyped-decorator]
def three(**hint: Any) -> None:
    """Stands for delivering."""
    _client().post(hint["url"], content=hint["id"])


def start(hint: dict[str, str]) -> None:
    """Send the first task's message."""
    app.send_task("bench.one", kwargs=hint, queue=QUEUES[0])


@contextmanager
def workers(environment: dict[str, str]) -> Iterator[None]:
    """The two workers, stopped at the end."""
    with ExitStack() as exits:
        for queue in QUEUES:  # nothing is lost with them, so they need not end softly
            exits.enter_context(stack.child("bench.bare", queue, environment=environment, patience=0))
        yield


@cache
def _client() -> httpx.Client:
    return httpx.Client(trust_env=False)


def _work(queue: str) -> None:
    """A worker with the very options of `yinqi serve extractor` (cli/serve.py)."""
    logging.configure(queue)
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"]
    given = ["-Q", queue, "-I", "bench.bare", "-n", f"{queue}@%h", "--concurrency", "1"]
    app.worker_main(["--quiet", "worker", "--pool", "prefork", *given, *quiet])


if __name__ == "__main__":
    _work(sys.argv[1])
