"""The ingest process: looks after the sources until SIGTERM or SIGINT. Any number of them may run."""

import asyncio
import signal

import structlog
import uvloop

from core import logging
from core.http import AsyncOutbound
from core.settings import settings
from ingest import preview
from ingest.isolate import Readers
from ingest.poll import Poller
from ingest.same.catch_up import catch_up_until
from ingest.visit import user_agent

log = structlog.get_logger(__name__)
_REST = 5.0  # seconds that an idle connection stays open: for the pages that a list has just named
_SPARE = 16  # connections beside those of the jobs: robots.txt of hosts that redirects lead to


def outbound() -> AsyncOutbound:
    """The way out, by this process's settings."""
    most = settings().ingest_concurrency + _SPARE
    return AsyncOutbound(allow=settings().networks, user_agent=user_agent(), rest=_REST, most=most, most_to_one=2)


async def run(stop: asyncio.Event) -> None:
    """Look after the sources until `stop` is set."""
    async with outbound() as out, Readers() as readers, Poller(out, readers) as poller:
        log.info("ingest.started", concurrency=settings().ingest_concurrency)
        answering = asyncio.ensure_future(preview.serve(readers, stop))
        catching_up = asyncio.ensure_future(catch_up_until(stop))
        try:
            await poller.run(stop)
        finally:
            stop.set()
            await answering
            await catching_up
    log.info("ingest.stopped")


async def _until_told() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(stop)


def main() -> None:
    """Run until told to stop."""
    logging.configure("ingest")
    uvloop.run(_until_told())


if __name__ == "__main__":
    main()
