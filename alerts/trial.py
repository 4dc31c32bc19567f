"""A test alert: it goes the way of every other, so that what arrives shows that they would."""

import json

from core.clock import now
from core.models import Channel, Delivery
from core.views import moment

TYPE = "test"
MESSAGE = "Alerts reach this channel. 此渠道可以收到提醒。"


def trial(channel: Channel) -> Delivery:
    """A delivery of nothing but the news that the channel works, ready to be stored and announced."""
    data = {"channel": channel.name, "message": MESSAGE, "watchlists": []}
    body = {"type": TYPE, "timestamp": moment(now()), "data": data}
    return Delivery(
        subscriber_id=channel.subscriber_id,
        channel_id=channel.id,
        type=TYPE,
        watchlists=[],
        body=json.dumps(body, ensure_ascii=False),
    )
