"""Messages onto the broker, in the form that Celery's workers read: many in one round trip.

Celery sends through kombu, which makes a client, a producer and a declaration for each message and so takes ten times
what the broker's own command does. What a task's message says besides ids is the same every time: Celery composes it
once, and the ids are filled in. tests/core/test_broker.py holds these messages against Celery's own.
"""

import os
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any
from uuid import UUID, uuid4

import orjson
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as BrokenConnection
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as TimedOut
from redis.retry import Retry

from core.celery_app import app
from core.messages import LATER, lists
from core.settings import settings

_BLANKS = ("id", "mark", "tag", "body")  # what is filled in
_KEPT = 5  # connections that rest; more are made while more threads send at once


def put(task: str, row_ids: Sequence[UUID], *, later: bool = False) -> int:
    """Send `task` for each row, in one round trip; how many. RedisError or OSError where the broker fails."""
    first, overtaken = lists(_queue(task))
    made = [_message(task, row_id, LATER if later else 0, False) for row_id in row_ids]
    _begin("LPUSH", overtaken if later else first, *made)()
    return len(row_ids)


def put_ahead(task: str, row_id: UUID) -> Callable[[], None]:
    """Send `task` for a row that is still being made (core/ahead.py), without waiting: call what is returned, sooner or
    later, to have it as `put` would."""
    return _begin("LPUSH", lists(_queue(task))[0], _message(task, row_id, 0, True))


def _begin(*command: str | bytes) -> Callable[[], None]:
    """Send a command; what is returned waits for its answer, and sends it again where the connection was broken.

    redis-py's own client does the same, and takes longer for what it does around it than the broker for the command.
    """
    make, kept = _connections(settings().broker_url, os.getpid())
    try:
        connection = kept.pop()
    except IndexError:
        connection = make()
    is_sent = False
    with suppress(RedisError, OSError):  # `_finish` tries again, and tells
        connection.send_command(*command)
        is_sent = True
    return partial(_finish, connection, kept, command, is_sent)


def _finish(connection: Any, kept: deque[Any], command: Sequence[str | bytes], is_sent: bool) -> None:
    try:
        try:
            if not is_sent:
                raise BrokenConnection
            connection.read_response()
        except (BrokenConnection, TimedOut):
            connection.disconnect()  # it connects again when it is asked next
            connection.send_command(*command)
            connection.read_response()
    except ResponseError:
        raise  # which was read whole
    except BaseException:
        connection.disconnect()  # an answer may still come that nobody waits for
        raise
    finally:
        kept.append(connection)


@lru_cache(maxsize=1)
def _connections(url: str, _process: int) -> tuple[Callable[[], Any], deque[Any]]:
    """How one is made, and those of this process that rest; a forked child has its own."""
    pool = ConnectionPool.from_url(url, socket_timeout=30, socket_connect_timeout=3, retry=Retry(NoBackoff(), 1))
    return partial(pool.connection_class, **pool.connection_kwargs), deque(maxlen=_KEPT)


def _message(task: str, row_id: UUID, priority: int, ahead: bool) -> bytes:
    """One message as it lies in the broker: Celery's protocol 2 in kombu's envelope."""
    form, body = _forms(task, priority, ahead)
    given = {b"id": str(row_id).encode(), b"mark": str(uuid4()).encode(), b"tag": str(uuid4()).encode()}
    return form % {**given, b"body": b64encode(body % given)}


@lru_cache
def _forms(task: str, priority: int, ahead: bool) -> tuple[bytes, bytes]:
    """What all messages of a task have in common, with blanks: the envelope, and the body in it."""
    told = app.amqp.as_task_v2("", task, ignore_result=None)  # as send_task does: the task itself decides
    where = {"exchange": "", "routing_key": _queue(task)}
    given = {"id": "<id>"} | ({"ahead": True} if ahead else {})
    headers = {**told.headers, "id": "<mark>", "root_id": "<mark>", "kwargsrepr": repr(given)}
    properties = {**told.properties, "correlation_id": "<mark>", "delivery_tag": "<tag>", "priority": priority}
    properties |= {"delivery_mode": 2, "delivery_info": where, "body_encoding": "base64"}
    kind = {"content-encoding": "utf-8", "content-type": "application/json"}
    envelope = {"body": "<body>", **kind, "headers": headers, "properties": properties}
    return _form(envelope), _form([[], given, told.body[2]])


def _form(value: Any) -> bytes:
    form = orjson.dumps(value).replace(b"%", b"%%")
    for blank in _BLANKS:
        form = form.replace(f"<{blank}>".encode(), f"%({blank})b".encode())
    return form


@lru_cache
def _queue(task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)
