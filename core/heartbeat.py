"""Signs of life for a container's health check: a file that the living process touches, and a check of its age.

    python -m core.heartbeat scheduler           # 0 where `scheduler` beat within the last minute, else 1 and why
    python -m core.heartbeat --http PORT PATH    # 0 where that address on this machine answers below 400

The check imports nothing but the standard library, since each container runs it every few seconds. The folder of the
files is YINQI_HEARTBEAT_FOLDER; without it nothing is written.
"""

import http.client
import os
import sys
import time
from pathlib import Path
from typing import Any

VARIABLE = "YINQI_HEARTBEAT_FOLDER"
EVERY = 10.0  # seconds between two touches, at least
MAX_AGE = 60.0  # seconds of silence after which a process counts as stuck: several beats, and a slow start of a task
ANSWER_WITHIN = 5.0  # seconds

_last: dict[str, float] = {}


def beat(service: str) -> None:
    """Say that `service` is alive; cheap enough for every turn of its loop."""
    folder = os.environ.get(VARIABLE)
    now = time.monotonic()
    if not folder or now - _last.get(service, -EVERY) < EVERY:
        return
    _last[service] = now
    path = Path(folder, f"{service}.beat")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def silence(service: str) -> str | None:
    """Why `service` does not count as alive, or None where it does."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        return f"{VARIABLE} is not set"
    try:
        age = time.time() - Path(folder, f"{service}.beat").stat().st_mtime
    except FileNotFoundError:
        return f"{service} has not started"
    return None if age <= MAX_AGE else f"{service} has been silent for {age:.0f} s"


def refusal(port: int, path: str) -> str | None:
    """Why this machine's `port` does not answer `path` well, or None where it does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN)
    try:
        connection.request("GET", path)
        status = connection.getresponse().status
    except OSError as error:
        return f"port {port} does not answer: {error}"
    finally:
        connection.close()
    return None if status < 400 else f"{path} answers {status}"


def celery_step() -> Any:
    """A worker's step (give it to `app.steps["worker"]`) that beats under the names of the queues it serves.

    It hangs on the worker's own event loop, so that a loop that is stuck falls silent.
    """
    from celery import bootsteps

    class Heartbeat(bootsteps.StartStopStep):  # type: ignore[misc]
        requires = ("celery.worker.components:Timer",)

        def start(self, worker: Any) -> None:
            self._beat(worker)
            worker.timer.call_repeatedly(EVERY, self._beat, (worker,), priority=10)

        def _beat(self, worker: Any) -> None:
            for queue in worker.app.amqp.queues.consume_from:
                beat(queue)

    return Heartbeat


def main(arguments: list[str]) -> int:
    """The check; prints why it fails."""
    over_http = arguments[:1] == ["--http"]
    problem = refusal(int(arguments[1]), arguments[2]) if over_http else silence(arguments[0])
    if problem:
        print(problem)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
