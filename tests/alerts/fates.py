"""Deliveries to any address, and what becomes of each after one attempt."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy.orm import Session

from alerts.deliver import deliver
from alerts.retry import GAPS, JITTER
from core.models import Channel, Delivery
from tests.alerts import samples

SLACK = 20.0  # seconds that writing a row down may take on a busy machine
DAY = 86400.0


class Fate(NamedTuple):
    """What became of a delivery after one attempt: its state, the least seconds that it waits, whether its channel is
    still enabled, and the failures that the channel is blamed for."""

    state: str
    wait: float | None = None
    enabled: bool = True
    failures: int = 0


DONE = Fate("done")
GONE = Fate("failed", enabled=False)
LATER = Fate("open", GAPS[0] * (1 - JITTER), failures=1)
"""Tried again after the first gap."""


def asked(seconds: float, *, alive: bool) -> Fate:
    """Tried again when it was asked to; who is `alive` is not blamed."""
    return Fate("open", seconds, failures=0 if alive else 1)


@dataclass
class Alerts:
    """Makes deliveries to addresses, each on a channel of its own, and tries them."""

    session: Session

    def __post_init__(self) -> None:
        self.event, self.notice = samples.event(self.session)

    def channel(self, url: str) -> Channel:
        return samples.webhook(self.session, url, name=uuid4().hex)

    def make(self, channel: Channel, number: int = 1) -> Delivery:
        given = {"version": number, "body": f'{{"number": {number}}}'}
        return samples.delivery(self.session, channel, self.event.id, self.notice.article_id, **given)

    def fate(self, url: str) -> Fate:
        """Of one delivery to `url` after one attempt."""
        channel = self.channel(url)
        row = self.make(channel)
        assert deliver(row.id)
        self.session.expire_all()
        wait = None if row.state != "open" else self.wait(row)
        return Fate(row.state, wait, channel.enabled, channel.failures)

    def wait(self, row: Delivery) -> float:
        """Seconds from the end of its last attempt until it is due."""
        self.session.expire_all()
        last = row.tries[-1]
        return (row.due_at - last.started_at).total_seconds() - (last.milliseconds or 0) / 1000


def told_apart(found: dict[str, Fate], wanted: dict[str, Fate]) -> dict[str, tuple[Fate, Fate]]:
    """The cases in which they differ; a wait is as wanted from the least to a jitter and a slow machine above it."""

    def same(one: Fate, other: Fate) -> bool:
        if one.wait is not None and other.wait is not None and other.wait <= one.wait <= other.wait * 1.5 + SLACK:
            one = one._replace(wait=other.wait)
        return one == other

    assert found.keys() == wanted.keys()
    return {case: (found[case], wanted[case]) for case in wanted if not same(found[case], wanted[case])}
