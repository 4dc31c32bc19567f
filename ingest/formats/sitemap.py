"""Sitemaps, indexes of sitemaps and news sitemaps (https://www.sitemaps.org/protocol.html), also as .gz.

A sitemap names pages, and an index names further sitemaps, which are parts of the same source.
"""

import io
import re
import zlib
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from ingest.charset import decode
from ingest.clean import one_line
from ingest.errors import BadFeed
from ingest.formats._links import join
from ingest.formats._xml import root_of, without_declaration, without_names
from ingest.formats.base import WHOLE, Body, Item, ItemError, Parsed, Part
from ingest.times import read_time

_MOST = 5_000  # entries that are taken, where not all are asked for
_MOST_TOLD = 50_000  # entries that a sitemap may have by the protocol
_LARGEST = 15 * 2**20  # bytes, unpacked, like any answer
_HEAD = 64 * 2**10
_GZIP = b"\x1f\x8b"
_ENTITY = re.compile("<!ENTITY", re.IGNORECASE)
_END = re.compile(r"</(?:\w+:)?(?:urlset|sitemapindex)\s*>(?:\s|<!--.*?-->)*\Z", re.IGNORECASE | re.DOTALL)
_TAIL = 8192  # characters in which the end must stand
_BARE = re.compile(r"&(?!(?:#\d+|#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);)")
_STRICT: dict[str, Any] = {
    "tag": ("{*}url", "{*}sitemap"),
    "recover": True,
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Sitemap:
    """Documents whose root is <urlset> or <sitemapindex>."""

    name = "sitemap"

    def sniff(self, body: Body) -> bool:
        """By the root element, unpacked where need be."""
        return root_of(_unpacked(body.content, _HEAD)) in {"urlset", "sitemapindex"}

    def parse(self, body: Body) -> Parsed:
        """Links without texts, newest first, or the parts of an index."""
        content = _unpacked(body.content, _LARGEST + 1)
        if len(content) > _LARGEST:
            raise BadFeed(f"{body.url}: more than {_LARGEST:,} bytes unpacked")
        entries, problems = _entries(_text(content, body), body)
        if not entries and problems:
            raise BadFeed(f"{body.url}: {problems[0]}")
        entries.sort(key=_newest, reverse=True)  # stable: what tells no time stays in its order, behind
        most = _MOST_TOLD if body.kind == WHOLE else _MOST
        if len(entries) > most:
            problems.append(f"{len(entries):,} entries; the newest {most:,} are taken")
            del entries[most:]
        parts = tuple(entry for entry in entries if isinstance(entry, Part))
        items = tuple(entry for entry in entries if isinstance(entry, Item))
        return Parsed(items, tuple(ItemError(0, problem) for problem in problems), parts=parts)


def _unpacked(content: bytes, most: int) -> bytes:
    """What a .gz holds, `most` bytes of it; other bytes as they are, and what is no gzip after all empty."""
    if not content.startswith(_GZIP):
        return content
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, most)
    except zlib.error:
        return b""


def _text(content: bytes, body: Body) -> str:
    """No sitemap needs entities of its own, and none gets them."""
    text = decode(content, content_type=body.content_type, name=body.url)
    if _ENTITY.search(text):
        raise BadFeed(f"{body.url}: a sitemap that declares entities is not read")
    return without_names(without_declaration(text))


def _entries(text: str, body: Body) -> tuple[list[Item | Part], list[str]]:
    """What can be read, and what is wrong with the rest. A bare `&` in addresses, the commonest fault, is mended."""
    entries, problems = _read(text, body)
    if problems and (mended := _BARE.sub("&amp;", text)) != text:
        entries, left = _read(mended, body)
        problems = left or problems
    if problems and entries and not _END.search(text[-_TAIL:]):
        entries.pop()  # its address may be cut
        problems = ["the sitemap breaks off; its last entry is left for the next time"]
    return [entry for entry in entries if entry], problems


def _read(text: str, body: Body) -> tuple[list[Item | Part | None], list[str]]:
    """Entries, None for those without an address. Elements are let go as they pass: the tree stays small."""
    zone = ZoneInfo(body.zone)
    found: list[Item | Part | None] = []
    reading = etree.iterparse(io.BytesIO(text.encode()), **_STRICT)
    try:
        for position, (_, element) in enumerate(reading, start=1):
            if position > _MOST_TOLD:
                return found, [f"more than {_MOST_TOLD:,} entries, which no sitemap may have; the rest is left out"]
            found.append(_entry(element, position, body.url, zone))
            element.clear()
            while (parent := element.getparent()) is not None and (before := element.getprevious()) is not None:
                parent.remove(before)
    except etree.XMLSyntaxError as error:
        return found, [f"the XML is broken: {error}"]
    return found, [f"the XML is broken: {one.message}, line {one.line}" for one in list(reading.error_log)[:1]]


def _entry(element: Any, position: int, base: str, zone: ZoneInfo) -> Item | Part | None:
    told = _told(element, "{*}loc")
    if not told:
        return None
    url, updated = join(base, told), _moment(element, "{*}lastmod", zone)
    if element.tag.rpartition("}")[2] == "sitemap":  # QName would refuse the names that a broken file may have
        return Part(url, updated)
    published = _moment(element, "{*}news/{*}publication_date", zone)
    return Item(
        title=one_line(_told(element, "{*}news/{*}title")),
        text="",
        url=url,
        published=published,
        position=position,
        updated=updated,
        source_name=_told(element, "{*}news/{*}publication/{*}name") or None,
    )


def _told(element: Any, path: str) -> str:
    found = element.find(path)
    return "".join(found.itertext()).strip() if found is not None else ""


def _moment(element: Any, path: str, zone: ZoneInfo) -> datetime | None:
    """A time that cannot be read counts as untold: it only orders the links."""
    told = _told(element, path)
    return read_time(told, zone) if told else None


def _newest(entry: Item | Part) -> datetime:
    published = entry.published if isinstance(entry, Item) else None
    return published or entry.updated or _LONG_AGO
