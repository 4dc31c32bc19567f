"""Messages leave over few connections, which are good whatever befell them or the broker."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from redis import Connection, Redis
from redis.exceptions import RedisError, ResponseError

from cli.embedded import Valkey
from core import broker
from core.settings import settings

QUEUE = "extractor"


def test_a_broker_that_came_again_is_sent_to_at_once(own: Valkey) -> None:
    broker.put("extractor.extract", [uuid4()])
    own.stop()
    assert own.start() == settings().broker_url
    broker.put("extractor.extract", [uuid4()])
    assert _asked(lambda one: one.llen(QUEUE)) == 2


def test_what_goes_ahead_is_there_when_it_is_waited_for_whatever_befell_the_broker(own: Valkey) -> None:
    finish = broker.put_ahead("extractor.extract", uuid4())
    finish()
    assert _asked(lambda one: one.llen(QUEUE)) == 1
    own.stop()
    finish = broker.put_ahead("extractor.extract", uuid4())
    with pytest.raises(RedisError):
        finish()
    finish = broker.put_ahead("extractor.extract", uuid4())
    own.start()
    finish()
    assert _asked(lambda one: one.llen(QUEUE)) == 2


def test_threads_that_come_and_go_share_connections(own: Valkey) -> None:
    before = _asked(_connections)
    for _ in range(150):  # more than a process may ever have of one pool of redis-py's
        with ThreadPoolExecutor(1) as thread:
            thread.submit(broker.put, "extractor.extract", [uuid4()]).result()
    assert _asked(lambda one: one.llen(QUEUE)) == 150
    assert _asked(_connections) - before == 3, "one, and those of the two questions"


def test_what_was_cut_off_amid_an_answer_leaves_none_for_the_next(own: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    broker.put("extractor.extract", [uuid4()])
    with monkeypatch.context() as cut:
        cut.setattr(Connection, "read_response", _is_cut_off)
        with pytest.raises(KeyboardInterrupt):
            broker.put("extractor.extract", [uuid4()])
    with _with_a_string(QUEUE), pytest.raises(ResponseError):
        broker.put("extractor.extract", [uuid4()])
    broker.put("extractor.extract", [uuid4()])


def _is_cut_off(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


@contextmanager
def _with_a_string(name: str) -> Iterator[None]:
    """What stands in a queue's place makes the broker refuse messages."""
    _asked(lambda one: one.rename(name, "aside"))
    _asked(lambda one: one.set(name, "no list"))
    yield
    _asked(lambda one: one.rename("aside", name))


def test_a_connection_rests_and_a_forked_child_makes_its_own(own: Valkey) -> None:
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
