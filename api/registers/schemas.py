"""What edits of banks and of firms have in common."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from api.resources.watchlists import subjects
from api.schemas import In, Moment, Name, Out, examples
from core import pinyin, regions


def _code(told: str) -> str:
    """A stock code as the registers have it."""
    found = pinyin.stock_code(told)
    if found is None:
        raise ValueError(f"{told!r} is no stock code: 600036.SH, 300750.SZ and 00700.HK are")
    return ".".join(part for part in found if part)


def _region(told: str) -> str:
    """The short name of a province or city."""
    return told if told == WHOLE_COUNTRY else subjects.region(told)


def _within(told: str) -> str:
    """A province or city by any of its spellings, as it was told."""
    if told != WHOLE_COUNTRY and regions.lookup(told) is None:
        raise ValueError(f"{told!r} is no province, city or county that Yinqi knows")
    return told


WHOLE_COUNTRY = "全国"
StockCode = Annotated[str, Field(max_length=20), AfterValidator(_code), WithJsonSchema({"type": "string"})]
Sector = Annotated[Name, AfterValidator(subjects.sector)]
Region = Annotated[Name, AfterValidator(_region)]
Within = Annotated[Name, AfterValidator(_within)]


def places(told: str) -> set[str]:
    """The names by which registers have a place and the cities in it."""
    path = regions.lookup(told)
    inside = {one[-1] for one in regions.known() if path and one[: len(path)] == path}
    return {told, *inside}


class AliasIn(In):
    """One more name."""

    model_config = In.model_config | examples({"alias": "示例机器人科技"})

    alias: Name


class AliasQuery(BaseModel):
    """Which name goes."""

    model_config = ConfigDict(extra="forbid")

    alias: Name = Field(description="The name that goes, as it is written or in another width or case")


class MergeIn(In):
    """Which one is to stand for both."""

    model_config = In.model_config | examples({"into": "019ab4c0-0000-7000-8000-000000000002"})

    into: UUID


class EditOut(Out):
    """One edit: `what` was done, the values `before` and `after` it. `by` is the subscriber whose key or session made
    it, null in the terminal; `via` is api, dashboard or terminal."""

    id: UUID
    what: Literal["alias_added", "alias_removed", "changed", "merged"]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    by: str | None
    via: str
    at: Moment
