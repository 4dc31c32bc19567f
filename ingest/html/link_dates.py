"""The date beside a link: in its item, after it, before it, in its words or its address; and the years left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from ingest.html.anchors import Anchor, pieces
from ingest.html.dates import Told, date_in_url, find_compact, find_date, find_parts, find_short

_LONGEST = 45  # characters of a piece of text that tells a date; in a longer one a date is part of what is told
_MOST_PIECES = 40
_MOST_BESIDE = 6  # elements after an item, or before it, that may hold its date
_OPEN = re.compile(r"^[\[【(（\s]*")
_IN_TITLE = re.compile(
    r"\s*[\[【(（]?\s*(?:(?:19|20)\d\d\s?[-/.年]\s?)?[01]?\d\s?[-/.月]\s?[0-3]?\d\s?日?(?:\s\d{1,2}:\d\d(?::\d\d)?)?\s*[\]】)）]?\s*"
)


@dataclass(slots=True)
class Entry:
    """One link of a list: its item is the largest element that holds no other link of the list."""

    anchor: Anchor
    item: HtmlElement
    title: str
    date: Told | None = None
    seen: bool = False  # the date stands on the page, not in the address alone


def date_entries(entries: Sequence[Entry], holds: dict[HtmlElement, int]) -> None:
    """Give each entry the date that stands with it; `holds` says which elements hold links of the list."""
    inside = [_in_item(entry) for entry in entries]
    after = [_first(_beside(entry.item, holds, back=False)) for entry in entries]
    before = [_first(_beside(entry.item, holds, back=True)) for entry in entries]
    beside = after if sum(map(bool, after[-1:] + after)) >= sum(map(bool, before[:1] + before)) else before
    for entry, own, other in zip(entries, inside, beside, strict=True):
        told = own or other or _at_title(entry)
        linked = date_in_url(entry.anchor.url)
        entry.seen = told is not None
        entry.date = _with_year(told, linked) or linked


def complete_years(entries: Sequence[Entry], others: Sequence[Told]) -> None:
    """Give dates without a year the newest one that agrees with the list's other dates, else with `others`.

    Lists run from new to old: going down, a later day of the year is one of the year before. Where nothing tells a
    year, there is none: a clock would say which year it is now, but not which year an old page means.
    """
    whole = [entry.date for entry in entries if entry.date and entry.date.year] or list(others)
    if not whole:
        return
    last = max((date.year or 0, date.month, date.day) for date in whole)
    for entry in entries:
        if entry.date is None:
            continue
        if entry.date.year is None:
            year = last[0] - ((entry.date.month, entry.date.day) > (last[1], last[2] + 1))
            entry.date = entry.date._replace(year=year)
        if entry.seen:
            last = (entry.date.year or 0, entry.date.month, entry.date.day)


def _with_year(told: Told | None, linked: Told | None) -> Told | None:
    """A date without a year takes that of an address which names the same day."""
    if told and told.year is None and linked and (told.month, told.day) == (linked.month, linked.day):
        return told._replace(year=linked.year)
    return told


def _in_item(entry: Entry) -> Told | None:
    """A date in the item outside of the title."""
    told = [piece for piece in islice(pieces(entry.item), _MOST_PIECES) if piece != entry.title]
    machine = (element.get("datetime") or "" for element in islice(entry.item.iter("time"), _MOST_BESIDE))
    return next(filter(None, map(find_date, machine)), None) or _first(told)


def _first(told: Sequence[str]) -> Told | None:
    """The date in short pieces of text: a whole one, one in parts, then one without a year."""
    short = [piece for piece in told if 0 < len(piece) <= _LONGEST]
    bare = [piece.strip(" []()【】（）/|·-") for piece in short]
    for read in (find_date, find_compact):
        if found := next(filter(None, map(read, short)), None):
            return found
    return find_parts(bare) or next(filter(None, map(find_short, (piece for piece in bare if len(piece) <= 20))), None)


def _beside(item: HtmlElement, holds: dict[HtmlElement, int], *, back: bool) -> list[str]:
    """Text after an item, or before it, up to the next that holds a link of the list."""
    told: list[str] = []
    if not back and item.tail and not item.tail.isspace():
        told.append(" ".join(item.tail.split()))
    for sibling in islice(item.itersiblings(preceding=back), _MOST_BESIDE):
        if back and sibling.tail and not sibling.tail.isspace():
            told.append(" ".join(sibling.tail.split()))
        if holds.get(sibling):
            break
        told += islice(pieces(sibling), _MOST_PIECES)
        if not back and sibling.tail and not sibling.tail.isspace():
            told.append(" ".join(sibling.tail.split()))
    return told


def _at_title(entry: Entry) -> Told | None:
    """A date at the beginning or the end of the link's own words, which then is no part of the title."""
    whole = " ".join(" ".join(pieces(entry.anchor.element)).split())
    for title in (entry.title, whole):
        for found in _ends(title):
            told = find_date(found[0]) or find_short(found[0])
            rest = (title[: found.start()] + title[found.end() :]).strip()
            if (
                told
                and (told.year or "[" in found[0] or "(" in found[0] or "（" in found[0] or "【" in found[0])
                and rest
            ):
                entry.title = rest if title == entry.title else entry.title
                return told
    return None


def _ends(title: str) -> Iterator[re.Match[str]]:
    if found := _IN_TITLE.match(title):
        yield found
    for start in (found.start() for found in re.finditer(r"[\[【(（\s]", title[-24:])):
        at = max(0, len(title) - 24) + start
        if found := _IN_TITLE.fullmatch(title, at):
            yield found
