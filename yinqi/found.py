"""What is found by names, by watchlists and by search, as the API answers it."""

from datetime import datetime
from uuid import UUID

from yinqi.base import Answer
from yinqi.models import ArticleBrief, Event, Evidence, Party


class Standing(Answer):
    """A name or word of a watchlist standing in an article: at characters `start` to `end` of its `where`."""

    kind: str
    name: str
    where: str
    start: int
    end: int


class WatchedArticle(ArticleBrief):
    """An article without its text, and what of a watchlist stands in it."""

    standing: list[Standing]


class Snippet(Answer):
    """A piece of a title or text that begins at its character `start`; `marks` are [start, end] in `text`."""

    where: str
    start: int
    text: str
    marks: list[tuple[int, int]]


class FoundArticle(ArticleBrief):
    """An article in which stands what was searched, and where."""

    snippets: list[Snippet]


class FoundEvent(Answer):
    """An event in one of whose quotes stands what was searched, and where; `start` counts in the article."""

    event: Event
    article_id: UUID
    snippets: list[Snippet]


class FoundName(Answer):
    """A bank or firm that what was typed may mean: `alias` is the name that matched, `match` says how."""

    kind: str
    id: UUID
    name: str
    alias: str
    stock_code: str | None
    match: str


class Referral(Answer):
    """`to_firm` was recommended to `bank` by `from_firm`."""

    id: UUID
    from_firm: Party
    to_firm: Party
    bank: Party
    branch: str | None
    confidence: float
    first_seen: datetime
    evidence: list[Evidence]


class Chain(Answer):
    """Firms that recommended one another to a bank, the first to the last; `referrals` are the steps between them."""

    bank: Party
    firms: list[Party]
    referrals: list[UUID]
