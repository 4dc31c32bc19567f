"""What goes in and out of `/v1/articles`."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.pagination import PageQuery
from api.schemas import In, Moment, MomentIn, Out, examples

MOST_ITEMS = 1000
EXAMPLE: dict[str, Any] = {
    "title": "一笔科创贷的故事",
    "text": "日前，工商银行苏州分行向示例机器人股份有限公司发放科创贷3000万元，期限两年。",
    "url": "https://news.example.com/1",
    "published": "2026-03-01T00:30:00+08:00",
    "source": "示例财经",
    "author": "张三",
    "quiet": False,
}


class ArticleIn(In):
    """An article to be read. `published` is an ISO date or date-time, in China's time where it names no offset.

    `quiet` updates the history without alerting anyone. `text` has 1 to 5,000,000 characters, `title` at most 1,000.
    """

    model_config = examples(EXAMPLE)

    title: str = ""
    text: str
    url: str | None = None
    published: MomentIn | None = None
    source: str | None = Field(None, max_length=200)
    author: str | None = Field(None, max_length=200)
    quiet: bool = False


class PushResultOut(Out):
    """What became of one pushed article. `id` is the stored one's; of a duplicate, the one that was there before.

    `reason` says what it is a duplicate of, why it was rejected, or that its text was stored in the place of an earlier
    one's.
    """

    number: int = Field(description="Its place in the request, from 0")
    status: Literal["stored", "duplicate", "rejected"]
    id: UUID | None
    reason: str | None


class PushOut(Out):
    """What became of each pushed article, in their order."""

    stored: int
    duplicate: int
    rejected: int
    items: list[PushResultOut]


class ArticleBrief(Out):
    """An article without its text. `state` is open while it waits to be read, then done or failed.

    `forgotten_at`: since when its text is not kept any more.
    """

    id: UUID
    title: str
    url: str | None
    source: str | None
    source_id: UUID | None
    author: str | None
    published: Moment | None
    fetched_at: Moment
    quiet: bool
    state: Literal["open", "done", "failed"]
    reason: str | None
    forgotten_at: Moment | None


class FieldSpan(Out):
    """Characters `start` to `end` of the article's text prove a field of the event; bank is told with its branch."""

    field: Literal["bank", "firm", "amount", "instrument", "date", "term_months"]
    start: int
    end: int


class Span(Out):
    """Where the article tells an event: `quote` is characters `start` to `end` of its text.

    `spans` may stand outside of it, and are none where an earlier version of Yinqi read the article.
    """

    event_id: UUID
    quote: str
    start: int
    end: int
    confidence: float
    spans: list[FieldSpan]


class MentionOut(Out):
    """A bank or firm standing in the article, at its first place in `where` (title or text)."""

    kind: Literal["bank", "firm"]
    name: str
    id: UUID
    where: str
    start: int
    end: int


class ReprintOut(Out):
    """A further place at which the article stands: under another address, headline or byline, maybe cut."""

    source_name: str | None
    url: str | None
    title: str
    published: Moment | None


class RevisionOut(Out):
    """What an article said before it was corrected; `number` counts from 1, the first version.

    `text` is null where it is not kept any more.
    """

    number: int
    title: str
    text: str | None
    published: Moment | None
    replaced_at: Moment


class RevisionList(Out):
    """An article's earlier versions, the first one first."""

    items: list[RevisionOut]


class ArticleOut(ArticleBrief):
    """An article with its text, the spans that tell events, and who stands in it.

    `revision` counts its versions: 1 where it was never corrected. `text` is null where it is not kept any more; the
    quotes in `evidence` stay.
    """

    text: str | None
    revision: int
    reprints: list[ReprintOut]
    evidence: list[Span]
    mentions: list[MentionOut]


class ArticleQuery(PageQuery):
    """Filters of `/v1/articles`."""

    source: UUID | None = Field(None, description="Id of the source")
    state: Literal["open", "done", "failed"] | None = None
    since: MomentIn | None = Field(None, description="Collected then or later; ISO date or date-time")
