"""The lists that may want something, by the index of core/watching.py: all of its SQL, composed once."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Float,
    SmallInteger,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from alerts import statements
from alerts.wants import Item, Offer
from core import watching
from core.models import Channel, WatchItem, WatchKey, Watchlist, WatchlistChannel
from core.sql import Asker, Query, table

_list, _item, _key, _channel, _sends_to = map(table, (Watchlist, WatchItem, WatchKey, Channel, WatchlistChannel))


def _any(name: str, type_: Any) -> Any:
    return func.any(bindparam(name, type_=ARRAY(type_)))


# the few shapes in use, found by jumps along their index
_first = select(func.min(_key.c.shape).label("shape")).cte("shapes", recursive=True)
_next = select(func.min(_key.c.shape)).where(_key.c.shape > _first.c.shape).scalar_subquery()
_shapes = _first.union_all(select(_next).where(_first.c.shape.is_not(None)))
SHAPES = Query(select(_shapes.c.shape).where(_shapes.c.shape.is_not(None)))

_found = (
    select(_key.c.watchlist_id)
    .where(_key.c.hash == _any("hashes", BigInteger), _key.c.asks == _any("asks", SmallInteger))
    .where(_key.c.tech == _any("tech", Boolean), _key.c.level == _any("levels", SmallInteger))
    .where(_key.c.least <= bindparam("most", type_=Float))
    .distinct()
    .cte("found")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_told = func.jsonb_build_array(*_item.c["kind", "key", "branch", "excludes"])
_hits = (
    select(func.coalesce(func.jsonb_agg(_told), literal_column("'[]'::jsonb")))
    .where(_item.c.watchlist_id == _list.c.id, _item.c.kind == _any("kinds", Text), _item.c.key == _any("keys", Text))
    .scalar_subquery()
    .label("items")
)
_ASKED = ("name", "logic", "named", "triggers", "changed", "tech_only", "instruments", "min_amount", "min_confidence")
# nothing tells the planner how few are found: an offset keeps it from joining whole tables with them
_each = (
    select(*_list.c[_ASKED], _hits, *statements.TIMED, *statements.SENDS)
    .select_from(_list)
    .join(_sends_to, _sends_to.c.watchlist_id == _list.c.id)
    .join(_channel, _channel.c.id == _sends_to.c.channel_id)
    .where(_list.c.id == _found.c.watchlist_id, _list.c.enabled, statements.TAKES)
    .offset(literal_column("0"))
    .lateral("each")
)
WATCHING = Query(
    select(_each).select_from(_found).join(_each, true()).order_by(_each.c.watchlist_id, _each.c.channel_id)
)


def shapes(session: Asker) -> Any:
    """The shapes in use, rows with `shape`."""
    return SHAPES(session)


def candidates(session: Asker, offer: Offer, in_use: Any) -> list[tuple[Any, list[Item]]]:
    """The lists that may want what is offered: a row for each and each of its channels, with what of it hits."""
    hashes = watching.probes(offer.names, [row.shape for row in in_use])
    if not hashes:
        return []
    bits = watching.asked_bits(offer.trigger, offer.changed)
    amount = offer.amount
    rows = WATCHING(
        session,
        hashes=hashes,
        asks=watching.asks_with(bits),
        tech=[False, True] if offer.facts.get("tech") else [False],
        levels=list(range(watching.level(offer.confidence) + 1)),
        most=watching.NO_AMOUNT if amount is None else float(amount),
        kinds=list(offer.names),
        keys=list({name.partition(" ")[0] for names in offer.names.values() for name in names}),
    )
    return [(row, [Item(*told) for told in row.items]) for row in rows.fetchall()]
