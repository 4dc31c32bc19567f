"""What goes in and out of `/v1/watchlists`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Discriminator, Field, Tag

from api.resources.watchlists import subjects, times
from api.resources.watchlists.times import Times, TimesOut
from api.schemas import LONGEST, In, Instrument, Moment, Money, Name, Out, examples, known, storable
from core.names import refuse_generic
from core.views import CONTRACT
from core.watching import CHANGED

EXAMPLE: dict[str, Any] = {
    "name": "机器人与两家银行",
    "banks": ["工商银行", "招商银行苏州分行", {"bank": "中国银行", "branch": "总行"}],
    "firms": ["示例机器人"],
    "sectors": ["robotics"],
    "regions": ["江苏"],
    "words": ["知识产权质押"],
    "logic": "any",
    "exclude": {"firms": ["示例机器人销售"], "instruments": ["bill"]},
    "triggers": ["created", "updated", "retracted", "mention"],
    "changed": ["amount", "status", "instrument"],
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


class BankBranch(In):
    """One branch of a bank, with all that is below it; 总行 is the head office alone."""

    bank: Watched
    branch: Name


class WatchedBranch(Out):
    """One branch of a bank."""

    bank: str
    branch: str


def _bank(given: str | BankBranch) -> str | BankBranch:
    if not isinstance(given, str):
        return given
    if len(given) > LONGEST:
        raise ValueError(f"a name has at most {LONGEST} characters")
    return _watchable(storable(given))


# told apart by their form, so that an error names the field at fault and not the forms that were tried
_Form = Discriminator(lambda given: "name" if isinstance(given, str) else "")
Bank = Annotated[Annotated[str, Tag("name")] | Annotated[BankBranch, Tag("")], _Form, AfterValidator(_bank)]
Names = Annotated[list[Watched], Field(max_length=10_000)]
Banks = Annotated[list[Bank], Field(max_length=10_000)]
Sectors = Annotated[list[Annotated[Name, AfterValidator(subjects.sector)]], Field(max_length=100)]
Regions = Annotated[list[Annotated[Name, AfterValidator(subjects.region)]], Field(max_length=1000)]
Logic = Literal["any", "all"]
Trigger = Literal["event", "created", "updated", "retracted", "evidence", "mention", "source"]
Triggers = Annotated[list[Trigger], Field(min_length=1, max_length=7)]
ContractField = Annotated[str, known("contract field", CONTRACT)]
Changed = Annotated[list[ContractField], Field(max_length=len(CONTRACT))]
Instruments = Annotated[list[Instrument], Field(max_length=50)]
Confidence = Annotated[float, Field(ge=0, le=1)]
Channels = Annotated[list[UUID], Field(max_length=100)]


class Exclude(In):
    """What silences a list: any of these that hits an event or article."""

    banks: Banks = Field([])
    firms: Names = Field([])
    sectors: Sectors = Field([])
    regions: Regions = Field([])
    words: Names = Field([])
    instruments: Instruments = Field([])


class _Fields(Times):
    banks: Banks = Field([])
    firms: Names = Field([])
    sectors: Sectors = Field([])
    regions: Regions = Field([])
    words: Names = Field([])
    logic: Logic = "any"
    exclude: Exclude = Field(default_factory=lambda: Exclude.model_validate({}))
    triggers: Triggers = Field(["created", "updated", "retracted"])
    changed: Changed = Field([*CHANGED])
    tech_only: bool = True
    instruments: Instruments = Field([])
    min_amount: Money | None = None
    min_confidence: Confidence = 0.0
    channels: Channels = Field([])
    enabled: bool = True


class WatchlistIn(_Fields):
    """A new watchlist. Names in any of a bank's or firm's forms; empty `instruments` watches all of them.

    `logic` any: one subject that hits is enough; all: each kind of subject that is named must hit. The trigger `event`
    stands for created, updated and retracted; `source` tells how the sources of articles are, and a list of that alone
    needs no names. `tech_only` leaves out events of other firms; `min_amount` in 元: an event in another currency never
    reaches it. Outside its `hours` (in `zone`) a list waits; with a `rhythm` it is told in digests; until `muted_until`
    not at all.
    """

    model_config = examples(EXAMPLE)

    name: Name


class WatchlistPatch(_Fields):
    """What is to change; what is not named stays."""

    model_config = examples({"min_amount": 50000000}, {"enabled": False})

    name: Name = ""


class Excluded(Out):
    """What silences a list."""

    banks: list[str | WatchedBranch]
    firms: list[str]
    sectors: list[str]
    regions: list[str]
    words: list[str]
    instruments: list[str]


class WatchlistOut(TimesOut):
    """One watchlist of the caller's.

    `resolved`: what a stock code, pinyin or initials was found to mean, by what was typed. `suggestions`: by names that
    nothing knows, which are watched all the same, the names that may have been meant; empty in lists.
    """

    id: UUID
    name: str
    banks: list[str | WatchedBranch]
    firms: list[str]
    resolved: dict[str, str]
    suggestions: dict[str, list[str]]
    sectors: list[str]
    regions: list[str]
    words: list[str]
    logic: Logic
    exclude: Excluded
    triggers: list[Trigger]
    changed: list[str]
    tech_only: bool
    instruments: list[str]
    min_amount: Money | None
    min_confidence: float
    channels: list[UUID]
    enabled: bool
    created_at: Moment


class SectorOut(Out):
    """A sector that may be watched; `tech` null where its firms may be either."""

    slug: str
    name: str
    name_en: str
    tech: bool | None


class SubjectsOut(Out):
    """What may be watched by a name out of a list; `regions` are provinces, and cities after theirs."""

    sectors: list[SectorOut]
    regions: list[list[str]]
