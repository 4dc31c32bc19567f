"""Killed workers, flushed brokers and stopped ones: the rows know what is to be done."""

import pytest
from redis import Redis
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from core import work
from core.models import Article, Event
from seeds.load import load
from tests.alerts import samples
from tests.chaos.backlog import ARTICLES, DEFAULTS, STOPPED_FOR, Backlog
from tests.fakes.receiver import Receiver
from tests.flow.chain import chain, settled, until

pytestmark = pytest.mark.chaos


@pytest.fixture
def seeded(session: Session) -> Session:
    load(session)
    session.commit()
    return session


def _articles(session: Session, count: int, *, announced: bool) -> None:
    """Open rows; `announced` ones with their message sent, as ingest leaves them."""
    rows = [
        {
            "title": f"消息{n}",
            "text": f"杭州银行向澄湖{n}号科技有限公司发放流动资金贷款{n + 1}万元。",
            "content_hash": f"h{n}",
        }
        for n in range(count)
    ]
    ids = list(session.scalars(insert(Article).returning(Article.id), rows))
    session.commit()
    if announced:
        from core.messages import Message, send

        assert send([Message(work.EXTRACT.task, row_id) for row_id in ids]) == count


def test_after_a_flush_with_stopped_workers_the_work_resumes(seeded: Session, environment: dict[str, str]) -> None:
    _articles(seeded, 200, announced=True)
    with Redis.from_url(environment["YINQI_BROKER_URL"]) as broker:
        broker.flushall()
    with chain(environment, "extractor", "alerts", "scheduler", **DEFAULTS):
        until(lambda: _done(seeded) > 0, seconds=30 + 15)  # the promise, and the time that a worker takes to start
        until(settled(seeded), seconds=120)


def test_work_of_a_killed_worker_resumes_within_thirty_seconds(seeded: Session, environment: dict[str, str]) -> None:
    with Receiver() as receiver:
        samples.watch(seeded, samples.webhook(seeded, receiver.url), banks=["杭州银行"])
        with chain(environment, "extractor", "alerts", "scheduler", **DEFAULTS) as running:
            _articles(seeded, 60, announced=True)
            until(lambda: _done(seeded) > 3)
            running.kill("extractor")
            running.kill("alerts")
            before = _done(seeded)
            assert before < 60
            running.start("extractor", "alerts", **DEFAULTS)
            until(lambda: _done(seeded) > before, seconds=30 + 15)
            until(settled(seeded), seconds=120)
    assert seeded.scalar(select(func.count(Event.id))) == 60
    told = [got.json["data"]["event"]["id"] for got in receiver.received]
    assert len(set(told)) == 60
    assert len({got.id for got in receiver.received}) == 60  # a repeat, if any, has the same webhook-id


def test_stopped_workers_do_not_multiply_a_backlog(backlog: Backlog) -> None:
    seen = backlog.seen()
    assert len(seen) > STOPPED_FOR / 2
    assert max(seen) <= ARTICLES + 1000
    assert min(seen) >= ARTICLES


def _done(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Article.id)).where(Article.state == "done")) or 0
