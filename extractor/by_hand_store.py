"""All SQL of events that the operator looked at, as merging asks it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.models import Article, Event, EventVersion, Evidence
from core.sql import Asker, Query, table
from extractor.by_hand import Hand, Kept

_article, _event, _evidence, _version = map(table, (Article, Event, Evidence, EventVersion))
_quoted = func.substr(_article.c.text, _evidence.c.start + 1, _evidence.c.end - _evidence.c.start)
LOOKED_AT = (
    select(_event.c.id)
    .join(_article, _article.c.id == _evidence.c.article_id)
    .where(_event.c.id == _evidence.c.event_id, _event.c.verdict.is_not(None), _quoted == _evidence.c.quote)
    .correlate(_evidence)
    .exists()
)
"""Whether evidence is of an event with a verdict, and its quote still stands in its article."""
_said = (_version.c.event_id == _event.c.id) & (_version.c.version == _event.c.version)
_KEPT = Query(
    select(*_evidence.c["position", "facts"], _version.c.facts.label("said"))
    .select_from(_evidence.join(_event, _event.c.id == _evidence.c.event_id).outerjoin(_version, _said))
    .where(_evidence.c.article_id == bindparam("article_id", type_=Uuid))
)
_BY_HAND = Query(
    select(*_event.c["id", "verdict", "held"]).where(
        _event.c.id == func.any(bindparam("events", type_=ARRAY(Uuid))), _event.c.verdict.is_not(None)
    )
)


def by_hand(session: Asker, event_ids: Iterable[UUID]) -> dict[UUID, Hand]:
    """Those of the events that were looked at by hand."""
    wanted = list(event_ids)
    rows = _BY_HAND(session, events=wanted) if wanted else ()
    return {row.id: Hand(row.verdict, frozenset(row.held or ())) for row in rows}


def kept(session: Asker, article_id: UUID) -> list[Kept]:
    """The evidence that an article kept when what it had told was taken back."""
    return [Kept(*row) for row in _KEPT(session, article_id=article_id)]
