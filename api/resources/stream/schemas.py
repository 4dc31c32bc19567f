"""What goes into `/v1/stream`."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from api.resources.events.filters import EventFilter


class StreamQuery(EventFilter):
    """Which news: those of events that pass every filter, and of one of the watchlists where any are named."""

    watchlist: list[UUID] = Field(
        [], max_length=50, description="Ids of watchlists of yours: one of them is told of it"
    )
    type: list[Literal["event.created", "event.updated", "event.retracted"]] = Field(
        [], max_length=3, description="All where none is named"
    )
    after: int | None = Field(
        None,
        ge=0,
        le=2**63 - 1,
        description="The `id` of the last one that you have; the header Last-Event-ID counts more",
    )
    follow: bool = Field(True, description="False: ends when all that there is by now was told")
