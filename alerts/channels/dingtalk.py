"""DingTalk's group bots (钉钉自定义机器人): Markdown, signed in the query where the group asks for it.

Rules and codes are those of DingTalk's developer pages "自定义机器人接入": 20 messages a minute, more are refused for
10 minutes; a message has 20,000 bytes at most.
"""

import base64
import hashlib
import hmac
from typing import Any, ClassVar
from urllib.parse import quote_plus

from alerts.channels import _bot
from alerts.channels.base import Pace

_BAN = 600.0  # seconds for which a bot that was too fast is not heard


class DingTalk(_bot.Bot):
    """The DingTalk channel."""

    name: ClassVar[str] = "dingtalk"
    pace: ClassVar[Pace | None] = _bot.pace(20)
    limit: ClassVar[int] = 18_000  # bytes of text; the JSON around it and its escapes have the rest of the 20,000
    rules: ClassVar[_bot.Rules] = _bot.Rules(
        success=_bot.code_of("errcode"),
        message=("errmsg",),
        later={130101: _BAN, 410100: _BAN, -1: 60.0},
        refused=frozenset({430101, 430102, 430103, 430104, 40035, 43004}),  # unsafe content; bad parameters
        gone=frozenset({400013, 400102}),  # the group was dissolved, the bot was switched off
    )

    def request(self, title: str, text: str, secret: str | None, moment: float) -> tuple[str, dict[str, Any]]:
        """The signature in the query, Markdown in the body."""
        said = {"title": title, "text": f"### {title}\n\n{text}"}
        return signature(secret, moment), {"msgtype": "markdown", "markdown": said}


def signature(secret: str | None, moment: float) -> str:
    """`timestamp` (milliseconds) and `sign` for the query, URL-encoded once; empty without a secret."""
    if not secret:
        return ""
    stamp = str(round(moment * 1000))
    mac = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={stamp}&sign={quote_plus(base64.b64encode(mac))}"
