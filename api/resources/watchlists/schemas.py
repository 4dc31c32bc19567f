"""What goes in and out of `/v1/watchlists`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from api.resources.watchlists import times
from api.resources.watchlists.times import Times, TimesOut
from api.schemas import Instrument, Moment, Money, Name, examples
from core.names import refuse_generic

EXAMPLE: dict[str, Any] = {
    "name": "机器人与两家银行",
    "banks": ["工商银行", "招行"],
    "firms": ["示例机器人"],
    "triggers": ["event", "mention"],
    "tech_only": True,
    "instruments": ["tech_loan", "ip_pledge_loan"],
    "min_amount": 10000000,
    "min_confidence": 0.5,
    **times.EXAMPLE,
    "channels": ["019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11"],
    "enabled": True,
}


def _watchable(name: str) -> str:
    refuse_generic(name)
    return name.strip()


Watched = Annotated[Name, AfterValidator(_watchable)]
Names = Annotated[list[Watched], Field(max_length=10_000)]
Trigger = Literal["event", "mention", "source"]
Triggers = Annotated[list[Trigger], Field(min_length=1, max_length=3)]
Instruments = Annotated[list[Instrument], Field(max_length=50)]
Confidence = Annotated[float, Field(ge=0, le=1)]
Channels = Annotated[list[UUID], Field(max_length=100)]


class _Fields(Times):
    banks: Names = Field([])
    firms: Names = Field([])
    triggers: Triggers = Field(["event"])
    tech_only: bool = True
    instruments: Instruments = Field([])
    min_amount: Money | None = None
    min_confidence: Confidence = 0.0
    channels: Channels = Field([])
    enabled: bool = True


class WatchlistIn(_Fields):
    """A new watchlist. Names in any of a bank's or firm's forms; empty `instruments` watches all of them.

    The trigger `source` tells how the sources of articles are; a list of that alone needs no names. `tech_only` leaves
    out events of other firms; `min_amount` in 元: an event in another currency never reaches it. Outside its
    `hours` (in `zone`) a list waits; with a `rhythm` it is told in digests; until `muted_until` not at all.
    """

    model_config = examples(EXAMPLE)

    name: Name


class WatchlistPatch(_Fields):
    """What is to change; what is not named stays."""

    model_config = examples({"min_amount": 50000000}, {"enabled": False})

    name: Name = ""


class WatchlistOut(TimesOut):
    """One watchlist of the caller's.

    `resolved`: what a stock code, pinyin or initials was found to mean, by what was typed. `suggestions`: by names that
    nothing knows, which are watched all the same, the names that may have been meant; empty in lists.
    """

    id: UUID
    name: str
    banks: list[str]
    firms: list[str]
    resolved: dict[str, str]
    suggestions: dict[str, list[str]]
    triggers: list[Trigger]
    tech_only: bool
    instruments: list[str]
    min_amount: Money | None
    min_confidence: float
    channels: list[UUID]
    enabled: bool
    created_at: Moment
