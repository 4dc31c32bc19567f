"""RSS and Atom into items, by feedparser.

feedparser is given a stream of UTF-8 bytes and nothing else: a string, and even bytes, it would first try to open as
a file or an address.
"""

import io
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin
from xml.parsers import expat
from zoneinfo import ZoneInfo

import feedparser

from ingest.charset import decode
from ingest.clean import first_line, html_to_text, one_line, tidy
from ingest.errors import BadFeed, Unreadable
from ingest.formats.base import Body, Item, ItemError, Parsed
from ingest.times import read_time

_HEAD = 8192  # characters in which the root element must stand
_PROLOGUE = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:\w+:)?(rss|rdf|feed)[\s>]", re.IGNORECASE)
_END = re.compile(r"</(?:\w+:)?(rss|rdf|feed)\s*>\s*\Z", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST_MENDED = 2**20  # bytes of broken XML that feedparser may mend; its way of doing so is slow
_SHOWN = 40  # characters of an item's title in an error


def root_of(body: bytes) -> str | None:
    """`rss`, `rdf` or `feed` where that is the document's first element, else None."""
    try:
        head = decode(body[: 4 * _HEAD])[:_HEAD]
    except Unreadable:
        head = body[:_HEAD].decode("ascii", "replace")
    first = _PROLOGUE.sub("", head).lstrip("\ufeff \t\r\n")
    found = _ROOT.match(first)
    return found[1].lower() if found else None


def read_feed(body: Body) -> Parsed:
    """The items of a feed; entries that cannot be read become errors with their place, BadFeed if none can be."""
    url = body.url
    text = decode(body.content, content_type=body.content_type, name=url)
    text = _NOT_XML.sub("", _DECLARATION.sub("", text))
    clean = text.encode()
    if len(clean) > _LONGEST_MENDED:
        _check_xml(clean, url)
    feed = feedparser.parse(
        io.BytesIO(clean),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        resolve_relative_uris=False,
        sanitize_html=False,  # the HTML is made plain text here, and shown nowhere
    )
    entries, errors = list(feed.entries), []
    if feed.bozo:
        reason = f"the XML is broken: {feed.get('bozo_exception')}"
        if not entries:
            raise BadFeed(f"{url}: {reason}")
        errors.append(ItemError(0, reason))
        if not _END.search(text):  # a half article must not stand in the way of the whole one
            entries.pop()
            errors.append(ItemError(len(entries) + 1, "the feed breaks off in this item; it is left for the next time"))
    return _gather(entries, errors, base=url, zone=ZoneInfo(body.zone), ttl=_ttl(feed.feed))


def _check_xml(body: bytes, url: str) -> None:
    try:
        expat.ParserCreate().Parse(body, True)
    except expat.ExpatError as error:
        raise BadFeed(f"{url}: the XML is broken, and too long to be mended: {error}") from error


def _gather(entries: list[Any], errors: list[ItemError], *, base: str, zone: ZoneInfo, ttl: timedelta | None) -> Parsed:
    items = []
    for position, entry in enumerate(entries, start=1):
        item, problems = _item(entry, position, base, zone)
        errors += [ItemError(position, problem) for problem in problems]
        if item is not None:
            items.append(item)
    return Parsed(tuple(items), tuple(errors), ttl)


def _item(entry: Any, position: int, base: str, zone: ZoneInfo) -> tuple[Item | None, list[str]]:
    """The item, if there is one, and what was wrong with it."""
    title, text = one_line(entry.get("title", "")), _text(entry)
    if not title and not text:
        return None, ["has neither title nor text"]
    problems = []
    told = _raw(entry, "published") or _raw(entry, "updated") or _raw(entry, "created")
    published = read_time(told, zone) if told else None
    if told and published is None:
        problems.append(f"{title[:_SHOWN]}: {told[:_SHOWN]!r} is no date; kept without")
    link = entry.get("link", "").strip()
    item = Item(
        title=title or first_line(text),
        text=text or title,  # a headline alone is an article too
        url=urljoin(base, link) if link else None,
        published=published,
        author=one_line(entry.get("author", "")) or None,
        guid=_raw(entry, "id"),
        position=position,
    )
    return item, problems


def _text(entry: Any) -> str:
    """The fullest of what the entry gives: content before summary."""
    parts = [*entry.get("content", []), entry.get("summary_detail") or {}]
    return max(map(_plain, parts), key=len, default="")


def _plain(part: Any) -> str:
    value = str(part.get("value") or "")
    return tidy(value) if part.get("type") == "text/plain" else html_to_text(value)


def _raw(entry: Any, key: str) -> str | None:
    """Without feedparser's substitutions (it gives `published` for `updated`, with a warning)."""
    value = dict.get(entry, key)
    return value if isinstance(value, str) and value.strip() else None


def _ttl(feed: Any) -> timedelta | None:
    """RSS's <ttl>, in minutes."""
    told = str(feed.get("ttl", "")).strip()
    return timedelta(minutes=min(int(told), 1440)) if told.isascii() and told.isdigit() and len(told) < 9 else None
