"""A worker lets its messages go, whether the broker hears of it or not."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from kombu import Connection
from redis import Redis
from redis.exceptions import ConnectionError as Away

from cli.embedded import Valkey
from core import broker
from core.celery_app import app
from core.settings import settings

QUEUE = "extractor"


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Valkey]:
    """A broker of this test's own, which it may end."""
    server = Valkey(tmp_path)
    monkeypatch.setenv("YINQI_BROKER_URL", server.start())
    settings.cache_clear()
    yield server
    server.stop()
    settings.cache_clear()


@pytest.mark.parametrize("let_go", [lambda one: one.ack(), lambda one: one.reject(), lambda one: one.requeue()])
def test_a_message_is_let_go_though_the_broker_is_away(own: Valkey, let_go: Callable[[Any], None]) -> None:
    broker.put("extractor.extract", [uuid4()])
    with app.connection_for_read(settings().broker_url) as line:
        message = _taken(line)
        held = message.channel.qos
        assert not held.can_consume()
        own.stop()
        with pytest.raises(Away):
            let_go(message)
        assert held.can_consume()


def _taken(line: Connection) -> Any:
    """The next message, on a channel that may hold one, as a worker with one process has it."""
    channel = line.channel()
    channel.basic_qos(0, 1, False)
    taken: list[Any] = []
    channel.basic_consume(QUEUE, no_ack=False, callback=taken.append, consumer_tag="worker")
    while not taken:
        line.drain_events(timeout=5)
    return taken[0]


def test_a_broker_that_came_again_is_sent_to_at_once(own: Valkey) -> None:
    broker.put("extractor.extract", [uuid4()])
    own.stop()
    assert own.start() == settings().broker_url
    broker.put("extractor.extract", [uuid4()])
    assert _asked(lambda one: one.llen(QUEUE)) == 2


def test_a_thread_keeps_its_connection_and_a_forked_child_makes_its_own(own: Valkey) -> None:
    broker.put("extractor.extract", [uuid4()])
    before = _asked(_connections)
    if (child := os.fork()) == 0:
        broker.put("extractor.extract", [uuid4()])
        os._exit(0)
    os.waitpid(child, 0)
    broker.put("extractor.extract", [uuid4()])
    assert _asked(lambda one: one.llen(QUEUE)) == 3
    assert _asked(_connections) - before == 3, "the child's, and those of the two questions"


def _asked(question: Callable[[Redis], Any]) -> Any:
    with Redis.from_url(settings().broker_url) as one:
        return question(one)


def _connections(one: Redis) -> Any:
    """How many connections the broker was ever asked for."""
    told: Any = one.info("stats")
    return told["total_connections_received"]
