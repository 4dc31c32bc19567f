"""RSS and Atom into items, by feedparser.

feedparser is given a stream of UTF-8 bytes and nothing else: a string, and even bytes, it would first try to open as
a file or an address.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers import expat
from zoneinfo import ZoneInfo

import feedparser

from ingest.charset import decode
from ingest.clean import first_line, html_to_text, one_line, tidy
from ingest.errors import BadFeed
from ingest.formats import _known
from ingest.formats._known import Piece
from ingest.formats._links import first_document, is_web, join
from ingest.formats._xml import without_declaration, without_names
from ingest.formats.base import Body, Item, ItemError, Parsed
from ingest.times import read_time

feedparser.api.PREFERRED_XML_PARSERS.clear()  # it looks for one on the disk at each feed; Python's own does as well

_END = re.compile(r"</(?:\w+:)?(rss|rdf|feed)\s*>(?:\s|<!--.*?-->)*\Z", re.IGNORECASE | re.DOTALL)
_TAIL = 8192  # characters in which the end must stand
_ITEM = re.compile(r"<(?:[\w-]+:)?(?:item|entry)\b", re.IGNORECASE)
_MOST = 20_000  # items; a feed of more is none, or an attack
_CROWDED = re.compile(r"""<[^\s<>/!?](?:[^<="']*=\s*(?:"[^"<]*"|'[^'<]*')){500}""")  # feedparser takes quadratic time
_OPEN = re.compile(r"<[A-Za-z]")
_CLOSED = re.compile(r"</|/>")
_MOST_OPEN = 5_000  # tags; HTML that stands in a feed unescaped leaves some open
_LONGEST_REASON = 500  # characters
_LONGEST_MENDED = 2**20  # bytes of broken XML that feedparser may mend; its way of doing so is slow
_SHOWN = 40  # characters of an item's title in an error


def read_feed(body: Body) -> Parsed:
    """The items of a feed; entries that cannot be read become errors with their place, BadFeed if none can be.

    Items that are known by `body.seen` are passed over.
    """
    text = decode(body.content, content_type=body.content_type, name=body.url)
    text = without_names(without_declaration(text))
    _check(text, body.url)
    document = text.encode()
    pieces = _known.pieces(document, f"{body.url} {body.zone}")
    rest = _read_rest(body, document, pieces) if pieces and body.seen else None
    return rest or _read_whole(body, text, document, pieces or [])


def _read_rest(body: Body, document: bytes, pieces: list[Piece]) -> Parsed | None:
    """The items that are not known, None where all are to be read: none is known, or one has a known one's address."""
    known = _known.unpacked(body.seen)
    left_out = [piece for piece in pieces if piece.mark in known]
    if not left_out:
        return None
    feed = _parsed(_known.without(document, left_out), body.url)
    places = [place for place, piece in enumerate(pieces, start=1) if piece.mark not in known]
    if feed.bozo or len(feed.entries) != len(places):
        return None
    found = _gather(list(zip(places, feed.entries, strict=True)), [], body, _ttl(feed.feed))
    addresses = {known[piece.mark] for piece in left_out}
    if any(item.url and _known.address_mark(item.url) in addresses for item in found.items):
        return None
    return _marked(found, pieces, known)._replace(passed=len(left_out))


def _read_whole(body: Body, text: str, document: bytes, pieces: list[Piece]) -> Parsed:
    feed = _parsed(document, body.url)
    entries, errors = list(feed.entries), []
    if feed.bozo:
        reason = f"the XML is broken: {feed.get('bozo_exception')}"
        if not entries:
            raise BadFeed(f"{body.url}: {reason}")
        errors.append(ItemError(0, reason))
        if not _END.search(text[-_TAIL:]):  # a half article must not stand in the way of the whole one
            entries.pop()
            errors.append(ItemError(len(entries) + 1, "the feed breaks off in this item; it is left for the next time"))
    found = _gather(list(enumerate(entries, start=1)), errors, body, _ttl(feed.feed))
    return found if feed.bozo or len(entries) != len(pieces) else _marked(found, pieces, {})


def _marked(found: Parsed, pieces: list[Piece], known: _known.Marks) -> Parsed:
    """With marks of the items that were read without fault, now or before."""
    faulty = {error.position for error in found.errors}
    read = {item.position - 1: item for item in found.items if item.position not in faulty}
    return found._replace(seen=_known.packed(pieces, read, known))


def _check(text: str, url: str) -> None:
    """BadFeed for what no feed has and what takes feedparser long, or needs much memory."""
    if len(_ITEM.findall(text)) > _MOST:
        raise BadFeed(f"{url}: more than {_MOST:,} items")
    if _CROWDED.search(text):
        raise BadFeed(f"{url}: a tag with more than 500 attributes")
    if len(_OPEN.findall(text)) - len(_CLOSED.findall(text)) > _MOST_OPEN:
        raise BadFeed(f"{url}: the XML is broken: more than {_MOST_OPEN:,} tags are left open")


def _parsed(clean: bytes, url: str) -> Any:
    """By feedparser, which raises whatever comes to pass over XML that is broken in a way it had not foreseen."""
    if len(clean) > _LONGEST_MENDED:
        _check_xml(clean, url)
    try:
        return feedparser.parse(
            io.BytesIO(clean),
            response_headers={"content-type": "application/xml; charset=utf-8"},  # no base: ids would be resolved too
            resolve_relative_uris=False,
            sanitize_html=False,  # the HTML is made plain text here, and shown nowhere
        )
    except Exception as error:
        raise BadFeed(f"{url}: the XML is broken, and cannot be mended: {error!r}"[:_LONGEST_REASON]) from error


def _check_xml(body: bytes, url: str) -> None:
    try:
        expat.ParserCreate().Parse(body, True)
    except expat.ExpatError as error:
        raise BadFeed(f"{url}: the XML is broken, and too long to be mended: {error}") from error


def _gather(entries: list[tuple[int, Any]], errors: list[ItemError], body: Body, ttl: timedelta | None) -> Parsed:
    """Of entries with their places from 1."""
    items, zone = [], ZoneInfo(body.zone)
    for position, entry in entries:
        item, problems = _item(entry, position, body.url, zone)
        errors += [ItemError(position, problem) for problem in problems]
        if item is not None:
            items.append(item)
    return Parsed(tuple(items), tuple(errors), ttl)


def _item(entry: Any, position: int, base: str, zone: ZoneInfo) -> tuple[Item | None, list[str]]:
    """The item, if there is one, and what was wrong with it."""
    title, text = one_line(entry.get("title", "")), _text(entry)
    link = _link(entry)
    document = None if link else first_document(_enclosures(entry), base)
    if not title and not text and not document:
        return None, ["has neither title nor text"]
    problems: list[str] = []
    updated = _time(entry, ("updated",), zone, [])
    item = Item(
        title=title or first_line(text),
        text=text or ("" if document else title),  # a headline alone is an article too
        url=join(base, link) if link else document,
        published=_time(entry, ("published", "updated", "created"), zone, problems),
        author=one_line(entry.get("author", "")) or None,
        guid=_raw(entry, "id"),
        position=position,
        updated=updated,
        source_name=_source(entry),
    )
    return item, [f"{title[:_SHOWN]}: {problem}" for problem in problems]


def _link(entry: Any) -> str:
    """The entry's page. feedparser takes RSS's guid for one too, which often is a mere number."""
    told = str(entry.get("link", "")).strip()
    return "" if entry.get("guidislink") and not is_web(str(entry.get("id", ""))) else told


def _enclosures(entry: Any) -> Iterator[tuple[str, str]]:
    """Addresses and types of what comes along with the entry."""
    for one in entry.get("links", []):
        yield str(one.get("href", "")), str(one.get("type", ""))


def _source(entry: Any) -> str | None:
    """Where the entry was taken from: RSS's and Atom's <source>, else Dublin Core's."""
    source = entry.get("source")
    told = source.get("title", "") if isinstance(source, dict) else ""
    return one_line(str(told or entry.get("dc_source", ""))) or None


def _time(entry: Any, keys: tuple[str, ...], zone: ZoneInfo, problems: list[str]) -> datetime | None:
    """The first time that is told, by our reading, else by feedparser's, which knows more of the world's forms."""
    key = next((key for key in keys if _raw(entry, key)), None)
    if key is None:
        return None
    told = _raw(entry, key) or ""
    moment = read_time(told, zone) or _utc(dict.get(entry, f"{key}_parsed"))
    if moment is None:
        problems.append(f"{told[:_SHOWN]!r} is no date; kept without")
    return moment


def _utc(told: Any) -> datetime | None:
    try:
        return datetime(*told[:6]).replace(tzinfo=UTC) if told else None
    except (ValueError, TypeError):  # feedparser lets pass a second 60 and a year 0
        return None


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
