"""A service that kills itself between its commit and what it tells next: `python -m tests.chaos.crash SERVICE`.

The real service in a process of its own, with its doors patched: those by which messages leave, after a commit or ahead
of their row, and the one by which webhooks leave. Every third time that a process stands there it is gone by
SIGKILL, as often as CRASHES tells for its step, in all of its lives together. Celery starts its workers again; the API
and the scheduler are forked from a process that has loaded them, and forked again when they die.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from alerts.channels.webhook import Webhook
from cli import serve
from core import broker, messages

STEPS = {"api": "push", "extractor": "extract", "alerts": "match", "scheduler": "sweep"}
"""What a service has just committed when it sends messages."""
_EVERY = 3


def crashes(folder: Path, step: str) -> int:
    """How often a process has killed itself at this step."""
    return len(list(folder.glob(f"{step}-*")))


class Crash:
    """SIGKILL to this process at every third call, `most` times in all the lives that share `folder`."""

    def __init__(self, folder: Path, step: str, most: int) -> None:
        self.folder, self.step, self.most = folder, step, most
        self.calls = count(1)

    def __call__(self) -> None:
        if next(self.calls) % _EVERY == 0 and self._is_ours():
            os.kill(os.getpid(), signal.SIGKILL)

    def _is_ours(self) -> bool:
        for number in range(self.most):
            try:
                os.close(os.open(self.folder / f"{self.step}-{number}", os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            return True
        return False


def before(call: Callable[..., Any], crash: Crash, *, when: Callable[..., bool] = lambda *_: True) -> Any:
    """`call`, which a process may not live to see."""

    @wraps(call)
    def called(*given: Any, **named: Any) -> Any:
        if when(*given):
            crash()
        return call(*given, **named)

    return called


def patch(service: str, folder: Path, most: dict[str, int]) -> None:
    """Put the crash points before the doors; they are looked up when the service's own modules are loaded."""
    step = STEPS[service]
    crash = Crash(folder, step, most[step])
    messages.send = before(messages.send, crash, when=bool)
    broker.put_ahead = before(broker.put_ahead, crash)
    Webhook.send = before(Webhook.send, Crash(folder, "deliver", most["deliver"]))  # type: ignore[method-assign]


def live(run: Callable[[], None]) -> None:
    """Run it in a child, and in another one when that was killed, until this process is asked to stop."""
    children: list[int] = []

    def stop(*_: object) -> None:
        os.kill(children[-1], signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    killed = True
    while killed:
        children.append(os.fork())
        if children[-1] == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            run()
            os._exit(0)
        killed = os.WTERMSIG(os.waitpid(children[-1], 0)[1]) == signal.SIGKILL


if __name__ == "__main__":
    name = sys.argv[1]
    budget = {step: int(times) for step, times in (one.split(":") for one in os.environ["CRASHES"].split())}
    patch(name, Path(os.environ["CRASH_FOLDER"]), budget)
    run = getattr(serve, name)
    if name == "api":
        import_module("api.app")  # before the fork
    if name in ("api", "scheduler"):
        live(run)
    else:
        run()
