"""The story of extraction: an article is read from its characters up to its events. Pure: no database, clock or I/O."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from extractor import assemble
from extractor.cues import worth_reading
from extractor.frames import propose
from extractor.identity import Firm, identify
from extractor.lexicon import Lexicon
from extractor.memory import remember
from extractor.mentions import Marks, mentions
from extractor.model import Extraction
from extractor.normalise import normalise
from extractor.page import Page
from extractor.seen import seen

ENGINE_VERSION = "1"
_CHINA = ZoneInfo("Asia/Shanghai")


def extract(*, title: str, text: str, published: date | datetime | None, lexicon: Lexicon) -> Extraction:
    """Read one article.

    `published` is the day that 今年 and 近日 lean on: a datetime is read in Asia/Shanghai, a date as it is, and with
    None relative dates stay null. Any string is answered, in time linear in its length; nothing is raised.
    """
    head = Page(normalise(title), lexicon, _day(published))
    page = Page(normalise(text), lexicon, _day(published))
    if not worth_reading(page.text):
        return Extraction((), tuple(seen(head, "title") + seen(page, "text")))
    head_marks, marks = mentions(head), mentions(page)
    firms, short = identify(page.text, marks.names, lexicon)
    marks = Marks(tuple(sorted([*marks.names, *short], key=lambda mark: mark.start)), marks.rest)
    scenes = remember(page, marks, firms, _title_firm(head, head_marks, firms, page.text))
    drafts = assemble.merge(assemble.drafts(propose(scenes), marks))
    events = tuple(assemble.event(draft, page.folded) for draft in drafts)
    return Extraction(events, tuple(seen(head, "title") + seen(page, "text", marks, firms)))


def _day(published: date | datetime | None) -> date | None:
    if isinstance(published, datetime):
        return published.astimezone(_CHINA).date() if published.tzinfo else published.date()
    return published


def _title_firm(head: Page, marks: Marks, firms: dict[int, Firm], text: str) -> Firm | None:
    """The one firm that the title names, if the text names it too."""
    told = {head.text[mark.start : mark.end] for mark in marks.names if mark.kind in ("firm", "short_firm", "brand")}
    if len(told) != 1:
        return None
    name = told.pop()
    return next((firm for firm in firms.values() if any(name in known for known in firm.names)), None)
