"""What goes in and out of `/v1/referrals`."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.pagination import PageQuery
from api.resources.events.schemas import EvidenceOut, Party
from api.schemas import Moment, Name, Out, examples

MOST_CHAINS = 500

_BANK: dict[str, Any] = {"id": "019ab4c0-0000-7000-8000-000000000001", "name": "样例银行"}
_FIRST: dict[str, Any] = {"id": "019ab4c0-0000-7000-8000-000000000002", "name": "示例机器人股份有限公司"}
_SECOND: dict[str, Any] = {"id": "019ab4c0-0000-7000-8000-000000000003", "name": "样例光电科技有限公司"}


class ReferralOut(Out):
    """`to_firm` was recommended to `bank` by `from_firm`, with every article that tells it, the surest first."""

    model_config = examples(
        {
            "id": "019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11",
            "from_firm": _FIRST,
            "to_firm": _SECOND,
            "bank": _BANK,
            "branch": "苏州分行",
            "confidence": 0.93,
            "first_seen": "2026-03-02T01:12:45.120Z",
            "evidence": [
                {
                    "article_id": "019ab4c2-6f00-7000-8000-000000000003",
                    "title": "一家带一家",
                    "url": "https://news.example.com/1",
                    "source": "示例财经",
                    "published": "2026-03-01T16:30:00.000Z",
                    "quote": "示例机器人向样例银行苏州分行推荐了样例光电",
                    "start": 12,
                    "end": 33,
                }
            ],
        }
    )

    id: UUID
    from_firm: Party
    to_firm: Party
    bank: Party
    branch: str | None
    confidence: float
    first_seen: Moment
    evidence: list[EvidenceOut]


class _Filter(BaseModel):
    firm: list[Name] = Field([], max_length=100, description="Firm on either side, by any of its names or by id")
    bank: list[Name] = Field([], max_length=100, description="Bank by any of its names, or by id")
    confidence: float = Field(0.0, ge=0, le=1, description="Least confidence")


class ReferralQuery(_Filter, PageQuery):
    """Filters of `/v1/referrals`."""


class ChainQuery(_Filter):
    """Filters of `/v1/referrals/chains`: those that lead through one of the firms."""

    model_config = ConfigDict(extra="forbid")

    least: int = Field(2, ge=2, le=20, description="Firms that a chain has at least")


class ChainOut(Out):
    """Firms that recommended one another to a bank, the first to the last; `referrals` are the steps between them."""

    model_config = examples(
        {"bank": _BANK, "firms": [_FIRST, _SECOND], "referrals": ["019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11"]}
    )

    bank: Party
    firms: list[Party]
    referrals: list[UUID]


class ChainList(Out):
    """The chains, the longest first; at most 500."""

    items: list[ChainOut]
