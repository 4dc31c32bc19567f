"""What goes in and out of `/v1/firms`."""

from uuid import UUID

from pydantic import Field

from api.pagination import PageQuery
from api.registers.schemas import Region, Sector, StockCode, Within
from api.schemas import In, Name, Out, examples


class FirmOut(Out):
    """An enterprise. `tech` is null where not known; `merged_into` is the row that stands for it, if another does.
    `edited` are the fields that are the operator's."""

    model_config = examples(
        {
            "id": "019ab4c0-0000-7000-8000-000000000002",
            "name": "示例机器人股份有限公司",
            "stock_code": None,
            "sector": "robotics",
            "tech": True,
            "region": "江苏",
            "merged_into": None,
            "edited": ["sector"],
            "aliases": ["示例机器人"],
        }
    )

    id: UUID
    name: str
    stock_code: str | None
    sector: str | None
    tech: bool | None
    region: str | None
    merged_into: UUID | None
    edited: list[str]
    aliases: list[str]


class FirmQuery(PageQuery):
    """Filters of `/v1/firms`."""

    q: Name | None = Field(
        None, description="The beginning of any of its names, in signs, pinyin or initials; its code"
    )
    sector: Name | None = None
    tech: bool | None = None
    region: Within | None = Field(None, description="Province or city: 江苏, 苏州市")
    has_events: bool | None = Field(None, description="Only those with live events, or only those without")


class FirmPatch(In):
    """What is to change; what is not named stays."""

    model_config = In.model_config | examples({"sector": "robotics", "tech": True}, {"name": "示例机器人"})

    name: Name = ""
    stock_code: StockCode | None = None
    sector: Sector | None = None
    tech: bool | None = None
    region: Region | None = None


class FirmMerged(Out):
    """The firm that stands for both now, and how many events of the other were found to be events of its own."""

    firm: FirmOut
    events_merged: int
