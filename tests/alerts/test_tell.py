"""What a match begins is made ready while its commit goes to the disk, and leaves when it is there, or not at all."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from alerts import tell as telling
from alerts.post import close, post
from alerts.tell import tell
from core import work
from core.database import transaction
from core.models import Attempt, Delivery, Notice, WorkState
from tests.alerts import samples
from tests.fakes.receiver import Receiver
from tests.flow.chain import until
from tests.overtaken import claimed_and_then

Act = Callable[[Any, Any], object]
_LONG = 0.3  # seconds in which what is not held would have arrived


@pytest.fixture
def attempted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have something happen once all is ready and nothing is committed."""

    def then(happens: Callable[[], object]) -> None:
        def attempt(step: work.Step, row_id: Any, act: Act, **how: Any) -> Any:
            def acted(session: Any, row: Any) -> None:
                act(session, row)
                happens()

            return work.attempt(step, row_id, acted, **how)

        monkeypatch.setattr(telling, "attempt", attempt)

    return then


def _watched(session: Session, receiver: Receiver) -> Notice:
    samples.watch(session, samples.webhook(session, receiver.url), banks=["北海银行"])
    _, notice = samples.event(session)
    return notice


def _count(session: Session, rows: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def test_nothing_leaves_before_the_commit(session: Session, attempted: Callable[[Callable[[], object]], None]) -> None:
    with Receiver() as receiver:
        notice, seen = _watched(session, receiver), []

        def looks() -> None:
            time.sleep(_LONG)
            seen.append((post().slots.busy, len(receiver.received), _count(session, Delivery)))

        attempted(looks)
        tell(notice.id)
        close()
        [got] = receiver.received
        [delivery] = session.scalars(select(Delivery))
        assert (got.id, delivery.state) == (str(delivery.id), "done")
    assert seen == [(1, 0, 0)], "it was ready, nothing had arrived, and nothing was committed"


@pytest.mark.parametrize("how", ["fails", "is overtaken"])
def test_nothing_leaves_where_nothing_is_committed(
    session: Session, monkeypatch: pytest.MonkeyPatch, attempted: Callable[[Callable[[], object]], None], how: str
) -> None:
    def fails() -> None:
        raise RuntimeError("the commit failed")

    def forgets() -> None:  # the lease has ended, and another worker is done with the row
        with transaction() as other:
            other.execute(update(Notice).values(state=WorkState.DONE))

    with Receiver() as receiver:
        notice = _watched(session, receiver)
        with monkeypatch.context() as troubled:
            if how == "fails":
                attempted(fails)
            else:
                troubled.setattr(telling, "claiming", claimed_and_then(forgets))
            tell(notice.id)
        until(lambda: post().slots.busy == 0)
        time.sleep(_LONG)
        assert not receiver.received
        assert _count(session, Delivery) == _count(session, Attempt) == 0
        monkeypatch.setattr(telling, "attempt", work.attempt)
        session.execute(update(Notice).values(state=WorkState.OPEN, due_at=func.now(), lease_until=None))
        session.commit()
        tell(notice.id)
        close()
        assert len(receiver.received) == 1, "the next try finds the channel free"


def test_a_channel_that_has_the_delivery_already_is_told_nothing(session: Session) -> None:
    with Receiver() as receiver:
        notice = _watched(session, receiver)
        for _ in range(2):
            session.execute(update(Notice).values(state=WorkState.OPEN, due_at=func.now(), lease_until=None))
            session.commit()
            tell(notice.id)
        until(lambda: post().slots.busy == 0)
        time.sleep(_LONG)
        close()
        assert len(receiver.received) == 1
        assert _count(session, Delivery) == _count(session, Attempt) == 1
