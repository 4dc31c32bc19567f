"""Judges pushed articles one by one and hands the good ones to ingest: a bad one stops no other."""

from typing import Any

from api.errors import FieldError, Invalid, checked
from api.resources.articles import store
from api.resources.articles.schemas import MOST_ITEMS, ArticleIn, PushResultOut
from core.sql import Asker
from ingest import push as ingest
from ingest.push import PushedArticle


def push(session: Asker, body: Any) -> list[PushResultOut]:
    """What became of each item of `body`, an object or a list of them, in their order.

    A single object that is no article is a request that makes no sense (Invalid); in a list it is one rejected item.
    """
    if not isinstance(body, list):
        return [_keep(session, 0, _read(body, under="body"), alone=True)]
    if not 1 <= len(body) <= MOST_ITEMS:
        raise Invalid.at("body", f"a list has 1 to {MOST_ITEMS:,} articles, not {len(body):,}")
    return [_one_of_many(session, number, item) for number, item in enumerate(body)]


def _one_of_many(session: Asker, number: int, item: Any) -> PushResultOut:
    try:
        return _keep(session, number, _read(item))
    except Invalid as error:
        store.tell(session, f"item {number} of a pushed list", str(error))
        return PushResultOut(number=number, status="rejected", id=None, reason=str(error))


def _read(item: Any, *, under: str = "") -> ArticleIn:
    if not isinstance(item, dict):
        raise Invalid(FieldError(field=under or "item", reason=f"an article is an object, not {_kind(item)}"))
    return checked(ArticleIn, item, under=under)


def _keep(session: Asker, number: int, article: ArticleIn, *, alone: bool = False) -> PushResultOut:
    given = PushedArticle(
        title=article.title,
        text=article.text,
        url=article.url,
        published=article.published,
        author=article.author,
        source_name=article.source,
    )
    [result] = ingest.push(session, [given], quiet=article.quiet, alone=alone)
    if result.status == "rejected":
        store.tell(session, f"pushed: {article.title or article.text[:40]}", result.reason or "")
    return PushResultOut(number=number, status=result.status, id=result.article_id, reason=result.reason)


def _kind(value: Any) -> str:
    names = {str: "a text", bool: "true or false", list: "a list", type(None): "null"}
    return names.get(type(value), "a number")
