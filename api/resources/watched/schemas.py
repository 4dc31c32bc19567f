"""What goes out of `/v1/watchlists/{id}/articles`."""

from typing import Literal

from api.resources.articles.schemas import ArticleBrief
from api.schemas import Out


class StandingOut(Out):
    """A name or word of the watchlist standing in the article: at characters `start` to `end` of its `where`."""

    kind: Literal["bank", "firm", "word"]
    name: str
    where: Literal["title", "text"]
    start: int
    end: int


class WatchedArticleOut(ArticleBrief):
    """An article without its text, and what of the watchlist stands in it, the title first."""

    standing: list[StandingOut]
