"""A worker lets its messages go, whether the broker hears of it or not."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from kombu import Connection
from redis.exceptions import ConnectionError as Away

from cli.embedded import Valkey
from core import broker
from core.celery_app import app
from core.settings import settings

QUEUE = "extractor"


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
