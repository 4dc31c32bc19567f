"""Items whose page is their article, as links that will be followed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.http import check_url
from core.models import Source
from ingest import store
from ingest.clean import storable
from ingest.draft import LONGEST_KEY, LONGEST_TEXT, LONGEST_TITLE
from ingest.formats import Item
from ingest.jobs import Named
from ingest.keep import is_history
from ingest.urls import canonical


def name(session: Session, source: Source, items: Sequence[Item], moment: datetime, *, depth: int = 0) -> int:
    """Have the pages of items fetched, each once; how many are new. Whether they are history is settled here, as far
    as the items tell: what is told by the page alone is settled there."""
    named: dict[str, Named] = {}
    for item in items:
        made = _named(source, item, moment)
        if len(made.canonical_url.encode()) <= LONGEST_KEY:
            named.setdefault(made.canonical_url, made)
    return store.name_links(session, source.id, list(named.values()), depth=depth)


def _named(source: Source, item: Item, moment: datetime) -> Named:
    assert item.url is not None
    return Named(
        url=check_url(item.url),
        canonical_url=canonical(item.url),
        title=storable(item.title)[:LONGEST_TITLE] or None,
        text=storable(item.text)[:LONGEST_TEXT] or None,
        published=item.published,
        updated=item.updated,
        quiet=is_history(source, item.published or item.updated, moment),
    )
