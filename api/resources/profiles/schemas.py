"""What goes in and out of profiles; the figures are those of api/resources/stats."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from api.resources.articles.schemas import ArticleBrief
from api.resources.banks.schemas import BankOut
from api.resources.events.schemas import EventOut, Party
from api.resources.firms.schemas import FirmOut
from api.resources.stats.schemas import Basis, Currency, Figures, Rate, RowOut, StatsFilter, Unplaced
from api.schemas import Day, Out

FIRM_REASONS = ("recommended", "recommended_by", "same_name", "same_article", "same_bank")
BANK_REASONS = ("same_group", "same_sum", "same_firm")
REASONS = (*FIRM_REASONS, *BANK_REASONS)
Reason = Literal[
    "recommended", "recommended_by", "same_name", "same_article", "same_bank", "same_group", "same_sum", "same_firm"
]


class ProfileQuery(BaseModel):
    """What counts in a profile's figures, and how many rows each of its tables has."""

    model_config = ConfigDict(extra="forbid")

    include: list[Literal["planned", "cooperation", "non_tech"]] = Field(
        ["non_tech"], max_length=3, description="What is left out else: plans, bare cooperation, firms of no technology"
    )
    date_from: Day | None = Field(None, description="Count events whose told date reaches this day or a later one")
    date_to: Day | None = Field(None, description="Count events whose told date begins on this day or an earlier one")
    time: Literal["date", "first_seen"] = Field("date", description="When an event is: as told, or first seen by Yinqi")
    convert: Currency | None = Field(None, description="Give all sums in this currency too")
    rate: list[Rate] = Field([], max_length=50, description="USD:7.1: what one unit is worth in `convert` (or CNY)")
    rates: Day | None = Field(None, description="Day of the table of rates; the newest where no `rate` is stated")
    limit: int = Field(10, ge=1, le=100, description="Most rows of each table but the years")

    @field_validator("date_to")
    @classmethod
    def _dates_in_order(cls, value: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("date_from")
        if value is not None and first is not None and value < first:
            raise ValueError("is below date_from")
        return value

    def counting(self, **of: Any) -> StatsFilter:
        """The events that count of a bank or firm."""
        return StatsFilter(**self.model_dump(exclude={"limit"}), **of)


class Years(Out):
    """Figures by year, the first one first; `unplaced` are in `total` and of no single year."""

    rows: list[RowOut]
    unplaced: Unplaced


class Rows(Out):
    """The largest rows of figures; `more` were left off."""

    rows: list[RowOut]
    more: int


class Counterparties(Out):
    """Those with most events, of `ranked` in all: the firms of a bank, the banks of a firm."""

    ranked: int
    rows: list[RowOut]


class Tie(Out):
    """Why two are related, and how often: docs/api.md says what is counted for each reason."""

    reason: Reason
    count: int


class Related(Party):
    """Another firm, or another bank, with every reason why it is shown, the closest one first."""

    reasons: list[Tie]


class ProfileOut(Out):
    """What profiles of banks and of firms have in common.

    `merged` are the rows that it stands for. `statuses` counts all live events, whatever counts in the figures; `first`
    and `last` are the ends of these, by the day told, else first seen, without evidence. `articles` are those in which
    it stands, last collected first.
    """

    merged: list[Party]
    statuses: dict[str, int]
    first: EventOut | None
    last: EventOut | None
    basis: Basis
    total: Figures
    years: Years
    instruments: Rows
    counterparties: Counterparties
    related: list[Related]
    articles: list[ArticleBrief]


class FirmProfile(ProfileOut):
    """All that is known of a firm; `counterparties` are banks, `related` are firms."""

    firm: FirmOut


class BankProfile(ProfileOut):
    """All that is known of a bank; `counterparties` are firms, `related` are banks."""

    bank: BankOut
    sectors: Rows
    regions: Rows
