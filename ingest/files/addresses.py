"""What an address leads to, for the history: a feed's articles, and the pages that a feed, a sitemap or a list names.

The command asks for feeds and sitemaps itself, one after another; the pages become links, which the ingest service
fetches as politely as all it fetches.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from core import sql
from core.errors import YinqiError
from core.http import Response
from core.models import Source
from ingest.errors import NothingFound
from ingest.files.read import Piece, Reader
from ingest.files.walk import Found
from ingest.formats import Body, Parsed
from ingest.formats.base import WHOLE, Part
from ingest.gather import gather
from ingest.html.tree import is_html
from ingest.visit import Visitor

MOST_PARTS = 50_000
"""Sitemaps of an index that are read (https://www.sitemaps.org/protocol.html)."""


def pieces(url: str, visitor: Visitor, reader: Reader, since: datetime | None = None) -> Iterator[Piece]:
    """What the address gives, a piece for each body; parts that have not changed `since` are not asked for."""
    waiting, seen = [Part(url)], {url}
    while waiting:
        part = waiting.pop()
        found = Found(Path(part.url), 0, 0, passing=True)
        try:
            parsed, where = _read(visitor.get(part.url), reader)
        except YinqiError as error:
            yield Piece(found, done=True, problems=[(part.url, str(error).removeprefix(f"{part.url}: "))])
            continue
        yield _piece(found, where, parsed)
        for one in reversed(parsed.parts):
            new = one.url not in seen and len(seen) < MOST_PARTS
            if new and not (since and one.updated and one.updated < since):
                seen.add(one.url)
                waiting.append(one)


def _read(answer: Response, reader: Reader) -> tuple[Parsed, str]:
    """What the body holds, and its address; a web page is a list of links, or else an article."""
    type_ = answer.headers.get("content-type", "")
    body = Body(content=answer.body, url=answer.url, content_type=type_, kind=WHOLE)
    if not is_html(answer.body, type_):
        return reader(body), answer.url
    try:
        return reader(replace(body, kind="list")), answer.url
    except NothingFound:
        return reader(replace(body, kind="page")), answer.url


def _piece(found: Found, url: str, parsed: Parsed) -> Piece:
    gathered = gather(sql.record(Source, url=url, name=None, full_text=False), parsed)
    piece = Piece(found, done=True, links=gathered.links, problems=gathered.problems)
    for made in gathered.drafts:
        piece.add(made)
    return piece
