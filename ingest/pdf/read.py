"""The story of a PDF: open -> pages -> lines -> a report's one text, or each page's stories -> joined over pages."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.errors import BadArticle, NothingFound, Unreadable
from ingest.pdf.dates import read_date, read_made
from ingest.pdf.document import MOST_PAGES, Document
from ingest.pdf.lines import Line, read_lines
from ingest.pdf.marks import Sheet
from ingest.pdf.page import Page, Told, read_page
from ingest.pdf.report import is_report, read_report

_UNKNOWN = 0.5  # of a PDF's characters: where more cannot be told, there is no text
_LEAST = 10  # characters on a page, on average, below which it is a scan
_MOST = 5_000_000  # characters of a PDF; the longest annual reports have about a million
_SHOWN = 40  # characters of a title in a problem
_DATE_LINES = 6  # at a report's end and beginning, among which a line that is but a date tells when it appeared


@dataclass(frozen=True, slots=True)
class Contents:
    """What a PDF tells: stories in order, when it appeared, and what could not be read of it."""

    stories: list[Told]
    published: datetime | None
    problems: list[str] = field(default_factory=list)


def read_pdf(content: bytes, name: str, zone: ZoneInfo) -> Contents:
    """The stories of a PDF; Unreadable, NothingFound or BadArticle say by `name` why there are none."""
    problems: list[str] = []
    with closing(Document(content, name)) as document:
        pages = _pages(document, problems, name)
        made, count = document.made, document.count
    if count > MOST_PAGES:
        problems.append(f"the PDF has {count:,} pages; the first {MOST_PAGES} were read")
    if is_report([(sheet, lines) for _, sheet, lines in pages]):
        title, text = read_report([(sheet, lines) for _, sheet, lines in pages])
        dated = next(filter(None, (_only_date(one, zone) for one in _edges(text))), None)
        return Contents([Told(title, [], text, 1)], dated or read_made(made, zone), problems)
    read = [read_page(sheet, lines, at) for at, sheet, lines in pages]
    problems += [page.problem for page in read if page.problem]
    stories, lost = _joined(read)
    dated = next(filter(None, (read_date(page.masthead, zone) for page in read)), None)
    return Contents(stories, dated or read_made(made, zone), problems + lost)


def _pages(document: Document, problems: list[str], name: str) -> list[tuple[int, Sheet, list[Line]]]:
    """The pages' lines, page by page, so that never more than one page's characters are held."""
    pages = []
    told = unknown = 0
    for at, sheet in enumerate(document.sheets(), start=1):
        if sheet is None:
            problems.append(f"page {at} is broken")
            continue
        told += len(sheet.glyphs)
        unknown += sheet.unknown
        if told > _MOST:
            raise BadArticle(f"{name}: the PDF has more than {_MOST:,} characters")
        pages.append((at, replace(sheet, glyphs=[]), read_lines(sheet.glyphs, sheet.vertical)))
    _check(told, unknown, len(pages), name)
    return pages


def _check(told: int, unknown: int, pages: int, name: str) -> None:
    """Whether there is text: NothingFound for scans, Unreadable for fonts that do not say what their glyphs mean."""
    if unknown > _UNKNOWN * max(told, 1):
        raise Unreadable(f"{name}: the PDF holds unknown glyphs, no text ({unknown:,} of {told:,} cannot be told)")
    if told < _LEAST * pages or not pages:
        raise NothingFound(f"{name}: the PDF holds pictures, no text ({told:,} characters on {pages:,} pages)")


def _joined(pages: Sequence[Page]) -> tuple[list[Told], list[str]]:
    """The stories, each with what is told of it on later pages; and those whose other part is not there."""
    stories = [story for page in pages for story in page.stories]
    labels = {at: page.label for at, page in enumerate(pages, start=1)}
    gone: set[int] = set()
    problems = []
    for at, story in enumerate(stories):
        while story.to and at not in gone:
            rest = (i for i, one in enumerate(stories) if i != at and i not in gone and _meets(story, one, labels))
            other = next(rest, None)
            if other is None:
                problems.append(f"{story.title[:_SHOWN]}: goes on on page {story.to}, which is not in this PDF")
                break
            _append(story, stories[other])
            gone.add(other)
    return [one for at, one in enumerate(stories) if at not in gone], problems


def _meets(story: Told, other: Told, labels: dict[int, str]) -> bool:
    """Whether a story goes on in another: the one names the other's page, and the other names its."""
    if not other.source or other.page == story.page:
        return False
    return _same(story.to, labels.get(other.page, "")) and _same(other.source, labels.get(story.page, ""))


def _same(one: str, other: str) -> bool:
    """Whether two labels are of one page: A02 and 2 are where one of them has no letter."""
    if not one or not other:
        return True
    bare = one.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ0"), other.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ0")
    return bare[0] == bare[1] and (one[0] == other[0] or not one[0].isalpha() or not other[0].isalpha())


def _append(story: Told, other: Told) -> None:
    """Add what a later page tells; a paragraph that the page's end cut in two is put together again."""
    last = story.paragraphs[-1] if story.paragraphs else ""
    rest = other.paragraphs
    if last and rest and last[-1] not in "。！？”…":
        story.paragraphs[-1] = last + rest[0]
        rest = rest[1:]
    story.paragraphs += rest
    story.authors += [one for one in other.authors if one not in story.authors]
    story.to, story.page = other.to, other.page


def _edges(text: Sequence[str]) -> list[str]:
    return [*text[:_DATE_LINES], *reversed(text[-_DATE_LINES:])]


def _only_date(line: str, zone: ZoneInfo) -> datetime | None:
    """The date of a line that holds hardly anything else."""
    return read_date(line, zone) if len(line) <= 24 and "。" not in line else None
