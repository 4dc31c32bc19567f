"""How sources are, as their rows tell it, and the notices by which alerts tell it. All SQL of ingest.health."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import orjson
import structlog
from sqlalchemy import text

from core import work
from core.models import Source
from core.sql import Asker, Query
from core.views import moment as shown
from ingest.clean import storable
from ingest.health.judge import Health, Known, Poll, judge
from ingest.jobs import Polled

log = structlog.get_logger(__name__)
_LONGEST_REASON = 1_000  # characters
_MANY = 10  # other sources, of which one at least answers in hours, unless we are cut off
_JUST_THEN = timedelta(hours=1)  # answers until then may be from before we were

RECORD_HEALTH = Query(
    text("""
WITH told AS (
    SELECT * FROM unnest(
        CAST(:ids AS uuid[]), CAST(:before AS text[]), CAST(:health AS text[]), CAST(:since AS timestamptz[]),
        CAST(:reasons AS text[]), CAST(:hollow AS timestamptz[]), CAST(:kinds AS text[]), CAST(:facts AS text[])
    ) AS told(id, before, health, since, reason, hollow_since, kind, facts)
), changed AS (
    UPDATE source SET
        health = told.health,
        health_since = told.since,
        health_reason = told.reason,
        hollow_since = told.hollow_since
    FROM told WHERE source.id = told.id AND source.health = told.before
    RETURNING source.id
)
INSERT INTO notice (kind, source_id, facts)
SELECT told.kind, told.id, CAST(told.facts AS jsonb) FROM told JOIN changed ON changed.id = told.id
WHERE told.kind IS NOT NULL
RETURNING id
""")
)
"""How sources are now, and what is to be told of it: nothing where another poll told it a moment ago."""

OTHERS = Query(
    text("""
SELECT count(*) AS others, count(*) FILTER (WHERE last_success_at > :since) AS answered
FROM source WHERE enabled AND host IS NOT NULL AND id <> :id
""")
)


class _Turn(NamedTuple):
    """A source, how it was and how it is."""

    source: Source
    before: Health
    health: Health
    hollow_since: object

    @property
    def kind(self) -> str | None:
        """Of the notice, if there is to be one. From one trouble to another there is none: what was told still
        stands, and a source that has two by turns would tell of them for ever."""
        if (self.health.state == "ok") == (self.before.state == "ok"):
            return None
        return "source.recovered" if self.health.state == "ok" else "source.troubled"


def record(asker: Asker, polled: Sequence[Polled]) -> None:
    """Judge what polls showed, record what changed, and give notice where trouble begins or ends."""
    turns = [turn for one in polled if (turn := _turn(asker, one))]
    if not turns:
        return
    made = RECORD_HEALTH(
        asker,
        ids=[turn.source.id for turn in turns],
        before=[turn.before.state for turn in turns],
        health=[turn.health.state for turn in turns],
        since=[turn.health.since for turn in turns],
        reasons=[_reason(turn.health) for turn in turns],
        hollow=[turn.hollow_since for turn in turns],
        kinds=[turn.kind for turn in turns],
        facts=[_facts(turn) for turn in turns],
    )
    work.announce_found(asker, work.MATCH, made)


def _turn(asker: Asker, one: Polled) -> _Turn | None:
    """What a poll changed, None where it changed nothing."""
    known = _known(one.source)
    poll = Poll(error=one.error, items=one.items or one.links if one.items is not None else None, stored=one.articles)
    health, hollow_since = judge(known, poll, one.at)
    if health.state == "dead" and health != known.health and _is_offline(asker, one.source, known):
        log.warning("source.offline", source=str(one.source.id), reason=health.reason)
        health = known.health
    if health != known.health:
        log.info("source.health", source=str(one.source.id), health=health.state, reason=_reason(health))
    elif hollow_since == known.hollow_since:
        return None
    return _Turn(one.source, known.health, health, hollow_since)


def _is_offline(asker: Asker, source: Source, known: Known) -> bool:
    """Whether it is not the source but our own way out: of many others none answered since this one no longer does."""
    since = (known.last_success_at or known.began) + _JUST_THEN
    [row] = OTHERS(asker, id=source.id, since=since).fetchall()
    return bool(row.others >= _MANY and not row.answered)


def _known(source: Source) -> Known:
    waits = source.url.startswith("file:")  # a folder may wait for its first file as long as it likes
    return Known(
        began=source.first_polled_at or source.created_at,
        health=Health(source.health, source.health_since, source.health_reason),
        failures=source.failures,
        last_success_at=source.last_success_at,
        last_item_at=source.last_item_at,
        held=waits or bool(source.items) or source.last_item_at is not None,
        rhythm=source.rhythm,
        hollow_since=source.hollow_since,
    )


def _reason(health: Health) -> str | None:
    return storable(health.reason)[:_LONGEST_REASON] if health.reason else None


def _facts(turn: _Turn) -> str | None:
    if turn.kind is None:
        return None
    source = turn.source
    told = {
        "source": {"id": str(source.id), "name": source.name, "url": source.url, "kind": source.kind},
        "health": turn.health.state,
        "previous": turn.before.state,
        "since": shown(turn.health.since),
        "reason": _reason(turn.health) or _reason(turn.before),
    }
    return orjson.dumps(told).decode()
