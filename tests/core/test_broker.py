"""Messages are Celery's own, though Celery does not send them."""

import json
from base64 import b64decode
from typing import Any
from uuid import UUID, uuid4

import pytest

from core import messages
from core.celery_app import app
from core.messages import LATER, Message, lists
from core.settings import settings
from tests.queued import given, lying

TASK, QUEUE = "extractor.extract", "extractor"


def _ids(name: str) -> list[UUID]:
    return [UUID(given(one)["id"]) for one in lying(name)]


def _flat(message: dict[str, Any]) -> dict[str, Any]:
    """A message without what differs from each to the next, and without the mailbox that no answer is ever put into."""
    body = json.loads(b64decode(message.pop("body")))
    for part, names in (("headers", ("id", "root_id")), ("properties", ("correlation_id", "delivery_tag"))):
        for name in names:
            assert UUID(message[part].pop(name))
    del message["properties"]["reply_to"]
    return {**message, "body": body}


@pytest.mark.parametrize("later", [False, True])
def test_a_message_is_what_celery_would_have_sent(environment: dict[str, str], later: bool) -> None:
    row_id = uuid4()
    messages.send([Message(TASK, row_id, later)])
    app.send_task(TASK, kwargs={"id": str(row_id)}, priority=LATER if later else 0)
    ours, theirs = map(_flat, lying(lists(QUEUE)[later]))
    assert ours == theirs


def test_each_message_has_ids_of_its_own(environment: dict[str, str]) -> None:
    messages.send([Message(TASK, uuid4()), Message(TASK, uuid4())])
    one, other = lying(QUEUE)
    assert one["headers"]["id"] == one["headers"]["root_id"] == one["properties"]["correlation_id"]
    assert one["headers"]["id"] != other["headers"]["id"]
    assert one["properties"]["delivery_tag"] != other["properties"]["delivery_tag"]


def test_many_messages_keep_their_order_and_their_lists(environment: dict[str, str]) -> None:
    rows = [uuid4() for _ in range(2 * messages.AT_ONCE + 1)]
    others = [uuid4(), uuid4()]
    gathered = [Message(TASK, row) for row in rows] + [Message(TASK, row, later=True) for row in others]
    assert messages.send([*gathered, Message("alerts.match", others[0])]) == len(rows) + 3
    assert _ids(QUEUE) == rows
    assert _ids(lists(QUEUE)[1]) == others
    assert _ids("alerts") == others[:1]


def test_a_broker_that_is_away_is_no_error(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINQI_BROKER_URL", "redis://127.0.0.1:9/0")
    settings.cache_clear()
    assert messages.send([Message(TASK, uuid4())]) == 0
