"""The ingest process: looks after the sources until SIGTERM or SIGINT. Any number of them may run."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core import heartbeat, logging
from core.http import Outbound
from core.settings import settings
from ingest.refresh import refresh_next

log = structlog.get_logger(__name__)
WORKERS = 4  # sources polled at the same time by one process
_IDLE = 1.0  # seconds between two looks for a source that is due
_TROUBLED = 5.0  # seconds to leave a database alone that does not answer


def run(stop: threading.Event) -> None:
    """Poll due sources until `stop` is set; a poll that has begun is finished."""
    with outbound() as out, ThreadPoolExecutor(WORKERS, thread_name_prefix="ingest") as pool:
        log.info("ingest.started", workers=WORKERS)
        for worker in [pool.submit(_work, out, stop) for _ in range(WORKERS)]:
            worker.result()
    log.info("ingest.stopped")


def outbound() -> Outbound:
    """The way out, by this process's settings."""
    contact = settings().contact
    agent = f"Yinqi/0.1 (financial news monitor{f'; {contact}' if contact else ''})"
    return Outbound(allow=settings().networks, user_agent=agent)


def _work(out: Outbound, stop: threading.Event) -> None:
    while not stop.is_set():
        heartbeat.beat("ingest")
        try:
            pause = _IDLE if refresh_next(out) is None else 0.0
        except SQLAlchemyError as error:
            log.warning("ingest.database_unreachable", error=str(error).splitlines()[0])
            pause = _TROUBLED
        except BaseException:
            stop.set()  # end as a whole and be started anew, rather than go on with fewer workers
            raise
        stop.wait(pause)


def main() -> None:
    """Run until told to stop."""
    logging.configure("ingest")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(stop)


if __name__ == "__main__":
    main()
