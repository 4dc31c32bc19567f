"""How a source is: `judge`, which is pure, tells it from what is known and what a poll showed; `store` records it and
gives notice where trouble begins or ends."""

from ingest.health.judge import Health, Known, Poll, judge
from ingest.health.store import record

__all__ = ["Health", "Known", "Poll", "judge", "record"]
