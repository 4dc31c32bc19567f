"""Fifty processes that die between a commit and what they would tell next: nothing is lost, nothing is told twice."""

import socket
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import Article, Attempt, Delivery, Notice
from core.subscribers import add_with_key
from seeds.load import load
from tests.alerts import samples
from tests.chaos import crash
from tests.chaos.news import WATCHED, fact_of, news
from tests.fakes.receiver import Receiver
from tests.flow.chain import Chain, await_settled, until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(420)]
CRASHES = {"push": 8, "extract": 12, "match": 12, "deliver": 12, "sweep": 6}
"""By what was committed: an article, its events, their deliveries, that an attempt begins, what is to be sent again."""


@pytest.fixture
def services(session: Session, environment: dict[str, str], tmp_path: Path) -> Iterator[tuple[Chain, httpx.Client]]:
    """Every service with its crash points, and a client of the API."""
    load(session)
    key = add_with_key(session, "operator", ("read", "write", "admin"))
    session.commit()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    told = {"CRASHES": " ".join(f"{step}:{times}" for step, times in CRASHES.items()), "CRASH_FOLDER": str(tmp_path)}
    chain = Chain(environment | told | {"YINQI_API_PORT": port}, "tests.chaos.crash")
    address = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=address, headers={"authorization": f"Bearer {key}"}, trust_env=False) as client:
        try:
            chain.start("api", "extractor", "alerts", "scheduler")
            yield chain, client
        finally:
            chain.stop()


def _push(client: httpx.Client, article: dict[str, str]) -> None:
    """Until it is answered: the API may die after it has kept the article."""

    def taken() -> bool:
        try:
            answer = client.post("/v1/articles", json=article)
        except httpx.TransportError:
            return False
        assert answer.is_success, answer.text
        return True

    until(taken)


def test_fifty_kills_between_commit_and_publish_lose_nothing(
    session: Session, services: tuple[Chain, httpx.Client], tmp_path: Path
) -> None:
    given = news(date.today(), grant=60, retold=0, unwatched=0, mention=0, nothing=0)
    assert sum(CRASHES.values()) == 50
    with Receiver() as one, Receiver() as other:
        first = samples.webhook(session, one.url, name="one")
        samples.watch(session, first, samples.webhook(session, other.url, name="other"), banks=WATCHED)
        for article in given.articles:
            _push(services[1], article)
        await_settled(session, seconds=240)
        for receiver in (one, other):
            told = {got.json["data"]["event"]["id"]: got for got in receiver.received}
            assert Counter(fact_of(got.json["data"]["event"]) for got in told.values()) == Counter(given.expected)
            assert len({got.id for got in receiver.received}) == len(told)
    assert {step: crash.crashes(tmp_path, step) for step in CRASHES} == CRASHES
    _nothing_was_given_up(session)


def _nothing_was_given_up(session: Session) -> None:
    for rows, count in ((Article, 60), (Notice, 60), (Delivery, 120)):
        assert session.execute(select(rows.state, func.count()).group_by(rows.state)).all() == [("done", count)]
    in_doubt = select(func.count()).select_from(Attempt).where(Attempt.outcome.is_(None))
    assert (session.scalar(in_doubt) or 0) >= CRASHES["deliver"]  # the log tells each of them
