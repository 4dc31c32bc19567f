"""What goes in and out of `/v1/banks`."""

from uuid import UUID

from pydantic import Field

from api.pagination import PageQuery
from api.schemas import Name, Out, examples


class BankOut(Out):
    """A bank or a bank's financing subsidiary (`parent` is then the owning bank's name); `name` is the short one."""

    model_config = examples(
        {
            "id": "019ab4c0-0000-7000-8000-000000000001",
            "name": "工商银行",
            "kind": "state",
            "parent": None,
            "stock_code": "601398",
            "region": None,
            "aliases": ["中国工商银行", "工行"],
        }
    )

    id: UUID
    name: str
    kind: str
    parent: str | None
    stock_code: str | None
    region: str | None
    aliases: list[str]


class BankQuery(PageQuery):
    """Filters of `/v1/banks`."""

    q: Name | None = Field(None, description="The beginning of any of its names")
    kind: Name | None = Field(None, description="state, joint_stock, city, rural, private, foreign, leasing …")
