"""A delivery as pages show it: as the API answers it, with its attempts and its advice in the reader's language."""

import json
from typing import Any

from api.dashboard import refusals
from api.dashboard.wording import Words
from api.errors import FieldError
from api.resources.deliveries.routes import shown
from core.models import Channel, Delivery

ANSWER = 300  # characters that are shown of what the other side said


def brief(t: Words, row: Delivery, channel: Channel) -> dict[str, Any]:
    """One line of the log."""
    told = shown(row, channel)
    advice = told["advice"] and refusals.said(t, FieldError(field="", reason=told["advice"]))
    return {**told, "advice": advice, "to": channel}


def viewed(t: Words, row: Delivery, channel: Channel) -> dict[str, Any]:
    """The same with its body and its attempts."""
    body = json.dumps(json.loads(row.body), ensure_ascii=False, indent=2)
    return {**brief(t, row, channel), "body": body, "tries": [_attempt(one) for one in row.tries]}


def _attempt(row: Any) -> dict[str, Any]:
    same = ("number", "started_at", "milliseconds", "outcome", "status_code", "reason", "probe")
    answer = row.answer or ""
    told = answer[:ANSWER] + ("…" if len(answer) > ANSWER else "")
    return {**{name: getattr(row, name) for name in same}, "answer": told}
