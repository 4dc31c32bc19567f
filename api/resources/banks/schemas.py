"""What goes in and out of `/v1/banks`."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.pagination import PageQuery
from api.registers.schemas import Region, StockCode, Within
from api.schemas import In, Name, Out, examples, known
from seeds.registers import BANK_KINDS

Kind = Annotated[str, known("kind of bank", tuple(sorted(BANK_KINDS)))]


class BankOut(Out):
    """A bank or a bank's financing subsidiary (`parent` is then the owning bank's name); `name` is the short one.
    `merged_into` and `edited` as of firms."""

    model_config = examples(
        {
            "id": "019ab4c0-0000-7000-8000-000000000001",
            "name": "工商银行",
            "kind": "state",
            "parent": None,
            "stock_code": "601398",
            "region": None,
            "merged_into": None,
            "edited": [],
            "aliases": ["中国工商银行", "工行"],
        }
    )

    id: UUID
    name: str
    kind: str
    parent: str | None
    stock_code: str | None
    region: str | None
    merged_into: UUID | None
    edited: list[str]
    aliases: list[str]


class BankQuery(PageQuery):
    """Filters of `/v1/banks`."""

    q: Name | None = Field(
        None, description="The beginning of any of its names, in signs, pinyin or initials; its code"
    )
    kind: Name | None = Field(None, description="state, joint_stock, city, rural, private, foreign, leasing …")
    region: Within | None = Field(None, description="Province or city at home: 江苏, 苏州市; 全国")
    sector: Name | None = Field(None, description="Those with live events in this sector")
    tech: bool | None = Field(None, description="Those with live events of tech firms, or of others")
    has_events: bool | None = Field(None, description="Only those with live events, or only those without")


class BankPatch(In):
    """What is to change; what is not named stays. `parent` is the owning bank by any of its names."""

    model_config = In.model_config | examples({"kind": "city", "region": "江苏"}, {"name": "样例银行"})

    name: Name = ""
    kind: Kind = "other"
    parent: Name | None = None
    stock_code: StockCode | None = None
    region: Region | None = None


class BankMerged(Out):
    """The bank that stands for both now, and how many events of the other were found to be events of its own."""

    bank: BankOut
    events_merged: int
