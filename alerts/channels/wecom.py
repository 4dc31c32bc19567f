"""WeCom's group bots (企业微信群机器人): Markdown; the address's key is all that protects it, there are no signatures.

Rules and codes are those of WeCom's developer page "消息推送配置说明": 20 messages a minute; Markdown of 4,096 bytes of
UTF-8 at most.
"""

from typing import Any, ClassVar

from alerts.channels import _bot
from alerts.channels.base import Config, Pace


class WeCom(_bot.Bot):
    """The WeCom channel."""

    name: ClassVar[str] = "wecom"
    Config: ClassVar[type[Config]] = _bot.BotConfig
    pace: ClassVar[Pace | None] = _bot.pace(20)
    limit: ClassVar[int] = 4_096  # bytes of UTF-8 of a message's content
    rules: ClassVar[_bot.Rules] = _bot.Rules(
        success=_bot.code_of("errcode"),
        message=("errmsg",),
        later={45009: 60.0, 45033: 60.0, -1: 60.0},
        refused=frozenset({40008, 40058, 45002}),  # type, parameter, length
        gone=frozenset({93000}),  # no bot has this key (any more)
    )

    def request(self, title: str, text: str, secret: str | None, moment: float) -> tuple[str, dict[str, Any]]:
        """Nothing in the query, Markdown in the body."""
        return "", {"msgtype": "markdown", "markdown": {"content": f"### {title}\n\n{text}"}}
