"""The channels, in the order in which they are offered: to add one, write its file and name it here."""

from alerts.channels.apprise import Apprise
from alerts.channels.base import ChannelKind, Config, Letter, Outcome, Pace
from alerts.channels.dingtalk import DingTalk
from alerts.channels.email import Email
from alerts.channels.feishu import Feishu
from alerts.channels.webhook import Webhook
from alerts.channels.wecom import WeCom

CHANNELS: tuple[ChannelKind, ...] = (Webhook(), Email(), DingTalk(), Feishu(), WeCom(), Apprise())


def find(kind: str) -> ChannelKind:
    """The channel kind of that name; raises LookupError that lists the known ones."""
    for channel in CHANNELS:
        if channel.name == kind:
            return channel
    raise LookupError(f"no channel is called {kind!r}; known are {', '.join(c.name for c in CHANNELS)}")


__all__ = ["CHANNELS", "ChannelKind", "Config", "Letter", "Outcome", "Pace", "find"]
