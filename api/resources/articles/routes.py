"""`/v1/articles`: the shared pool of news; pushing needs the operator scope."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.body import Pushed, Pushes
from api.deps import Db, Reader
from api.errors import not_found
from api.etag import TaggedRoute
from api.pagination import Page
from api.query import QueryOf
from api.resources.articles import push, store
from api.resources.articles.schemas import (
    EXAMPLE,
    ArticleBrief,
    ArticleOut,
    ArticleQuery,
    PushOut,
    RevisionList,
)
from core.models import Article, Evidence

router = APIRouter(prefix="/v1/articles", tags=["articles"], route_class=TaggedRoute)
_SPAN = ("event_id", "quote", "start", "end", "confidence")

# The items of a list are judged one by one, so that a bad one stops no other; hence the body is described by hand.
_ITEM = {"$ref": "#/components/schemas/ArticleIn"}
_LIST = {"type": "array", "items": _ITEM, "minItems": 1, "maxItems": 1000}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"anyOf": [_ITEM, _LIST]},
            "examples": {"one": {"value": EXAMPLE}, "several": {"value": [EXAMPLE]}},
        }
    },
}


@router.get("", operation_id="list_articles", response_model=Page[ArticleBrief])
def list_articles(_: Reader, db: Db, query: QueryOf[ArticleQuery]) -> Any:
    """Articles without their texts, last collected first."""
    rows, following = store.page(db, query)
    return {"items": [brief(row) for row in rows], "next": following}


@router.post(
    "",
    operation_id="push_articles",
    response_model=PushOut,
    openapi_extra={"requestBody": _BODY},
)
def push_articles(pushed: Annotated[Pushed, Depends(Pushes("admin"))]) -> Any:
    """Push one article or a list of up to 1,000; each is stored once, and the answer says what became of each."""
    items = push.push(pushed)
    counts = {status: sum(item.status == status for item in items) for status in ("stored", "duplicate", "rejected")}
    # as it is: made here of what its schema says, it need not be checked against it
    return Response(PushOut(**counts, items=items).model_dump_json(), media_type="application/json")


@router.get("/{article_id}", operation_id="get_article", response_model=ArticleOut)
def get_article(_: Reader, db: Db, article_id: UUID) -> Any:
    """One article with its text, the spans that tell events, and the banks and firms standing in it."""
    article = store.find(db, article_id)
    if article is None:
        raise not_found("article")
    mentions = [
        {"kind": row.kind, "name": row.name, "id": row.bank_id or row.firm_id}
        | {"where": row.where, "start": row.start, "end": row.end}
        for row in store.mentions(db, article_id)
    ]
    # of a corrected text that is still to be read, the spans are those of its earlier version
    told = [one for one in store.evidence(db, article_id) if stands(one, article)]
    evidence = [{**{name: getattr(one, name) for name in _SPAN}, "spans": _proofs(one)} for one in told]
    more = {"revision": store.revision(db, article_id), "reprints": store.reprints(db, article_id)}
    return {**brief(article), "text": article.text or None, **more, "evidence": evidence, "mentions": mentions}


@router.get("/{article_id}/revisions", operation_id="list_article_revisions", response_model=RevisionList)
def list_article_revisions(_: Reader, db: Db, article_id: UUID) -> Any:
    """What an article said before it was corrected, the first version first; its present text is not among them."""
    if store.find(db, article_id) is None:
        raise not_found("article")
    same = ("number", "title", "published", "replaced_at")
    rows = store.revisions(db, article_id)
    return {"items": [{**{field: getattr(row, field) for field in same}, "text": row.text or None} for row in rows]}


def stands(told: Evidence, article: Article) -> bool:
    """Whether a quote stands in its article, or stood there when the text went."""
    return article.forgotten_at is not None or article.text[told.start : told.end] == told.quote


def _proofs(evidence: Evidence) -> list[dict[str, Any]]:
    return [{"field": field, "start": start, "end": end} for field, start, end in evidence.spans or ()]


def brief(row: Article) -> dict[str, Any]:
    """An article without its text, as the API answers it."""
    same = ("id", "title", "url", "source_id", "author", "published", "fetched_at", "quiet", "state", "reason")
    told = {field: getattr(row, field) for field in same}
    return {**told, "source": row.source_name, "forgotten_at": row.forgotten_at}
