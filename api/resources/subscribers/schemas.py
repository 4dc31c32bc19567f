"""What goes out of `/v1/subscribers` and `/v1/subscriber`."""

from uuid import UUID

from api.schemas import Moment, Out


class SubscriberOut(Out):
    """A subscriber: the owner of keys, watchlists and channels."""

    id: UUID
    name: str
    created_at: Moment
