"""A backlog whose workers stand still for three minutes, in a database and a broker of its own, while other tests run.

`python -m tests.chaos.backlog N` makes N open articles with their messages sent, as ingest leaves them.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from sqlalchemy import insert

from cli import embedded
from core import database, messages, migrate, work
from core.models import Article
from tests.flow.chain import chain

ARTICLES = 10_000
STOPPED_FOR = 180  # seconds, as long as the promise says
DEFAULTS = {"YINQI_LEASE": "20", "YINQI_RESEND_AFTER": "15", "YINQI_SWEEP_INTERVAL": "2"}


@dataclass
class Backlog:
    """How many messages wait in the extractor's queue, second by second, once it stands."""

    lengths: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None

    def stand(self, folder: Path, environment: dict[str, str]) -> None:
        """Make it, and a scheduler that sweeps it while no worker runs, and watch its queue."""
        try:
            with embedded.servers(folder) as servers:
                own = {"YINQI_DATABASE_URL": servers.database_url, "YINQI_BROKER_URL": servers.broker_url}
                own |= {"YINQI_HOME": str(folder), "YINQI_CANARY_INTERVAL": "0"}
                command = [sys.executable, "-m", "tests.chaos.backlog", str(ARTICLES)]
                subprocess.run(command, env=environment | own, check=True)
                with chain(environment | own, "scheduler", **DEFAULTS):
                    self._watch(servers.broker_url)
        except BaseException as error:  # told to whoever asks what was seen
            self.error = error
        self.over.set()

    def _watch(self, broker_url: str) -> None:
        until = time.monotonic() + STOPPED_FOR
        with Redis.from_url(broker_url) as broker:
            while time.monotonic() < until and not self.over.wait(1):
                self.lengths.append(sum(int(broker.llen(name)) for name in messages.lists("extractor")))

    def seen(self) -> list[int]:
        """All of them, once the time is over."""
        assert self.over.wait(STOPPED_FOR + 90)
        if self.error is not None:
            raise self.error
        return self.lengths


@contextmanager
def standing(folder: Path, environment: dict[str, str]) -> Iterator[Backlog]:
    """A backlog that stands in the background."""
    backlog = Backlog()
    background = threading.Thread(target=backlog.stand, args=(folder, environment), daemon=True)
    background.start()
    yield backlog
    backlog.over.set()
    background.join()


def make(count: int) -> None:
    """Tables, open rows, and a message for each."""
    migrate.migrate(database.engine())
    rows = [{"title": f"消息{n}", "text": f"第{n}条。", "content_hash": f"h{n}"} for n in range(count)]
    with database.transaction() as session:
        ids = list(session.scalars(insert(Article).returning(Article.id), rows))
    assert messages.send([messages.Message(work.EXTRACT.task, row_id) for row_id in ids]) == count


if __name__ == "__main__":
    make(int(sys.argv[1]))
