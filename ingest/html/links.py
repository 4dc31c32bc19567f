"""The list on a page: of all groups of links that stand in like places, the one that looks most like a list of news.

A group is told by the path of its links' elements. It counts for more the longer it is, the more of its links have a
date beside them, titles as long as headlines, addresses of articles, and the site's own host; for less where it stands
in navigation, beside the list, or in prose.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from ingest.html.anchors import Anchor, anchors
from ingest.html.dates import Told, find_date, find_year
from ingest.html.lines import names_of, read_lines
from ingest.html.link_dates import Entry, complete_years, date_entries
from ingest.html.tree import Page
from ingest.html.words import patterns

_LEAST = 2  # links make a group
_WEIGHTS = {"date": 0.4, "title": 0.25, "address": 0.15, "host": 0.1, "own": 0.1}
_FULL = 8  # links from which on a group's length adds nothing to its score
_INLINE = frozenset({"font", "b", "strong", "em", "i", "u", "big", "small", "mark", "center", "tbody"})
_UNNAMED = frozenset({"li", "tr", "dl", "dt", "dd", "ul", "ol", "body", "html", "table"})
_ITEMS = frozenset({"li", "tr"})
_COLUMN = 8  # characters of a column's name at most
_MOSTLY = 0.6  # share of dated links from which on a short one without a date is none of the list
_NUMBER = re.compile(r"\d{4,}|\d+\.s?html?$|[?&]\w*id=\w+|/20\d\d", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_SENTENCE = re.compile(r"[。；]")


@dataclass(frozen=True, slots=True)
class LinkList:
    """The entries of a list in the order of the page, and from 0 to 1 how much it looks like a list of articles."""

    entries: tuple[Entry, ...]
    score: float


def find_list(page: Page) -> LinkList:
    """The list that a page is about; without entries where no group of links looks like one."""
    told = anchors(page.root, page.base)
    groups = [_entries(group) for group in _groups(told) if len(group) >= _LEAST]
    scored = [(_score(group, page.base), group) for group in groups]
    scored += [(_score(group, page.base), group) for group in map(_entries, _columns(groups, told)) if _is_whole(group)]
    if not scored:
        return LinkList((), 0.0)
    best, entries = max(scored, key=lambda pair: pair[0] * math.log2(1 + min(len(pair[1]), 30)))
    entries = _with_siblings(entries, told)
    return _finish(page, entries, best)


def links_of(page: Page, chosen: Iterable[Anchor]) -> LinkList:
    """The list that a selector names."""
    return _finish(page, _entries(list(chosen)), 1.0)


def _finish(page: Page, entries: Sequence[Entry], score: float) -> LinkList:
    if any(entry.date and entry.date.year is None for entry in entries):
        complete_years(entries, _dates_on(page))
    once = {entry.anchor.url: entry for entry in reversed(entries)}
    return LinkList(tuple(entry for entry in entries if once[entry.anchor.url] is entry), score)


def _groups(told: Sequence[Anchor]) -> list[list[Anchor]]:
    """Anchors by the path from the root to them; no address twice in a group."""
    paths: dict[HtmlElement | None, int] = {None: 0}
    numbers: dict[tuple[int, str], int] = {}
    groups: dict[int, dict[str, Anchor]] = defaultdict(dict)
    for one in told:
        chain = [one.element, *one.element.iterancestors()]
        for element in reversed(chain):
            if element not in paths:
                step = (paths[element.getparent()], _step(element))
                paths[element] = step[0] if not step[1] else numbers.setdefault(step, len(numbers) + 1)
        groups[paths[one.element]].setdefault(one.url, one)
    return [_without_columns(list(group.values())) for group in groups.values()]


def _without_columns(group: list[Anchor]) -> list[Anchor]:
    """Without the short links that stand in a list's item before its title: the column or place it is of."""
    longest: dict[HtmlElement, int] = defaultdict(int)
    items = [next(one.element.iterancestors("li", "tr", "dd", "p"), one.element) for one in group]
    for one, item in zip(group, items, strict=True):
        longest[item] = max(longest[item], len(one.title))
    pairs = zip(group, items, strict=True)
    return [one for one, item in pairs if len(one.title) > _COLUMN or len(one.title) >= 0.6 * longest[item]]


def _columns(groups: Sequence[Sequence[Entry]], told: Sequence[Anchor]) -> list[list[Anchor]]:
    """Groups that stand in different cells of the same rows, together: a list may have two columns."""
    tables: dict[frozenset[HtmlElement], set[HtmlElement]] = defaultdict(set)
    for group in groups:
        if sum(_like_title(entry.title) for entry in group) > 0.7 * len(group):
            rows = frozenset(entry.item.getparent() for entry in group if entry.item.tag == "tr")
            tables[rows].update(entry.anchor.element for entry in group)
    return [[one for one in told if one.element in chosen] for rows, chosen in tables.items() if rows]


def _is_whole(group: Sequence[Entry]) -> bool:
    """Whether nearly each entry has a date of its own."""
    return sum(entry.seen for entry in group) >= 0.9 * len(group)


def _step(element: HtmlElement) -> str:
    """An element's part of a path: its tag and first class, cells by their place; "" for mere formatting."""
    tag = element.tag
    if tag in _INLINE:
        return ""
    if tag in {"td", "th"}:
        return f"{tag}:{sum(1 for _ in element.itersiblings('td', 'th', preceding=True))}"
    if tag in _UNNAMED and tag not in {"ul", "table"}:
        return str(tag)
    name = (element.get("class") or "").split()[:1] or [element.get("id") or ""]
    return f"{tag}.{_DIGITS.sub('', name[0])}"


def _entries(group: Sequence[Anchor]) -> list[Entry]:
    """Each link with its item and its date."""
    holds: dict[HtmlElement, int] = defaultdict(int)
    for one in group:
        holds[one.element] += 1
        for ancestor in one.element.iterancestors():
            holds[ancestor] += 1
    entries = [Entry(one, _item(one.element, holds), one.title) for one in group]
    date_entries(entries, holds)
    if sum(entry.seen for entry in entries) < _MOSTLY * len(entries):
        return entries
    return [entry for entry in entries if entry.seen or len(entry.title) > _COLUMN]  # a menu of the same build


def _item(element: HtmlElement, holds: dict[HtmlElement, int]) -> HtmlElement:
    """The largest element around a link that holds no other link of its group, an item of a list or a row at most."""
    for ancestor in element.iterancestors():
        if holds[ancestor] > 1 or ancestor.tag in {"body", "html"}:
            break
        element = ancestor
        if ancestor.tag in _ITEMS:
            break
    return element


def _with_siblings(entries: Sequence[Entry], told: Sequence[Anchor]) -> list[Entry]:
    """The group and what stands between its items in another way: a link marked as new, or pinned to the top."""
    items = {entry.item for entry in entries}
    parents = {item.getparent(): item.tag for item in items}
    have = {entry.anchor.url for entry in entries}
    found: dict[HtmlElement, Anchor] = {}
    for one in told:
        for element in (one.element, *one.element.iterancestors()):
            if element in items:
                break
            if parents.get(element.getparent()) == element.tag and element.tag != "a":
                if one.url not in have and len(one.title) > len(found[element].title if element in found else ""):
                    found[element] = one
                break
    if not found:
        return list(entries)
    order = {one.element: at for at, one in enumerate(told)}
    more = [entry for entry in _entries(list(found.values())) if entry.seen]
    return sorted([*entries, *more], key=lambda entry: order[entry.anchor.element])


def _score(entries: Sequence[Entry], base: str) -> float:
    count = len(entries)
    host = urlsplit(base).hostname
    shares = {
        "date": sum(1.0 if entry.seen else 0.6 for entry in entries if entry.date) / count,
        "title": sum(_like_title(entry.title) for entry in entries) / count,
        "address": sum(bool(_NUMBER.search(entry.anchor.url)) for entry in entries) / count,
        "host": sum(urlsplit(entry.anchor.url).hostname == host for entry in entries) / count,
        "own": 0.0 if _is_beside(entries[0].anchor.element) else 1.0,
    }
    score = sum(_WEIGHTS[name] * share for name, share in shares.items())
    return score * min(1.0, 0.5 + count / (2 * _FULL)) * (1.0 if shares["title"] > 0.3 else 0.5)


def _like_title(title: str) -> float:
    """How much a link's words look like a headline: neither a menu's word nor a sentence."""
    length = len(title)
    if _SENTENCE.search(title[:-1]) or length > 90:
        return 0.2
    return min(1.0, max(0.0, (length - 3) / 9))


def _is_beside(element: HtmlElement) -> bool:
    side = patterns("lists.txt", "side")
    for ancestor in element.iterancestors():
        if ancestor.tag in {"nav", "aside", "footer", "header"}:
            return True
        if ancestor.tag not in {"body", "html"} and side.search(names_of(ancestor)):
            return True
    return False


def _dates_on(page: Page) -> list[Told]:
    """The whole dates that stand anywhere on the page, else the years that are lines of their own."""
    lines = [line.text for line in read_lines(page.root) if len(line.text) < 60]
    return list(filter(None, map(find_date, lines))) or list(filter(None, map(find_year, lines)))
