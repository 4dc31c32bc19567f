"""The statements of polling, composed once: who is due, whose turn it is at its host, what became of it.

A host is claimed with its source or link: `host.next_at` is moved beyond the work by one statement that only one of
several processes wins, and is set to the next turn when the work is done.
"""

from sqlalchemy import text

from core.sql import Query

_FREE = "(lease_until IS NULL OR lease_until < now())"
_TURN = """turn AS (
    INSERT INTO host (name, next_at)
    SELECT DISTINCT host, now() + make_interval(secs => :lease) FROM held WHERE host IS NOT NULL ORDER BY host
    ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at
    WHERE host.next_at IS NULL OR host.next_at <= now()
    RETURNING name, robots, robots_until > now() AS robots_hold, delay
)"""

CLAIM_SOURCES = Query(
    text(f"""
WITH due AS MATERIALIZED (
    SELECT DISTINCT ON (coalesce(source.host, CAST(source.id AS text))) source.id, source.due_at
    FROM source LEFT JOIN host ON host.name = source.host
    WHERE source.enabled AND source.due_at <= now() AND {_FREE} AND (host.next_at IS NULL OR host.next_at <= now())
    ORDER BY coalesce(source.host, CAST(source.id AS text)), source.due_at
), held AS MATERIALIZED (
    SELECT source.id, source.host FROM source
    WHERE source.id IN (SELECT id FROM due ORDER BY due_at LIMIT :most) AND {_FREE}
    FOR UPDATE OF source SKIP LOCKED
), {_TURN}
UPDATE source SET lease_until = now() + make_interval(secs => :lease)
FROM held LEFT JOIN turn ON turn.name = held.host
WHERE source.id = held.id AND (held.host IS NULL OR turn.name IS NOT NULL)
RETURNING source.*, turn.robots, turn.robots_hold, turn.delay
""")  # noqa: S608 - composed of constants
)
"""The sources that have been due longest, one of each host that may be asked now; folders have no host."""

CLAIM_LINKS = Query(
    text(f"""
WITH RECURSIVE hosts AS (
    (SELECT host FROM link WHERE state = 'open' AND host > :after ORDER BY host LIMIT 1)
    UNION ALL
    SELECT (SELECT link.host FROM link WHERE state = 'open' AND link.host > hosts.host ORDER BY link.host LIMIT 1)
    FROM hosts WHERE hosts.host IS NOT NULL
), due AS MATERIALIZED (
    SELECT first.id
    FROM hosts LEFT JOIN host ON host.name = hosts.host
    CROSS JOIN LATERAL (
        SELECT id FROM link
        WHERE state = 'open' AND link.host = hosts.host AND due_at <= now() AND {_FREE}
        ORDER BY quiet, due_at LIMIT 1
    ) first
    WHERE hosts.host IS NOT NULL AND (host.next_at IS NULL OR host.next_at <= now())
    LIMIT :most
), held AS MATERIALIZED (
    SELECT link.id, link.host FROM link
    WHERE link.id IN (SELECT id FROM due) AND state = 'open' AND {_FREE}
    FOR UPDATE OF link SKIP LOCKED
), {_TURN}
UPDATE link SET lease_until = now() + make_interval(secs => :lease), attempts = attempts + 1
FROM held JOIN turn ON turn.name = held.host
WHERE link.id = held.id
RETURNING link.*, turn.robots, turn.robots_hold, turn.delay
""")  # noqa: S608 - composed of constants
)
"""One link of each host that may be asked now, news first, from the host after `after` in the order of their names on:
hosts are found by jumps along an index over open links, so that a long queue of one does not stand before others."""

SOURCES_OF = Query(text("SELECT source.* FROM source WHERE id = ANY(CAST(:ids AS uuid[]))"))

RECORD_SOURCES = Query(
    text("""
UPDATE source SET
    due_at = now() + make_interval(secs => told.pause),
    lease_until = NULL,
    failures = CASE WHEN told.reason IS NULL THEN 0 ELSE failures + 1 END,
    last_error = told.reason,
    etag = CASE WHEN told.reason IS NULL THEN told.etag ELSE source.etag END,
    last_modified = CASE WHEN told.reason IS NULL THEN told.last_modified ELSE source.last_modified END,
    first_polled_at = coalesce(first_polled_at, told.began),
    last_polled_at = coalesce(told.began, last_polled_at),
    last_success_at = CASE WHEN told.reason IS NULL THEN now() ELSE last_success_at END,
    last_item_at = CASE WHEN told.got_items THEN now() ELSE last_item_at END,
    rhythm = coalesce(told.rhythm, source.rhythm),
    items = coalesce(told.items, source.items),
    seen = coalesce(told.seen, source.seen)
FROM unnest(
    CAST(:ids AS uuid[]), CAST(:pauses AS float[]), CAST(:reasons AS text[]), CAST(:etags AS text[]),
    CAST(:modified AS text[]), CAST(:begun AS timestamptz[]), CAST(:got AS boolean[]), CAST(:rhythms AS float[]),
    CAST(:items AS integer[]), CAST(:seen AS bytea[])
) AS told(id, pause, reason, etag, last_modified, began, got_items, rhythm, items, seen)
WHERE source.id = told.id
""")
)
"""What became of polls: without a reason a success. `began` is NULL where the source itself was not asked."""

RECORD_LINKS = Query(
    text("""
UPDATE link SET
    state = told.state,
    due_at = now() + make_interval(secs => told.pause),
    lease_until = NULL,
    reason = told.reason,
    attempts = attempts - told.uncounted,
    text = CASE WHEN told.state = 'open' THEN link.text END
FROM unnest(
    CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:pauses AS float[]), CAST(:reasons AS text[]),
    CAST(:uncounted AS integer[])
) AS told(id, state, pause, reason, uncounted)
WHERE link.id = told.id AND link.state = 'open'
""")
)

RECORD_ERRORS = Query(
    text("""
INSERT INTO source_error (source_id, input, reason)
SELECT DISTINCT told.source_id, told.input, told.reason
FROM unnest(CAST(:sources AS uuid[]), CAST(:inputs AS text[]), CAST(:reasons AS text[]), CAST(:once AS boolean[]))
    AS told(source_id, input, reason, once)
JOIN source ON source.id = told.source_id
WHERE NOT told.once OR NOT EXISTS (
    SELECT FROM source_error known
    WHERE known.source_id = told.source_id AND known.input = told.input AND known.reason = told.reason
      AND known.at > now() - interval '1 day'
)
""")
)
"""Of sources that are still there; what is to be told `once` is told once a day."""

GIVE_BACK = Query(text("UPDATE source SET lease_until = NULL WHERE id = ANY(CAST(:ids AS uuid[]))"))

NEXT_TURNS = Query(
    text("""
UPDATE host SET next_at = now() + make_interval(secs => told.pause)
FROM unnest(CAST(:names AS text[]), CAST(:pauses AS float[])) AS told(name, pause)
WHERE host.name = told.name
""")
)

LEARN_ROBOTS = Query(
    text("""
INSERT INTO host (name, robots, robots_until, delay)
VALUES (:name, :robots, now() + make_interval(secs => :holds), :delay)
ON CONFLICT (name) DO UPDATE
SET robots = excluded.robots, robots_until = excluded.robots_until, delay = excluded.delay
""")
)

ROBOTS_OF = Query(text("SELECT robots, robots_until > now() AS robots_hold, delay FROM host WHERE name = :name"))

NAME_LINKS = Query(
    text("""
INSERT INTO link (source_id, url, canonical_url, title, text, published, updated, depth, quiet)
SELECT :source_id, told.url, told.canonical_url, told.title, told.text, told.published, told.updated, :depth, told.quiet
FROM unnest(
    CAST(:urls AS text[]), CAST(:canonical AS text[]), CAST(:titles AS text[]), CAST(:texts AS text[]),
    CAST(:published AS timestamptz[]), CAST(:updated AS timestamptz[]), CAST(:quiet AS boolean[])
) AS told(url, canonical_url, title, text, published, updated, quiet)
LEFT JOIN article ON article.canonical_url = told.canonical_url
WHERE article.id IS NULL OR told.updated > article.fetched_at
ORDER BY told.canonical_url
ON CONFLICT (canonical_url) DO UPDATE
SET state = 'open', attempts = 0, due_at = now(), reason = NULL, updated = excluded.updated, quiet = excluded.quiet
WHERE link.state = 'done' AND excluded.updated > coalesce(link.updated, link.created_at)
RETURNING id
""")
)
"""Links that are new, and those whose page was changed after it was fetched; what is an article already is none."""

LAZILY = Query(text("SET LOCAL synchronous_commit = off"))
