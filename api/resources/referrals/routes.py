"""`/v1/referrals`."""

from typing import Any

from fastapi import APIRouter

from api.deps import Db, Reader
from api.etag import TaggedRoute
from api.pagination import Page
from api.query import QueryOf
from api.resources.referrals import store
from api.resources.referrals.schemas import MOST_CHAINS, ChainList, ChainQuery, ReferralOut, ReferralQuery
from api.resources.referrals.ways import chains_of
from core.models import Article, Referral

router = APIRouter(prefix="/v1/referrals", tags=["referrals"], route_class=TaggedRoute)


@router.get("", operation_id="list_referrals", response_model=Page[ReferralOut])
def list_referrals(_: Reader, db: Db, query: QueryOf[ReferralQuery]) -> Any:
    """Which firm recommended which to a bank, last told first."""
    rows, following = store.page(db, query)
    told = store.tellings(db, [_key(row) for row in rows])
    return {"items": [_shown(row, told[_key(row)]) for row in rows], "next": following}


@router.get("/chains", operation_id="list_referral_chains", response_model=ChainList)
def list_referral_chains(_: Reader, db: Db, query: QueryOf[ChainQuery]) -> Any:
    """Recommendations end to end: a brought b to a bank, and b brought c."""
    edges = store.edges(db, banks=query.bank, confidence=query.confidence)
    through = set(store.firms(db, query.firm)) if query.firm else None
    found = [
        chain
        for chain in chains_of(edges)
        if len(chain["firms"]) >= query.least and (through is None or through & {firm["id"] for firm in chain["firms"]})
    ]
    return {"items": sorted(found, key=lambda chain: -len(chain["firms"]))[:MOST_CHAINS]}


def _key(row: Any) -> store.Key:
    return row.from_firm_id, row.to_firm_id, row.bank_id


def _shown(row: Any, told: list[tuple[Referral, Article]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "from_firm": {"id": row.from_firm_id, "name": row.from_name},
        "to_firm": {"id": row.to_firm_id, "name": row.to_name},
        "bank": {"id": row.bank_id, "name": row.bank_name},
        "branch": max((one.branch or "" for one, _ in told), key=len, default="") or None,
        "confidence": round(row.confidence, 3),
        "first_seen": row.first_seen,
        "evidence": [_evidence(one, article) for one, article in told],
    }


def _evidence(one: Referral, article: Article) -> dict[str, Any]:
    return {
        "article_id": one.article_id,
        "title": article.title,
        "url": article.url,
        "source": article.source_name,
        "published": article.published,
        "quote": one.quote,
        "start": one.start,
        "end": one.end,
    }
