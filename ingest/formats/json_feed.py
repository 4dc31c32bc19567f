"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingest.charset import decode
from ingest.clean import first_line, html_to_text, one_line, storable, tidy
from ingest.errors import BadFeed
from ingest.formats._links import first_document, is_web, join
from ingest.formats.base import Body, Item, ItemError, Parsed, Part
from ingest.times import read_time

_VERSION = re.compile(rb"""jsonfeed\.org\\?/version""", re.IGNORECASE)  # PHP writes "\\/"
_TYPES = ("application/feed+json", "application/json+feed")
_MOST = 5_000  # items that are read
_SHOWN = 40  # characters of an item's title in an error

_Object = dict[str, Any]


class JsonFeed:
    """A JSON object that names a version of JSON Feed."""

    name = "json_feed"

    def sniff(self, body: Body) -> bool:
        """By the version, wherever it stands, or by a content type that only JSON Feed has."""
        start = body.content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
        told = body.content_type.strip().lower().startswith(_TYPES)
        return start.startswith(b"{") and (told or _VERSION.search(body.content) is not None)

    def parse(self, body: Body) -> Parsed:
        """The items in the order of the feed; `next_url` is a part."""
        feed = _object(body)
        told = feed.get("items")
        if not isinstance(told, list):
            raise BadFeed(f"{body.url}: a JSON Feed without a list of items")
        reader = _Reader(body.url, ZoneInfo(body.zone))
        items = tuple(reader.items(told[:_MOST]))
        if len(told) > _MOST:
            reader.errors.append(ItemError(0, f"{len(told):,} items; the first {_MOST:,} are read"))
        following = _text(feed, "next_url")
        parts = (Part(join(body.url, following)),) if following else ()
        return Parsed(items, tuple(reader.errors), parts=parts)


def _object(body: Body) -> _Object:
    """The body's one JSON object. Unescaped control characters, which some writers leave, are let pass."""
    text = decode(body.content, content_type=body.content_type, name=body.url)
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BadFeed(f"{body.url}: the JSON is broken: {reason}") from error
    if not isinstance(value, dict):
        raise BadFeed(f"{body.url}: a JSON Feed is an object, not a list or a value")
    return value


class _Reader:
    """The items of one feed; what is wrong with some of them gathers in `errors`."""

    def __init__(self, base: str, zone: ZoneInfo) -> None:
        self.errors: list[ItemError] = []
        self._base = base
        self._zone = zone

    def items(self, told: list[Any]) -> Iterator[Item]:
        """Those that have a title, a text or an address."""
        for position, one in enumerate(told, start=1):
            item = self._item(one, position) if isinstance(one, dict) else None
            if item is None:
                self.errors.append(ItemError(position, "has neither title nor text"))
            else:
                yield item

    def _item(self, told: _Object, position: int) -> Item | None:
        title, text, url = one_line(_text(told, "title")), _fullest(told), self._url(told)
        document = None if url else first_document(_attachments(told), self._base)
        if not title and not text and not document:
            return None
        published = self._time(told, "date_published", position, title)
        updated = self._time(told, "date_modified", position, title)
        return Item(
            title=title or first_line(text),
            text=text or ("" if document else title),  # a headline alone is an article too
            url=url or document,
            published=published or updated,
            updated=updated,
            author=_authors(told),
            guid=_id(told),
            position=position,
        )

    def _url(self, told: _Object) -> str | None:
        """The item's own page, else the page that it is about, else its id where that is an address."""
        named = _text(told, "url") or _text(told, "external_url")
        if named:
            return join(self._base, named)
        own = _id(told) or ""
        return own if is_web(own) else None

    def _time(self, told: _Object, key: str, position: int, title: str) -> datetime | None:
        written = _text(told, key)
        moment = read_time(written, self._zone) if written else None
        if written and moment is None:
            problem = f"{title[:_SHOWN]}: {written[:_SHOWN]!r} is no date; kept without"
            self.errors.append(ItemError(position, problem))
        return moment


def _text(told: _Object, key: str) -> str:
    value = told.get(key)
    return storable(value).strip() if isinstance(value, str) else ""


def _fullest(told: _Object) -> str:
    """The longest of what the item tells: text, HTML, summary."""
    texts = (tidy(_text(told, "content_text")), html_to_text(_text(told, "content_html")), tidy(_text(told, "summary")))
    return max(texts, key=len)


def _authors(told: _Object) -> str | None:
    """Version 1.1 has several, 1.0 one."""
    several = told.get("authors")
    people = several if isinstance(several, list) and several else [told.get("author")]
    names = [one_line(_text(one, "name")) for one in people if isinstance(one, dict)]
    return ", ".join(filter(None, names)) or None


def _id(told: _Object) -> str | None:
    """The specification asks for a text and allows a number."""
    value = told.get("id")
    return str(value) if isinstance(value, str | int | float) and str(value).strip() else None


def _attachments(told: _Object) -> Iterator[tuple[str, str]]:
    """Addresses and types."""
    several = told.get("attachments")
    for one in several if isinstance(several, list) else ():
        if isinstance(one, dict):
            yield _text(one, "url"), _text(one, "mime_type")
