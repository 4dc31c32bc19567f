"""What goes in and out of `/v1/network`; which events count is told by api/resources/stats."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.resources.stats.schemas import Basis, Figures, StatsFilter
from api.schemas import Name, Out, examples


class NetworkQuery(StatsFilter):
    """Which events are drawn, around whom, and how many edges at most."""

    include: list[Literal["planned", "cooperation", "non_tech"]] = Field(
        ["non_tech"], max_length=3, description="What is left out else: plans, bare cooperation, firms of no technology"
    )
    around: Name | None = Field(None, description="The bank or firm in the middle, by any of its names or by id")
    depth: int = Field(1, ge=1, le=2, description="With `around`: 2 draws its neighbours' neighbours too")
    limit: int = Field(100, ge=1, le=500, description="Most edges: those with most events")


class NodeOut(Out):
    """A bank or firm; `count`: the events of its edges drawn, `depth`: its steps from the middle, null without one."""

    id: UUID
    kind: Literal["bank", "firm"]
    name: str
    sector: str | None
    depth: int | None
    count: int


class EdgeOut(Figures):
    """The events of a bank and a firm: how many, their sums, with what instruments, and how far they have come.

    `first` and `last` are the ends of the days told (or seen, by `time`); null where none is told.
    """

    bank: UUID
    firm: UUID
    instruments: list[str]
    statuses: list[str]
    first: date | None
    last: date | None


class ReferralEdge(Out):
    """`from_firm` recommended `to_firm` to `bank`, as so many `articles` tell."""

    from_firm: UUID
    to_firm: UUID
    bank: UUID
    articles: int


_ID = "019ab4c0-0000-7000-8000-00000000000"
_EXAMPLE: dict[str, Any] = {
    "around": f"{_ID}2",
    "basis": {"time": "date", "left_out": ["planned", "cooperation"], "convert": None, "rates": [], "without_rate": []},
    "nodes": [
        {"id": f"{_ID}1", "kind": "bank", "name": "工商银行", "sector": None, "depth": 1, "count": 2},
        {"id": f"{_ID}2", "kind": "firm", "name": "示例机器人有限公司", "sector": "robotics", "depth": 0, "count": 2},
        {"id": f"{_ID}3", "kind": "firm", "name": "样例光电有限公司", "sector": None, "depth": 1, "count": 0},
    ],
    "edges": [
        {
            "bank": f"{_ID}1",
            "firm": f"{_ID}2",
            "instruments": ["tech_loan"],
            "statuses": ["granted"],
            "first": "2025-03-01",
            "last": "2026-03-31",
            "count": 2,
            "shared": 0,
            "without_amount": 1,
            "undated": 0,
            "sums": [
                {
                    "currency": "CNY", "count": 1, "min": 30000000, "max": 30000000, "at_least": 0, "at_most": 0,
                    "about": 0, "shared_min": 0, "shared_max": 0,
                }
            ],
            "converted": None,
        }
    ],
    "referrals": [{"from_firm": f"{_ID}2", "to_firm": f"{_ID}3", "bank": f"{_ID}1", "articles": 1}],
    "more": 0,
    "unnamed": 0,
}  # fmt: skip


class NetworkOut(Out):
    """`more` edges were left off; `unnamed` events that count are of no firm that is named, and so have no edge."""

    model_config = examples(_EXAMPLE)

    around: UUID | None
    basis: Basis
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    referrals: list[ReferralEdge]
    more: int
    unnamed: int
