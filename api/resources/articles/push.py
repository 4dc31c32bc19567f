"""Judges pushed articles one by one and hands the good ones to ingest: a bad one stops no other."""

from datetime import datetime
from typing import Any

from api.body import Pushed
from api.errors import FieldError, Invalid, checked
from api.resources.articles import store
from api.resources.articles.schemas import MOST_ITEMS, ArticleIn, PushResultOut
from core import sql
from core.ahead import Ahead
from core.database import announced_first
from ingest import push as ingest
from ingest.push import PushedArticle


def push(pushed: Pushed) -> list[PushResultOut]:
    """What became of each item of the body, an object or a list of them, in their order; all in one transaction.

    A single object that is no article is a request that makes no sense (Invalid); in a list it is one rejected item.
    Raises as `Asking.caller`.
    """
    several = isinstance(pushed.value, list)
    with announced_first() as flight:
        asked = pushed.asking.ask(flight)
        ahead = None if several else Ahead(flight)
        sql.hurry(flight)  # who asks is found out while the article is looked at
        try:
            one = None if several else _Item(0, _read(pushed.value, under="body"))
            if several:
                _count(pushed.value)
        finally:  # whoever may not ask is told so, and not what is wrong with what was pushed
            moment = pushed.asking.found(asked).moment
        if one:
            return [one.keep(flight, moment, ahead=ahead)]
        return [_one_of_many(flight, moment, number, item) for number, item in enumerate(pushed.value)]


def _count(items: list[Any]) -> None:
    if not 1 <= len(items) <= MOST_ITEMS:
        raise Invalid.at("body", f"a list has 1 to {MOST_ITEMS:,} articles, not {len(items):,}")


def _one_of_many(session: sql.Asker, moment: datetime, number: int, item: Any) -> PushResultOut:
    try:
        return _Item(number, _read(item)).keep(session, moment)
    except Invalid as error:
        store.tell(session, f"item {number} of a pushed list", str(error))
        return PushResultOut(number=number, status="rejected", id=None, reason=str(error))


def _read(item: Any, *, under: str = "") -> ArticleIn:
    if not isinstance(item, dict):
        raise Invalid(FieldError(field=under or "item", reason=f"an article is an object, not {_kind(item)}"))
    return checked(ArticleIn, item, under=under)


class _Item:
    """One pushed article, of which all is done that needs no database."""

    def __init__(self, number: int, article: ArticleIn) -> None:
        self._number, self._article = number, article
        self._ready = ingest.ready(
            PushedArticle(
                title=article.title,
                text=article.text,
                url=article.url,
                published=article.published,
                author=article.author,
                source_name=article.source,
            )
        )

    def keep(self, session: sql.Asker, moment: datetime, **how: Any) -> PushResultOut:
        """What became of it; `how` as ingest has it."""
        result = ingest.keep_ready(session, self._ready, moment, quiet=self._article.quiet, **how)
        if result.status == "rejected":
            given = f"pushed: {self._article.title or self._article.text[:40]}"
            store.tell(session, given, result.reason or "")
        return PushResultOut(number=self._number, status=result.status, id=result.article_id, reason=result.reason)


def _kind(value: Any) -> str:
    names = {str: "a text", bool: "true or false", list: "a list", type(None): "null"}
    return names.get(type(value), "a number")
