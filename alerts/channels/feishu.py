"""Feishu's and Lark's group bots (飞书自定义机器人): a card, signed in the body where the group asks for it.

Rules and codes are those of Feishu's developer page "自定义机器人使用指南": 100 messages a minute and 5 a second, a
request of 20 kB at most. The signature's key is "time\\nsecret" and its message is empty.
"""

import base64
import hashlib
import hmac
from typing import Any, ClassVar

from alerts.channels import _bot
from alerts.channels.base import Pace


class Feishu(_bot.Bot):
    """The Feishu channel."""

    name: ClassVar[str] = "feishu"
    pace: ClassVar[Pace | None] = _bot.pace(100, per_second=4)
    limit: ClassVar[int] = 16_000  # bytes of text; the card around it has the rest of the 20 kB
    rules: ClassVar[_bot.Rules] = _bot.Rules(
        success=_bot.code_of("code", "StatusCode"),
        message=("msg", "StatusMessage"),
        later={11232: 60.0, 9499: 60.0},
        refused=frozenset({19002}),  # the card is malformed
    )

    def request(self, title: str, text: str, secret: str | None, moment: float) -> tuple[str, dict[str, Any]]:
        """Nothing in the query, a card with the signature in the body."""
        return "", signature(secret, moment) | {"msg_type": "interactive", "card": _card(title, text)}


def signature(secret: str | None, moment: float) -> dict[str, str]:
    """`timestamp` (seconds) and `sign` for the body; nothing without a secret."""
    if not secret:
        return {}
    stamp = str(int(moment))
    mac = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(mac).decode()}


def _card(title: str, text: str) -> dict[str, Any]:
    return {
        "config": {"wide_screen_mode": True},
        "header": {"title": {"tag": "plain_text", "content": title}, "template": "blue"},
        "elements": [{"tag": "markdown", "content": text}],
    }
