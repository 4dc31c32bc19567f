"""When a watchlist is told: the fields that say so, checked, and how they are answered."""

import re
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from alerts.hours import END_OF_DAY
from alerts.wall import zone_of
from api.errors import Invalid
from api.schemas import In, Moment, MomentIn, Name, Out
from core import clock
from core.models import Watchlist

EXAMPLE: dict[str, Any] = {
    "zone": "Asia/Shanghai",
    "hours": [{"days": [1, 2, 3, 4, 5], "from": "08:30", "until": "18:00"}],
    "rhythm": "daily",
    "rhythm_time": "08:30",
    "rhythm_day": None,
    "muted_until": None,
    "mention_cap": 50,
}
FIELDS = tuple(EXAMPLE)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def _zone(name: str) -> str:
    return zone_of(name).key


def _clock(told: object) -> str:
    if not isinstance(told, str) or not _TIME.fullmatch(told):
        raise ValueError("is no local time such as 08:30, from 00:00 to 23:59")
    return told


def _end(told: object) -> str:
    return END_OF_DAY if told == END_OF_DAY else _clock(told)


_AS_TIME = WithJsonSchema({"type": "string", "pattern": f"^{_TIME.pattern}$", "examples": ["08:30"]})
_UNTIL = WithJsonSchema({"type": "string", "pattern": f"^({_TIME.pattern}|{END_OF_DAY})$", "examples": ["18:00"]})
Day = Annotated[int, Field(ge=1, le=7)]
LocalTime = Annotated[
    time,
    BeforeValidator(lambda told: time.fromisoformat(_clock(told))),
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str, when_used="json"),
    _AS_TIME,
]
ShownTime = Annotated[time, PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str), _AS_TIME]


class Window(In):
    """On some days of the week (1 Monday to 7 Sunday), `from` a local time `until` another; over midnight where that
    is not the later one."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    days: Annotated[list[Day], Field(min_length=1, max_length=7), AfterValidator(lambda days: sorted(set(days)))]
    from_: Annotated[str, BeforeValidator(_clock), _AS_TIME] = Field(alias="from")
    until: Annotated[str, BeforeValidator(_end), _UNTIL]

    @model_validator(mode="after")
    def _lasts(self) -> "Window":
        if self.from_ == self.until:
            raise ValueError("`from` and `until` are one time; a whole day is from 00:00 until 24:00")
        return self


Zone = Annotated[Name, AfterValidator(_zone)]
Windows = Annotated[list[Window], Field(min_length=1, max_length=20)]
Rhythm = Literal["immediate", "hourly", "daily", "weekly"]


class Times(In):
    """When a list is told."""

    zone: Zone = "Asia/Shanghai"
    hours: Windows | None = None
    rhythm: Rhythm = "immediate"
    rhythm_time: LocalTime | None = None
    rhythm_day: Day | None = None
    muted_until: MomentIn | None = None
    mention_cap: Annotated[int, Field(ge=0, le=10_000)] = 50


class TimesOut(Out):
    """When a list is told; `muted_until` null where it is not muted now."""

    zone: str
    hours: list[Window] | None
    rhythm: Rhythm
    rhythm_time: ShownTime | None
    rhythm_day: int | None
    muted_until: Moment | None
    mention_cap: int


def fill(watchlist: Watchlist, given: dict[str, Any]) -> None:
    """Set the fields that are given; Invalid where a digest has no time or day."""
    for field in FIELDS:
        if field in given:
            setattr(watchlist, field, given[field])
    if watchlist.rhythm in ("daily", "weekly") and watchlist.rhythm_time is None:
        raise Invalid.at("body.rhythm_time", f"a {watchlist.rhythm} digest needs the local time at which it is due")
    if watchlist.rhythm == "weekly" and watchlist.rhythm_day is None:
        raise Invalid.at("body.rhythm_day", "a weekly digest needs its day, 1 (Monday) to 7 (Sunday)")


def shown(watchlist: Watchlist) -> dict[str, Any]:
    """What the API answers."""
    until = watchlist.muted_until
    told = {field: getattr(watchlist, field) for field in FIELDS}
    return {**told, "muted_until": until if until and until > clock.now() else None}
