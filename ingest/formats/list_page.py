"""A web page that lists articles: links with their titles and dates, as the source's selector or the page shows them.

For whoever looks for sources: `find_links(body)` gives the same items, and a score from 0 to 1 for how much the page
looks like a list of articles (0.5 is likely one), without an error where there are none.
"""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from ingest.errors import NoLinks
from ingest.formats.base import Body, Item, Parsed
from ingest.html import challenge
from ingest.html.anchors import Anchor, anchor
from ingest.html.links import LinkList, find_list, links_of
from ingest.html.tree import Page, is_html, read_page

_LEAST = 0.4  # score of a list that is found by itself
_SHELL = 10  # links of a page that scripts would fill, at most


class Found(NamedTuple):
    """The links of a page as items without text, and how much it looks like a list of articles: 0 to 1."""

    items: tuple[Item, ...]
    score: float


class ListPage:
    """HTML of a source that is declared as a list."""

    name = "list"

    def sniff(self, body: Body) -> bool:
        """HTML by its first markup, else by its type, where the source says that it is a list."""
        return body.kind == self.name and is_html(body.content, body.content_type)

    def parse(self, body: Body) -> Parsed:
        """The links in the order of the page; Challenged or NoLinks where there are none."""
        page = _read(body)
        if body.selector:
            found = _selected(page, body, body.selector)
        else:
            found = _found(find_list(page), body)
            if found.score < _LEAST or not found.items:
                raise NoLinks(f"{body.url}: no list of links found: {_why(page)}")
        return Parsed(found.items)


def find_links(body: Body) -> Found:
    """What the page of a body would give as a list; Challenged and Unreadable as for a source, no items if none."""
    page = _read(body)
    return _selected(page, body, body.selector) if body.selector else _found(find_list(page), body)


def _read(body: Body) -> Page:
    page = read_page(body.content, url=body.url, content_type=body.content_type)
    challenge.check(page, body.url)
    return page


def _selected(page: Page, body: Body, selector: str) -> Found:
    try:
        elements = CSSSelector(selector, translator="html")(page.root)
    except SelectorError as error:
        raise NoLinks(f"{body.url}: {selector!r} is no CSS selector: {error}") from error
    chosen = [found for element in elements if (found := _anchor_in(element, page.base))]
    if not chosen:
        raise NoLinks(f"{body.url}: no links found by the selector {selector!r}")
    return _found(links_of(page, chosen), body)


def _anchor_in(element: HtmlElement, base: str) -> Anchor | None:
    """The link that an element is, or the one with the longest title in it."""
    own = anchor(element, base)
    inner = (one for child in element.iterdescendants() if (one := anchor(child, base)))
    return own or max(inner, key=lambda one: len(one.title), default=None)


def _found(links: LinkList, body: Body) -> Found:
    zone = ZoneInfo(body.zone)
    items = tuple(
        Item(
            title=entry.title,
            text="",
            url=entry.anchor.url,
            published=entry.date.moment(zone) if entry.date else None,
            position=position,
        )
        for position, entry in enumerate(links.entries, start=1)
    )
    return Found(items, round(links.score, 3))


def _why(page: Page) -> str:
    if len(page.root.findall(".//a")) < _SHELL and page.root.find(".//script") is not None:
        return "next to no links; scripts would fill the page"
    return "no group of links looks like one; declare its links by a CSS selector"
