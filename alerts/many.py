"""The statements of a process that delivers: each is for many deliveries at once, from arrays of their facts."""

from sqlalchemy import text

from core.sql import Query

WANTING = Query(
    text("""
SELECT channel.id AS channel_id, channel.kind AS channel, channel.config, channel.failures
FROM channel WHERE channel.id = ANY(CAST(:channels AS uuid[])) OR channel.id IN (
    SELECT delivery.channel_id FROM delivery
    WHERE delivery.id = ANY(CAST(:ids AS uuid[])) AND delivery.state = 'open' AND delivery.due_at <= now()
      AND (delivery.lease_until IS NULL OR delivery.lease_until < now())
)
""")
)
TAKE_NEXT = Query(
    text("""
WITH chosen AS (
    SELECT next.id FROM unnest(CAST(:channels AS uuid[]), CAST(:counts AS integer[])) AS asked(channel_id, most)
    CROSS JOIN LATERAL (
        SELECT delivery.id FROM delivery
        WHERE delivery.channel_id = asked.channel_id AND delivery.state = 'open' AND delivery.due_at <= now()
          AND (delivery.lease_until IS NULL OR delivery.lease_until < now())
        ORDER BY delivery.due_at, delivery.id LIMIT asked.most FOR UPDATE SKIP LOCKED
    ) AS next
)
UPDATE delivery SET attempts = attempts + 1, lease_until = now() + CAST(:held AS interval)
FROM chosen WHERE delivery.id = chosen.id
RETURNING delivery.id, delivery.channel_id, delivery.type, delivery.body, delivery.attempts, delivery.due_at
""")
)
START_ATTEMPTS = Query(
    text("""
INSERT INTO attempt (delivery_id, number)
SELECT begun.id, coalesce((SELECT max(number) FROM attempt WHERE attempt.delivery_id = begun.id), 0) + 1
FROM unnest(CAST(:ids AS uuid[])) AS begun(id)
RETURNING attempt.delivery_id, attempt.number, (
    SELECT count(*) FROM attempt AS other WHERE other.delivery_id = attempt.delivery_id AND other.outcome IS NULL
) AS doubtful
""")
)
END_ATTEMPTS = Query(
    text("""
UPDATE attempt
SET outcome = 'delivered', reason = told.reason, milliseconds = told.milliseconds, status_code = told.status_code,
    answer = told.answer
FROM unnest(
    CAST(:ids AS uuid[]), CAST(:numbers AS integer[]), CAST(:reasons AS text[]), CAST(:milliseconds AS float8[]),
    CAST(:status_codes AS integer[]), CAST(:answers AS text[])
) AS told(id, number, reason, milliseconds, status_code, answer)
WHERE attempt.delivery_id = told.id AND attempt.number = told.number
""")
)
ALL_DELIVERED = Query(
    text("""
UPDATE delivery SET state = 'done', lease_until = NULL, reason = NULL, delivered_at = clock_timestamp()
WHERE id = ANY(CAST(:ids AS uuid[]))
""")
)
