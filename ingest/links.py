"""What a body only names, as links that will be followed: pages that are the articles, and further bodies (parts)."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from core.http import BadUrl, check_url
from core.models import Source
from ingest import store
from ingest.clean import storable
from ingest.draft import LONGEST_KEY, LONGEST_TEXT, LONGEST_TITLE
from ingest.formats import Item, Part
from ingest.jobs import Named
from ingest.keep import is_history
from ingest.urls import canonical

Leads = tuple[list[Item], tuple[Part, ...]]
"""Items whose page is their article, and parts."""


def name(
    session: Session, source: Source, leads: Leads, moment: datetime, *, depth: int = 0, quiet: bool = False
) -> int:
    """Have them fetched, each once; how many are new. Whether they are history is settled here as far as they tell
    their time, else by `quiet` and by the source; what only the page tells is settled there."""
    named = {one.canonical_url: one for one in reversed(list(_named(source, leads, moment, quiet)))}
    fit = [one for one in named.values() if len(one.canonical_url.encode()) <= LONGEST_KEY]
    return store.name_links(session, source.id, fit, depth=depth)


def _named(source: Source, leads: Leads, moment: datetime, quiet: bool) -> Iterator[Named]:
    items, parts = leads
    undated = quiet or is_history(source, None, moment)
    for item in items:
        assert item.url is not None
        told = item.published or item.updated
        yield Named(
            url=check_url(item.url),
            canonical_url=canonical(item.url),
            title=storable(item.title)[:LONGEST_TITLE] or None,
            text=storable(item.text)[:LONGEST_TEXT] or None,
            published=item.published,
            updated=item.updated,
            quiet=is_history(source, told, moment) if told else undated,
        )
    for part in parts:
        try:
            url, key = check_url(part.url), canonical(part.url)
        except BadUrl:
            continue
        # one that does not tell when it changed is read again with its index, once an hour
        updated = part.updated or moment.replace(minute=0, second=0, microsecond=0)
        yield Named(url, key, None, None, published=None, updated=updated, quiet=undated)
