"""The formats that Yinqi reads, asked in this order. To add one: write its file, a sample and its test; add it here."""

from ingest.errors import BadFeed
from ingest.formats.atom import Atom
from ingest.formats.base import Format, Item, ItemError, Parsed
from ingest.formats.plain import Plain
from ingest.formats.rss import Rss

__all__ = ["FORMATS", "Format", "Item", "ItemError", "Parsed", "choose"]

FORMATS: tuple[Format, ...] = (Rss(), Atom(), Plain())


def choose(body: bytes, content_type: str, *, name: str) -> Format:
    """The first format that knows the body; BadFeed says what `name` looks like instead."""
    for candidate in FORMATS:
        if candidate.sniff(body, content_type):
            return candidate
    start = body[:512].lstrip().lower()
    look = "an HTML page" if b"<html" in start or b"<!doctype html" in start else "neither a feed nor plain text"
    look = look if body.strip() else "empty"
    raise BadFeed(f"{name}: not a feed: it is {look} ({content_type or 'no content type'})")
