"""The formats that Yinqi reads, asked in this order. To add one: write its file, a sample and its test; add it here."""

from ingest.errors import BadFeed
from ingest.formats.atom import Atom
from ingest.formats.base import Body, Format, Item, ItemError, Parsed
from ingest.formats.page import Page
from ingest.formats.plain import Plain
from ingest.formats.rss import Rss
from ingest.html.tree import is_html

__all__ = ["FORMATS", "Body", "Format", "Item", "ItemError", "Parsed", "choose", "read"]

FORMATS: tuple[Format, ...] = (Rss(), Atom(), Plain(), Page())


def read(body: Body) -> Parsed:
    """What a body holds, by the first format that knows it; RejectedInput says why nothing can be read."""
    return choose(body).parse(body)


def choose(body: Body) -> Format:
    """The first format that knows the body; BadFeed says what it looks like instead."""
    for candidate in FORMATS:
        if candidate.sniff(body):
            return candidate
    look = "an HTML page" if is_html(body.content, body.content_type) else "neither a feed nor plain text"
    look = look if body.content.strip() else "empty"
    raise BadFeed(f"{body.url}: not a feed: it is {look} ({body.content_type or 'no content type'})")
