"""The SQL of paging.py: which rows of an order pass, where the look ended, and the page itself once it is whole.

Statements are put together out of texts (`core.sql.Condition`), the same for all values, so that each is known again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import column, text

from api.deps import beside_key
from api.resources.events import named, written
from api.resources.events.filters import InOrder, OfEach
from api.resources.events.order import Order, Place
from core.sql import Asker, Condition, Query, all_of, planned_anew, values_of

Places = Callable[[Iterable[Condition]], str]
_COLUMNS = ("whole", "more", "json", "last_key", "last_id", "keys", "ids", "edge_key", "edge_id", "end_key")


_NOWHERE = ("SELECT NULL AS sort_key, CAST(NULL AS uuid) AS id", "NULL")


@dataclass(frozen=True)
class Form:
    """How events are written: with `evidence` none, sparse or full; only `fields` where some are chosen."""

    evidence: str
    fields: frozenset[str]


@dataclass(frozen=True)
class Ending:
    """How a page ends: written in `form`, where one is told; whether rows came `before`, and whether none can come
    after where this statement's end."""

    form: Form | None
    before: bool
    last: bool


def walk(order: Order) -> Places:
    """The next rows that pass, in whatever way PostgreSQL thinks best."""
    return lambda asked: _rows(order, f"event WHERE {all_of(asked)}")


def walk_each(order: Order, one: OfEach) -> Places:
    """The same of each of those whom `one` means, laid together."""

    def places(asked: Iterable[Condition]) -> str:
        rest = all_of(other for other in asked if other is not one)
        each = _rows(order, f"event WHERE event.{one.column} = whose.id AND {rest}")
        each = f"named, unnest(named.{one.column}) AS whose (id), LATERAL ({each}) AS placed"
        by = f"sort_key {order.direction}, placed.id {order.direction}"
        return f"SELECT sort_key, placed.id FROM {each} ORDER BY {by} LIMIT :most"  # noqa: S608

    return places


def sort(order: Order) -> Places:
    """The same of all that pass: OFFSET 0 keeps the order and the limit from choosing the way to them."""
    return lambda asked: _rows(order, f"(SELECT * FROM event WHERE {all_of(asked)} OFFSET 0) AS event")  # noqa: S608


def part(order: Order, found: Sequence[Condition]) -> Places:
    """The same of a part of the time, in which indexes that have no time in them would tell of all that is outside."""
    rest = all_of(one for one in found if not isinstance(one, InOrder))

    def places(asked: Iterable[Condition]) -> str:
        within = all_of(one for one in asked if one not in found or isinstance(one, InOrder))
        return _rows(order, f"(SELECT * FROM event WHERE {within} OFFSET 0) AS event WHERE {rest}")  # noqa: S608

    return places


@lru_cache(maxsize=512)
def look(order: Order, found: str, within: str, many: str, ending: Ending) -> str:
    """The same of the next `many` rows (a number, or `:many`), each of which is judged by itself.

    They are read before any filter, whose index would tell of all that passes it, and only until enough have passed.
    """
    next_ = f"SELECT * FROM event WHERE {within} ORDER BY {order.sorted} LIMIT {many} + 1"  # noqa: S608
    edge = f"{order.key} AS sort_key, event.id FROM event WHERE counted.n < :most AND {within} "
    edge = f"SELECT {edge}ORDER BY {order.sorted} OFFSET {many} LIMIT 1"
    end = f"(SELECT {order.key} FROM event WHERE {within} ORDER BY {order.backwards} LIMIT 1)"  # noqa: S608
    end = f"CASE WHEN edge_id IS NOT NULL THEN {end} END"
    return ended(_rows(order, f"({next_}) AS event WHERE {found}"), order, ending, (edge, end))


@lru_cache(maxsize=512)
def ended(places: str, order: Order, ending: Ending, on: tuple[str, str] = _NOWHERE) -> str:
    """A statement that tells of the `places` found whether they make the page `whole`.

    If so, whether `more` follow, the page's events as `json` in UTF-8 (null for none) and the place of the last of
    them; otherwise their `keys` and `ids`. `edge_key` and `edge_id` are where a look ended before enough was found, and
    `end_key` is where the order does: `on` asks for both.
    """
    edge, end = on
    whole, json = "false", "NULL"
    if ending.form:
        whole = "n = :most OR edge.id IS NULL" if ending.last else "n = :most"
        json = _json(ending.form, before=ending.before)
    by = f"sort_key {order.direction}, id {order.direction}"
    return (
        f"WITH found AS MATERIALIZED (SELECT sort_key, id, row_number() OVER (ORDER BY {by}) AS place "  # noqa: S608
        f"FROM ({places}) AS placed), counted AS (SELECT count(*) AS n FROM found), "
        f"judged AS (SELECT n, {whole} AS whole, edge.sort_key AS edge_key, edge.id AS edge_id "
        f"FROM counted LEFT JOIN LATERAL ({edge}) AS edge ON true) "
        f"SELECT whole, n = :most AS more, CASE WHEN whole THEN {json} END AS json, "
        "last.sort_key AS last_key, last.id AS last_id, "
        "CASE WHEN NOT whole THEN ARRAY(SELECT sort_key FROM found ORDER BY place) END AS keys, "
        "CASE WHEN NOT whole THEN ARRAY(SELECT id FROM found ORDER BY place) END AS ids, edge_key, edge_id, "
        f"{end} AS end_key "
        "FROM judged LEFT JOIN found AS last ON whole AND n = :most AND last.place = :most - 1"
    )


def values(asked: Iterable[Condition], most: int, before: Sequence[UUID]) -> dict[str, Any]:
    """What a statement is asked with: for `most` rows more, one of which only tells that more follow."""
    return {"most": most, "before": written.array(before), **values_of(asked)}


@lru_cache(maxsize=512)
def beside(statement: str, *, prepared: bool, names: bool) -> Query:
    """The statement beside the key of who asks (`Asking.row`), and beside whom `names` mean, which it may ask for."""
    columns: tuple[str, ...] = _COLUMNS
    if names:
        told, columns = ", ".join(f"named.{one}" for one in named.COLUMNS), (*_COLUMNS, *named.COLUMNS)
        statement = f"WITH {named.NAMED} SELECT asked.*, {told} FROM named LEFT JOIN ({statement}) AS asked ON true"  # noqa: S608
    return beside_key(text(statement).columns(*map(column, columns)), prepared=prepared)


def edge(asker: Asker, order: Order, within: Iterable[Condition], many: int) -> Place | None:
    """The last of so many rows; None where no more are there."""
    asked = list(within)
    statement = f"SELECT {order.key} AS sort_key, event.id FROM event WHERE {all_of(asked)} "  # noqa: S608
    query = planned_anew(f"{statement} ORDER BY {order.sorted} OFFSET :many LIMIT 1")
    row = query(asker, many=many, **values_of(asked)).fetchone()
    return None if row is None else (row.sort_key, row.id)


def _rows(order: Order, source: str) -> str:
    return f"SELECT {order.key} AS sort_key, event.id FROM {source} ORDER BY {order.sorted} LIMIT :most"  # noqa: S608


def _json(form: Form, *, before: bool) -> str:
    """The events of the page as JSON: those that came before, and those that were found but for the one too many."""
    ids = "SELECT id, place FROM found WHERE place < :most"
    if before:
        earlier = "unnest(CAST(:before AS uuid[])) WITH ORDINALITY AS earlier (id, place)"
        ids = f"SELECT id, place - cardinality(CAST(:before AS uuid[])) FROM {earlier} UNION ALL {ids}"  # noqa: S608
    return f"(SELECT convert_to({written.events(form.evidence, form.fields, ids)}, 'UTF8'))"
