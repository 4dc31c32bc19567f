"""What lies in the broker's queues."""

import json
from base64 import b64decode
from typing import Any

from redis import Redis

from core.settings import settings


def lying(name: str) -> list[dict[str, Any]]:
    """The messages in one of the broker's lists, the next to be taken first."""
    with Redis.from_url(settings().broker_url) as broker:
        raw: Any = broker.lrange(name, 0, -1)
    return [json.loads(one) for one in reversed(raw)]


def given(message: dict[str, Any]) -> dict[str, Any]:
    """What the task of a message is called with."""
    told: dict[str, Any] = json.loads(b64decode(message["body"]))[1]
    return told
