"""`yinqi serve …`: one service in this process. `yinqi up` runs each of them so, and so does docker compose."""

import ctypes
import os
import runpy
import signal
import sys
import threading
import time
import warnings
from contextlib import suppress
from typing import Annotated

import typer

from core import logging
from core.settings import settings

serve = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Run one service in the foreground (what `yinqi up` starts)."
)
Processes = Annotated[int | None, typer.Option(min=1, max=64, help="Worker processes; default: the setting.")]

_NOT_STARTED = 3  # as uvicorn's own command ends
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@serve.command()
def ingest() -> None:
    """Poll the sources that are due and keep their articles."""
    _begin("ingest")
    runpy.run_module("ingest", run_name="__main__", alter_sys=True)


@serve.command()
def extractor(processes: Processes = None) -> None:
    """Extract events from articles (a Celery worker on the queue `extractor`)."""
    _begin("extractor")
    _work("extractor", processes or settings().extractor_processes)


@serve.command()
def alerts(processes: Processes = None) -> None:
    """Match events with watchlists and deliver alerts (a Celery worker on the queue `alerts`)."""
    _begin("alerts")
    _work("alerts", processes or settings().alerts_processes)


@serve.command()
def scheduler() -> None:
    """Sweep for forgotten work, set out the canary, catch up with what follows from rows; any number may run."""
    _begin("scheduler")
    from core.scheduler import run
    from extractor.catching_up import DUTIES

    run(duties=DUTIES)


@serve.command()
def api() -> None:
    """Answer the API at YINQI_API_HOST and YINQI_API_PORT."""
    _begin("api")
    import uvicorn

    from api.server import Server
    from core.pinyin import pinyin

    # half a second of loading, so that nobody waits for it who names something first
    threading.Thread(target=pinyin, args=("银行",), daemon=True).start()

    config = settings()
    served = uvicorn.Config(
        "api.app:app",
        host=config.api_host,
        port=config.api_port,
        log_config=None,  # core.logging has set the form
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    server = Server(served)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)


def _begin(service: str) -> None:
    _tie_to_parent()
    logging.configure(service)


def _work(queue: str, processes: int) -> None:
    """A prefork worker on `queue`; gossip and mingle speak to other workers, which nothing here needs."""
    from core.celery_app import app

    # Celery warns root because of pickle, which the app does not accept
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"]
    given = ["-Q", queue, "-I", f"{queue}.tasks", "-n", f"{queue}@%h", "--concurrency", str(processes)]
    app.worker_main(["--quiet", "worker", "--pool", "prefork", *given, *quiet])


def _tie_to_parent() -> None:
    """End with the `yinqi up` that started this process, even when that was killed outright."""
    parent = os.environ.pop("YINQI_PARENT", None)  # not for our own children: they end with us
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    else:
        threading.Thread(target=_watch_parent, args=(int(parent),), daemon=True).start()
    if os.getppid() != int(parent):  # it died before we asked
        sys.exit(1)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":  # how `yinqi up` starts its children: nothing of the other commands is loaded
    serve()
