"""Messages onto the broker, in the form that Celery's workers read: many in one round trip.

Celery sends through kombu, which makes a client, a producer and a declaration for each message and so takes ten times
what the broker's own command does. What a task's message says besides ids is the same every time: Celery composes it
once, and the ids are filled in. tests/core/test_broker.py holds these messages against Celery's own.
"""

import base64
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.celery_app import app
from core.messages import LATER, lists
from core.settings import settings


def put(task: str, row_ids: Sequence[UUID], *, later: bool = False, ahead: bool = False) -> int:
    """Send `task` for each row, in one round trip; how many. RedisError or OSError where the broker fails."""
    first, overtaken = lists(_queue(task))
    made = (message(task, row_id, priority=LATER if later else 0, ahead=ahead) for row_id in row_ids)
    _client(settings().broker_url).lpush(overtaken if later else first, *made)
    return len(row_ids)


def message(task: str, row_id: UUID, *, priority: int, ahead: bool = False) -> str:
    """One message as it lies in the broker: Celery's protocol 2 in kombu's envelope."""
    headers, properties, rest = _composed(task)
    mark, given = str(uuid4()), {"id": str(row_id)} | ({"ahead": True} if ahead else {})
    body = json.dumps([[], given, rest])
    return json.dumps(
        {
            "body": base64.b64encode(body.encode()).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {**headers, "id": mark, "root_id": mark, "kwargsrepr": repr(given)},
            "properties": {**properties, "correlation_id": mark, "priority": priority, "delivery_tag": str(uuid4())},
        }
    )


@lru_cache
def _composed(task: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What all messages of a task have in common: headers, properties, and the third part of the body."""
    told = app.amqp.as_task_v2("", task, ignore_result=None)  # as send_task does: the task itself decides
    where = {"exchange": "", "routing_key": _queue(task)}
    properties = {**told.properties, "delivery_mode": 2, "delivery_info": where, "body_encoding": "base64"}
    return told.headers, properties, told.body[2]


@lru_cache
def _queue(task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)


@lru_cache(maxsize=1)
def _client(url: str) -> Redis:
    """This process's connections; one that broke while it rested is replaced at once."""
    again = Retry(NoBackoff(), 1)
    return Redis.from_url(url, socket_timeout=30, socket_connect_timeout=3, health_check_interval=10, retry=again)
