"""Where a page of HTML says that more is to be had: its feeds, told in its head or linked in its text.

Run by a reader that can be killed (`Readers(module="ingest.leads")`), as all HTML is. What it finds travels as items:
their `guid` says what they are.
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from ingest.clean import storable
from ingest.formats.base import Body, Item, Parsed
from ingest.html.tree import read_page

TITLE, ALTERNATE, LINKED = "title", "alternate", "linked"
"""What an item here is: the page's own title, a feed that its head names, a link that looks like one to a feed."""
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/rss+xml"}
)
_LOOKS_LIKE_A_FEED = re.compile(r"(?:^|[/._=-])(?:rss|atom|feed|feeds|rdf)(?:$|[/._?=&-]|\d)|\.(?:rss|atom)$", re.I)
_MOST = 20


def read(body: Body) -> Parsed:
    """The page's title, then its leads in the order of trust, each address once.

    Unreadable or NothingFound where it is no HTML.
    """
    page = read_page(body.content, url=body.url, content_type=body.content_type)
    tree, base = page.root, page.base
    title = " ".join("".join(tree.xpath("//head/title[1]//text()")).split())
    found: dict[str, Item] = {}
    for item in (*_alternates(tree, base), *_linked(tree, base)):
        found.setdefault(item.url or "", item)
    leads = tuple(found.values())[:_MOST]
    return Parsed((Item(title=storable(title)[:200], text="", url=body.url, guid=TITLE), *leads))


def _alternates(tree: HtmlElement, base: str) -> Iterator[Item]:
    for link in tree.xpath("//link[@rel and @href]"):
        type_ = link.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in link.get("rel", "").lower().split() and type_ in _FEED_TYPES:
            yield _item(link.get("title", ""), _joined(base, link.get("href")), ALTERNATE)


def _linked(tree: HtmlElement, base: str) -> Iterator[Item]:
    for link in tree.xpath("//a[@href]"):
        url = _joined(base, link.get("href"))
        parts = urlsplit(url)
        words = " ".join(link.text_content().split())[:80]
        if parts.scheme in {"http", "https"} and _LOOKS_LIKE_A_FEED.search(f"{parts.path}?{parts.query}".rstrip("?")):
            yield _item(words, url, LINKED)


def _item(title: str, url: str, what: str) -> Item:
    return Item(title=storable(" ".join(title.split()))[:200], text="", url=url, guid=what)


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url.strip())
    except ValueError:  # such as "http://["
        return base
