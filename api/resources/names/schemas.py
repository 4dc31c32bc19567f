"""What goes in and out of `/v1/names`."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.naming.ranking import Kind, Match
from api.schemas import Name, Out, examples


class NameOut(Out):
    """A bank or firm that what was typed may mean. `alias` is the name of it that matched, `match` says how:

    `name` it is that name, `code` its stock code, `pinyin` or `initials` all of either; `begins` one of these begins
    so; `sound` it is pronounced so; `near` a mistake or two away.
    """

    model_config = examples(
        {
            "kind": "bank",
            "id": "019ab4c0-0000-7000-8000-000000000001",
            "name": "招商银行",
            "alias": "招行",
            "stock_code": "600036.SH",
            "match": "initials",
        }
    )

    kind: Kind
    id: UUID
    name: str
    alias: str
    stock_code: str | None
    match: Match


class NameList(Out):
    """The likeliest first."""

    items: list[NameOut]


class NameQuery(BaseModel):
    """What was typed, and how much is wanted."""

    model_config = ConfigDict(extra="forbid")

    q: Name = Field(description="A name or its beginning, a stock code, pinyin or initials")
    kind: Kind | None = Field(None, description="`bank` or `firm`; both where not given")
    limit: int = Field(10, ge=1, le=50, description="Most items")
