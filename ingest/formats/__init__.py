"""The formats that Yinqi reads, asked in this order. To add one: write its file, a sample and its test; add it here."""

from ingest.errors import BadFeed
from ingest.formats.atom import Atom
from ingest.formats.base import Body, Format, Item, ItemError, Parsed, Part
from ingest.formats.docx import Docx
from ingest.formats.json_feed import JsonFeed
from ingest.formats.list_page import ListPage
from ingest.formats.page import Page
from ingest.formats.pdf import Pdf
from ingest.formats.plain import Plain
from ingest.formats.rss import Rss
from ingest.formats.sitemap import Sitemap
from ingest.html.tree import is_html

__all__ = ["FORMATS", "KINDS", "Body", "Format", "Item", "ItemError", "Parsed", "Part", "choose", "read"]

FORMATS: tuple[Format, ...] = (Rss(), Atom(), JsonFeed(), Sitemap(), Docx(), Pdf(), Plain(), ListPage(), Page())

_MOST_ERRORS = 50  # of one body; further ones are counted
_LOOKS = (
    (b"\xd0\xcf\x11\xe0", "a document of the old Office (.doc, .xls) or one with a password"),
    (b"PK\x03\x04", "a zip that holds no Word document"),
    (b"{", "JSON, and no JSON Feed"),
)

KINDS = (*(one.name for one in FORMATS), "folder")
"""Kinds of source: one that gives bodies of a format, or a watched folder of files (ingest/files/folder.py)."""


def read(body: Body) -> Parsed:
    """What a body holds, by the first format that knows it; RejectedInput says why nothing can be read."""
    parsed = choose(body).parse(body)
    more = len(parsed.errors) - _MOST_ERRORS
    if more <= 0:
        return parsed
    rest = ItemError(0, f"{more:,} more could not be read as they should")
    return parsed._replace(errors=(*parsed.errors[:_MOST_ERRORS], rest))


def choose(body: Body) -> Format:
    """The first format that knows the body; BadFeed says what it looks like instead."""
    for candidate in FORMATS:
        if candidate.sniff(body):
            return candidate
    raise BadFeed(f"{body.url}: not a feed: it is {_look(body)} ({body.content_type or 'no content type'})")


def _look(body: Body) -> str:
    if is_html(body.content, body.content_type):
        return "an HTML page"
    told = next((look for mark, look in _LOOKS if body.content.startswith(mark)), "neither a feed nor plain text")
    return told if body.content.strip() else "empty"
