"""The story of extraction: an article is read from its characters up to its events. Pure: no database, clock or I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from extractor import assemble, indicators
from extractor import referrals as recommending
from extractor.cues import worth_reading
from extractor.frames import Frame, frames
from extractor.identity import Firm, identify
from extractor.indicators import Indicator
from extractor.lexicon import Lexicon
from extractor.memory import remember
from extractor.mentions import Marks, mentions
from extractor.model import Event, Extraction, Mention, Referral
from extractor.normalise import normalise
from extractor.page import Page
from extractor.scene import Scene
from extractor.seen import seen
from extractor.topic import topic

ENGINE_VERSION = "1"
_PART = 40_000
"""Characters read at once. The longest gold article has 2,000; a newspaper page some 15,000."""
_CHINA = ZoneInfo("Asia/Shanghai")
Heard = Callable[[Extraction], object]
"""Who is told what an article tells as far as it is read."""


def _nobody(_: Extraction) -> None:
    """Nobody is told."""


def extract(
    *, title: str, text: str, published: date | datetime | None, lexicon: Lexicon, heard: Heard = _nobody
) -> Extraction:
    """Read one article.

    `published` is the day that 今年 and 近日 lean on: a datetime is read in Asia/Shanghai, a date as it is, and with
    None relative dates stay null. Any string is answered, in time linear in its length; nothing is raised.
    `heard` is told the events and mentions of an article before its figures and referrals are read, which nobody waits
    for; it is not told those of a very long one, which is read in parts.
    """
    head = Page(normalise(title), lexicon, _day(published))
    events: list[Event] = []
    figures: list[Indicator] = []
    found: list[Mention] = seen(head, "title")
    referred: list[Referral] = []
    for start, part in parts(text):
        reading = _read(head, part)
        if start == 0 and len(part) == len(text):
            return _extract_part(reading, found, heard)
        told = _extract_part(reading)
        events += (event.moved(start) for event in told.events)
        found += (replace(mention, start=mention.start + start, end=mention.end + start) for mention in told.mentions)
        figures += (replace(one, start=one.start + start, end=one.end + start) for one in told.indicators)
        referred += (replace(one, start=one.start + start, end=one.end + start) for one in told.referrals)
    return Extraction(tuple(events), tuple(found), tuple(figures), tuple(referred))


def parts(text: str) -> Iterator[tuple[int, str]]:
    """A text whole, or a very long one in parts cut at line ends, each with its start: time and memory stay bounded."""
    start = 0
    while len(text) - start > _PART:
        line_end = text.rfind("\n", start + _PART // 2, start + _PART)
        end = line_end + 1 if line_end > 0 else start + _PART
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _extract_part(reading: Reading, found: Sequence[Mention] = (), heard: Heard = _nobody) -> Extraction:
    """The second half of the story: from the mentions to events and figures. `found` are mentions of the title."""
    page = reading.page
    if reading.marks is None:
        return Extraction((), (*found, *seen(page, "text")), indicators.of_page(page))
    scenes = reading.scenes()
    drafts = assemble.merge(assemble.drafts(assemble.chosen(frames(scenes))))
    events = tuple(assemble.event(draft, page.folded) for draft in drafts)
    told = Extraction(events, (*found, *seen(page, "text", reading.marks, reading.firms)))
    heard(told)
    referred = tuple(_referrals(reading, scenes)) if recommending.may_tell(page.text) else ()
    return replace(told, indicators=indicators.of_scenes(page, scenes), referrals=referred)


def _referrals(reading: Reading, scenes: list[Scene]) -> Iterator[Referral]:
    """Who recommended whom, in the article's own signs."""
    folded = reading.page.folded
    for found in recommending.referrals(scenes):
        (who, others), (whom, its) = (assemble.names(firm, folded) for firm in (found.recommender, found.recommended))
        if who is not None and whom is not None:
            quote, start, end = assemble.quoted(folded, found.start, found.end)
            yield Referral(who, others, whom, its, found.bank, found.branch, quote, start, end, found.sure)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article read up to its mentions; `marks` is None for one that the first look put aside."""

    head: Page
    page: Page
    marks: Marks | None
    firms: dict[int, Firm]
    title_firm: Firm | None

    def scenes(self) -> list[Scene]:
        """The sentences with all that is meant in them."""
        if self.marks is None:
            return []
        return list(remember(self.page, self.marks, self.firms, self.title_firm, topic(self.marks)))

    def frames(self) -> Iterator[Frame]:
        """Everything in the article that may tell a grant."""
        yield from frames(self.scenes())

    def name(self, firm: Firm) -> str | None:
        """The fullest name of a firm in the article's own signs."""
        return assemble.names(firm, self.page.folded)[0]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a training tool hands over in place of what was learnt from the very article it reads.

    `tagged` are the tagger's marks (start, end, probability), `weights` the name judge's.
    """

    tagged: tuple[tuple[int, int, float], ...]
    weights: Mapping[str, float]


def read(
    title: str, text: str, published: date | datetime | None, lexicon: Lexicon, hearing: Hearing | None = None
) -> Reading:
    """The first half of the story: characters, blocks, sentences, mentions, and which names are one firm."""
    return _read(Page(normalise(title), lexicon, _day(published)), text, hearing)


def _read(head: Page, text: str, hearing: Hearing | None = None) -> Reading:
    lexicon = head.lexicon
    page = Page(normalise(text), lexicon, head.published, head.text, hearing.tagged if hearing else None)
    if not worth_reading(page.text):
        return Reading(head, page, None, {}, None)
    marks = mentions(page, hearing.weights if hearing else None)
    firms, short = identify(page.text, marks.names, lexicon)
    marks = Marks(tuple(sorted([*marks.names, *short], key=lambda mark: mark.start)), marks.rest)
    return Reading(head, page, marks, firms, _title_firm(head, firms))


def _day(published: date | datetime | None) -> date | None:
    if isinstance(published, datetime):
        return published.astimezone(_CHINA).date() if published.tzinfo else published.date()
    return published


def _title_firm(head: Page, firms: dict[int, Firm]) -> Firm | None:
    """The one firm of the text that the title names, by any of its names."""
    named = {id(firm): firm for firm in firms.values() if any(name in head.text for name in firm.names)}
    return next(iter(named.values())) if len(named) == 1 else None
