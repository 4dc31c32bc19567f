"""The SQL that writes events as JSON: the public form of core/views.py, which PostgreSQL makes ten times as fast.

One statement gathers all that belongs to an event, and its text is sent as it is. That both forms are the same is
what tests/api/test_written.py promises, which compares them field by field.
"""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from sqlalchemy import text

from core import sql


def _moment(value: str) -> str:
    return f"to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"


def _object(row: str) -> str:
    """The one row as a JSON object, null where there is none."""
    return f"(SELECT row_to_json(one) FROM (SELECT {row}) AS one)"  # noqa: S608 - text of this module only


def _list(rows: str) -> str:
    """The rows as a list of JSON objects."""
    return f"array_to_json(ARRAY{_object(rows)})"


_ALIASES = (
    'ARRAY(SELECT DISTINCT alias COLLATE "C" FROM firm_alias WHERE firm_id = firm.id AND alias <> firm.name ORDER BY 1)'
)
# all tellings of an event, oldest first, without the articles' texts
_TOLD = (
    "article.source_name AS source, " + _moment("article.published") + ' AS published, evidence.start, evidence."end" '
    "FROM evidence JOIN article ON article.id = evidence.article_id "
    "WHERE evidence.event_id = event.id ORDER BY evidence.id"
)
_EVIDENCE = {
    "none": "NULL",
    "sparse": _list(f"evidence.article_id, {_TOLD}"),
    "full": _list(f"evidence.article_id, article.title, article.url, evidence.quote, {_TOLD}"),
}
_FIELDS = {
    "id": "event.id",
    "version": "event.version",
    "state": "event.state",
    "merged_into": "event.merged_into",
    "bank": _object("bank.id, bank.name FROM bank WHERE bank.id = event.bank_id"),
    "branch": "event.branch",
    "firm": _object(f"firm.id, firm.name, {_ALIASES} AS aliases FROM firm WHERE firm.id = event.firm_id"),
    "firm_description": "event.firm_description",
    "tech": "event.tech",
    "instrument": "event.instrument",
    "instrument_text": "event.instrument_text",
    "amount": _object(
        "trim_scale(event.amount_min) AS min, trim_scale(event.amount_max) AS max, event.currency, event.qualifier "
        "WHERE event.currency IS NOT NULL"
    ),
    "shared_amount": "event.shared_amount",
    "date": "event.date",
    "term_months": "event.term_months",
    "status": "event.status",
    "sector": "event.sector",
    "regions": "event.regions",
    "confidence": "round(event.confidence * 1000) / 1000",
    "verdict": "event.verdict",
    "first_seen": _moment("event.first_seen"),
    "last_seen": _moment("event.last_seen"),
}


@lru_cache(maxsize=256)
def query(evidence: str, fields: frozenset[str]) -> sql.Query:
    """Asks for `json`: the events of `ids` in their order, apart by commas; null where there are none.

    `evidence` is none, sparse or full; `fields` are those that are shown, all where none is chosen.
    """
    asked = "SELECT id, place FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS asked (id, place)"
    return sql.Query(text(f"SELECT {events(evidence, fields, asked)} AS json"))


def array(ids: Sequence[UUID]) -> str:
    """`ids` as PostgreSQL writes an array, which psycopg would do item by item."""
    return "{" + ",".join(map(str, ids)) + "}"


def events(evidence: str, fields: frozenset[str], asked: str) -> str:
    """The same as an expression: of the events that `asked`, a SELECT, tells by `id` in the order of `place`."""
    return (
        f"(SELECT string_agg(row_to_json(shown)::text, ',' ORDER BY place) FROM ({asked}) AS asked (id, place) "  # noqa: S608 - text of this module
        f"JOIN LATERAL (SELECT {_shown(evidence, fields)} FROM event WHERE event.id = asked.id) AS shown ON true)"
    )


def _shown(evidence: str, fields: frozenset[str]) -> str:
    every = {**_FIELDS, "evidence": _EVIDENCE[evidence]}
    chosen = ((name, how) for name, how in every.items() if not fields or name in fields)
    return ", ".join(how if how == f"event.{name}" else f'{how} AS "{name}"' for name, how in chosen)
