"""What happens in the demo: somebody subscribes, a feed is followed, and alerts are awaited and judged."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from cli import ready, secret_files
from cli.demo import expected
from cli.demo.feed import Feed
from cli.demo.mailbox import Mailbox
from cli.demo.receiver import Receiver
from cli.demo.table import Progress
from core import database, subscribers, work
from core.errors import PermanentFailure
from core.models import Article, Delivery, Event, Notice, Source, WorkState
from core.settings import settings
from seeds.samples import Sample

POLL = 2.0
"""Seconds between two polls of the demo's feed."""


@dataclass
class Story:
    """The demo over a prepared and running installation at `address`."""

    address: str
    articles: Sequence[Sample]
    feed: Feed
    receiver: Receiver
    mailbox: Mailbox
    stop: threading.Event
    show: Callable[[Progress], None]
    wants: list[expected.Wanted] = field(init=False)

    def __post_init__(self) -> None:
        self.wants = expected.wanted(self.articles)

    def run(self, timeout: float) -> list[str] | None:
        """Subscribe, follow the feed, await the alerts; what is wrong at the end, None when it was stopped."""
        until = time.monotonic() + timeout
        if not self._await(lambda: ready.is_ready(self.address), until):
            return None if self.stop.is_set() else [f"the API at {self.address} was not ready within {timeout:g} s"]
        self._subscribe()
        if not self._await(lambda: self.mailbox.question is not None, until):
            return None if self.stop.is_set() else [f"no mail asked the reader to confirm within {timeout:g} s"]
        self._agree()
        self._follow()
        done = self._await(self._is_done, until)
        if self.stop.is_set():
            return None
        late = [] if done else [f"not finished within {timeout:g} s: {self._progress()}"]
        return late + self.faults()

    def faults(self) -> list[str]:
        """What is missing, wrong or too much by now."""
        found = expected.faults(self.wants, list(self.receiver.alerts.values()), list(self.mailbox.mails.values()))
        return found + list(self.receiver.faults) + _failures()

    def _subscribe(self) -> None:
        """A subscriber with two channels and a watchlist over every bank and firm of the samples, through the API."""
        with database.transaction() as session:
            key = subscribers.add_with_key(session, "demo", ("read", "write"))
        secret_files.write(settings().home / "secrets" / "demo_key", key + "\n")
        hook = self._post(key, "/v1/channels", name="webhook", kind="webhook", config={"url": self.receiver.url})
        mail = self._post(key, "/v1/channels", name="mail", kind="email", config={"to": "reader@example.com"})
        self.receiver.secret = hook["secret"]
        events = [want.event for want in self.wants]
        self._post(
            key,
            "/v1/watchlists",
            name="演示",
            banks=sorted({event.bank for event in events}),
            firms=sorted({event.firm for event in events if event.firm}),
            triggers=["event"],
            tech_only=False,
            channels=[hook["id"], mail["id"]],
        )

    def _agree(self) -> None:
        """What a reader does who wants the alerts: open the link in the mail and press the button."""
        path = urlsplit(self.mailbox.question or "").path
        status, _ = ready.ask(self.address, path, method="POST")
        if status != 200:
            raise PermanentFailure(f"the link of the confirmation answered {status}")

    def _post(self, key: str, path: str, **body: object) -> dict[str, str]:
        status, answer = ready.ask(self.address, path, method="POST", key=key, body=body)
        if status != 201:
            raise PermanentFailure(f"POST {path} answered {status}: {answer}")
        assert isinstance(answer, dict)
        return answer

    def _follow(self) -> None:
        """Switch the feed on as a source, one whose backlog alerts."""
        with database.transaction() as session:
            session.add(Source(name="示例新闻", url=self.feed.url, kind="rss", interval=POLL, alert_backlog=True))

    def _await(self, done: Callable[[], bool], until: float) -> bool:
        while not self.stop.is_set() and time.monotonic() < until:
            with suppress(SQLAlchemyError):  # a database that is just being started again
                if done():
                    return True
            self.stop.wait(0.3)
        return False

    def _is_done(self) -> bool:
        """Whether every article is in, and no row of work is left."""
        progress = self._progress()
        self.show(progress)
        return progress.articles >= progress.of_articles and _open_rows() == 0

    def _progress(self) -> Progress:
        with database.transaction() as session:
            articles = session.scalar(select(func.count()).where(~Article.canary))
            events = session.scalar(select(func.count()).where(Event.state == "live"))
        return Progress(
            articles=articles or 0,
            of_articles=len(self.articles),
            events=events or 0,
            webhooks=len(self.receiver.alerts),
            mails=len(self.mailbox.mails),
            of_alerts=len(self.wants),
        )


def _open_rows() -> int:
    """Rows of work that have not ended, those of canaries (an endless supply) left out."""
    ours = select(Article.id).where(~Article.canary)
    articles = {work.EXTRACT: Article.id, work.MATCH: Notice.article_id, work.DELIVER: Delivery.article_id}
    counts = [
        select(func.count()).where(step.rows.state == WorkState.OPEN, article.in_(ours)).scalar_subquery()
        for step, article in articles.items()
    ]
    with database.transaction() as session:
        return sum(session.execute(select(*counts)).one())


def _failures() -> list[str]:
    """Rows of work that were given up, with the reason."""
    with database.transaction() as session:
        return [
            f"{step.name} {row.id} was given up: {row.reason}"
            for step in work.STEPS
            for row in session.scalars(select(step.rows).where(step.rows.state == WorkState.FAILED))
        ]
