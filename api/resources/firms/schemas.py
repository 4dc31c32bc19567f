"""What goes in and out of `/v1/firms`."""

from uuid import UUID

from pydantic import Field

from api.pagination import PageQuery
from api.schemas import Name, Out, examples


class FirmOut(Out):
    """An enterprise. `tech` is null where not known; `merged_into` is the row that stands for it, if another does."""

    model_config = examples(
        {
            "id": "019ab4c0-0000-7000-8000-000000000002",
            "name": "示例机器人股份有限公司",
            "stock_code": None,
            "sector": "robotics",
            "tech": True,
            "region": "江苏",
            "merged_into": None,
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
    aliases: list[str]


class FirmQuery(PageQuery):
    """Filters of `/v1/firms`."""

    q: Name | None = Field(None, description="The beginning of any of its names")
    sector: Name | None = None
    tech: bool | None = None
