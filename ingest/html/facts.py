"""What a page tells of its article besides the text: title, time, author and source.

First what the page says to machines (meta elements as China's rules for government sites name them, Open Graph,
JSON-LD), then its labels (来源：, 发布时间：), then where such things stand: near the title, in the address.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from lxml.html import HtmlElement

from ingest.html.dates import Told, date_in_url, find_date
from ingest.html.furniture import label
from ingest.html.lines import Line
from ingest.html.titles import read_title
from ingest.html.tree import Page
from ingest.html.words import facts

_NEAR = 8  # lines after the title in which its time stands
_SECONDS = 10  # digits of a moment in seconds since 1970
_LONGEST = 200  # characters of a line that tells facts; a longer one is a paragraph
_NO_NAME = re.compile(r"[@/]|\d{3}")
_OFFICE = re.compile(
    r"^(?:本报|本刊|本网|特约|实习|见习|通讯员|全媒体|首席|[\u4e00-\u9fff]{2,8}?(?=记者))*(?:记者|通讯员|記者)\s*"
)
_PERSON = r"(?!通讯员|报道|報道|摄影)[\u4e00-\u9fff·]{2,4}"
_BYLINE = re.compile(
    rf"[（(【][\u4e00-\u9fff]{{0,8}}(?:记者|記者)\s?[:：]?\s?(?P<value>{_PERSON}(?:[ 　、]{_PERSON}){{0,3}})"
    r"(?:\s?(?:通讯员|報道|报道|文)[^）)】]{0,20})?[）)】]"
)
_BYLINE_LINE = re.compile(
    r"^[\W_]*(?:本报|本刊|本网)?(?:全媒体)?(?:见习|实习|特约|首席)?(?:记者|記者)[\s:：/|]+"
    rf"(?P<value>{_PERSON}(?:[ 、]{_PERSON}){{0,3}})"
)
_BYLINE_WITHIN = 80  # characters from the start or the end of a paragraph


@dataclass(frozen=True, slots=True)
class Facts:
    """Title ("" where none is found), time in UTC, author and source as told."""

    title: str
    published: datetime | None
    author: str | None
    source_name: str | None


def read_facts(page: Page, lines: Sequence[Line], paragraphs: Sequence[str], zone: ZoneInfo) -> Facts:
    """The facts of a page's article, whose text is `paragraphs`."""
    metas, linked = _metas(page.root), list(_linked(page.root))
    title = read_title(page.root, lines, [*_told(metas, linked, "title")], paragraphs)
    short = [line.apart for line in lines if len(line.text) <= _LONGEST]
    return Facts(
        title=title,
        published=_published(page, metas, linked, short, title, zone),
        author=_author(metas, linked, short, paragraphs),
        source_name=_source(metas, short),
    )


def _metas(root: HtmlElement) -> dict[str, str]:
    """What meta elements tell, by name, property or itemprop in small letters; the first that says something counts."""
    told: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
        content = " ".join((element.get("content") or "").split())
        if name and content:
            told.setdefault(name, content)
    return told


def _linked(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD that are articles."""
    for script in root.iterfind(".//script[@type='application/ld+json']"):
        try:
            read = orjson.loads((script.text or "").strip())
        except orjson.JSONDecodeError:
            continue
        graph = read.get("@graph", read) if isinstance(read, dict) else read
        for one in graph if isinstance(graph, list) else [graph]:
            if isinstance(one, dict) and ("headline" in one or "datePublished" in one):
                yield one


def _told(metas: dict[str, str], linked: Sequence[dict[str, Any]], fact: str) -> Iterator[str]:
    yield from (metas[name] for name in facts(fact, "meta") if name in metas)
    for one in linked:
        for key in facts(fact, "ld"):
            value = one.get(key)
            value = value[0] if isinstance(value, list) and value else value
            value = value.get("name") if isinstance(value, dict) else value
            if isinstance(value, str) and value.strip():
                yield " ".join(value.split())


def _labelled(lines: Sequence[str], fact: str) -> Iterator[str]:
    """What stands after a label of this fact, in the order of the page."""
    for line in lines:
        for found in label(fact).finditer(line):
            if value := found["value"].strip(" 　、，,/"):
                yield value


def _published(
    page: Page,
    metas: dict[str, str],
    linked: Sequence[dict[str, Any]],
    lines: Sequence[str],
    title: str,
    zone: ZoneInfo,
) -> datetime | None:
    """The first date told; of those of the same day the first that tells the hour too."""
    near = list(_near_title(lines, title))
    places = [*_told(metas, linked, "published"), *_labelled_lines(near), *near, *_labelled_lines(lines)]
    dates: list[Told] = [date for date in map(find_date, places) if date]
    if in_url := date_in_url(page.base):
        dates.append(in_url)
    timed = [date for date in dates if date.moment(zone)]
    if not timed:
        return _scripted(page.source, zone)
    day = timed[0][:3]
    return next((date for date in timed if date[:3] == day and date.hour is not None), timed[0]).moment(zone)


def _scripted(source: str, zone: ZoneInfo) -> datetime | None:
    """The time that a script of the page holds, in seconds since 1970 or as a date."""
    words = "|".join(map(re.escape, facts("published", "script")))
    for found in re.finditer(rf"""\b(?:{words})["']?\s?[=:]\s?["']?(?P<value>[\d\-/: ]{{10,19}})\b""", source):
        value = found["value"].strip()
        if value.isdigit() and len(value) == _SECONDS:
            return datetime.fromtimestamp(int(value), UTC)
        if date := find_date(value):
            return date.moment(zone)
    return None


def _labelled_lines(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if found := label("published").search(line):
            yield line[found.start("value") :]


def _near_title(lines: Sequence[str], title: str) -> Iterator[str]:
    """The lines after each telling of the title, up to the first sentence: a date in the text is another's."""
    folded = "".join(title.split())
    for at, line in enumerate(lines):
        if folded and "".join(line.split()) == folded:
            yield from takewhile(lambda told: "。" not in told, lines[at + 1 : at + 1 + _NEAR])


def _author(
    metas: dict[str, str], linked: Sequence[dict[str, Any]], lines: Sequence[str], paragraphs: Sequence[str]
) -> str | None:
    for told in (*_labelled(lines, "author"), *_bylines(lines, paragraphs), *_told(metas, linked, "author")):
        name = _OFFICE.sub("", told).strip(" 　()（）【】[]:：")
        if name and not _NO_NAME.search(name) and name.lower() not in facts("author", "not"):
            return name
    return None


def _bylines(lines: Sequence[str], paragraphs: Sequence[str]) -> Iterator[str]:
    """Reporters named where a text begins, in its second paragraph, where it ends, or in a line of their own."""
    places = [*(one[:_BYLINE_WITHIN] for one in paragraphs[:2]), *(one[-_BYLINE_WITHIN:] for one in paragraphs[-1:])]
    yield from (found["value"] for place in places if (found := _BYLINE.search(place)))
    yield from (found["value"] for line in lines if len(line) < _BYLINE_WITHIN and (found := _BYLINE_LINE.match(line)))


def _source(metas: dict[str, str], lines: Sequence[str]) -> str | None:
    for told in (*_told(metas, [], "source"), *_labelled(lines, "source")):
        name = label("source").sub(r"\g<value>", told).strip(" 　()（）【】[]:：《》")
        if name and not name.isdigit() and name not in facts("source", "not"):
            return name
    return None
