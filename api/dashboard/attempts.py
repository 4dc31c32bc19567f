"""How often an address may try to sign in. A key cannot be guessed; this keeps guessing from costing us anything.

Counted in PostgreSQL, before the key is looked at: all API processes see it, and no two tries pass as one. Who signs in
needs the database anyway, so there is no way in past the count, and no way to be kept out by the broker's being away.
"""

import math
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import bindparam, case, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from core import sql
from core.models import SignInTries

MOST = 10  # tries of one address within WINDOW
WINDOW = 60.0  # seconds
_SWEPT = 100  # addresses whose time is over that a try sweeps away
_table = sql.table(SignInTries)
_own = _table.c
_OVER = _own.since < func.now() - timedelta(seconds=WINDOW)
_first = insert(_table).values(address=bindparam("address"), tries=1)
_TRY = sql.Query(
    _first.on_conflict_do_update(
        index_elements=[_own.address],
        set_={
            "tries": case((_OVER, 1), else_=func.least(_own.tries + 1, MOST + 1)),
            "since": case((_OVER, func.now()), else_=_own.since),
        },
    ).returning(_own.tries, func.extract("epoch", _own.since + timedelta(seconds=WINDOW) - func.now()).label("left"))
)
_FORGET = sql.Query(delete(_table).where(_own.address == bindparam("address")))
_stale = select(_own.address).where(_OVER).limit(_SWEPT).with_for_update(skip_locked=True)
_SWEEP = sql.Query(delete(_table).where(_own.address.in_(_stale)))


def wait(asker: sql.Asker, address: str) -> int:
    """Count a try from `address`: seconds until the next is looked at, 0 where this one may be."""
    _SWEEP(asker)
    row = _TRY(asker, address=network(address)).fetchone()
    assert row is not None
    if row.tries <= MOST:
        return 0
    left: int = math.ceil(row.left)
    return max(1, left)


def forget(asker: sql.Asker, address: str) -> None:
    """It succeeded."""
    _FORGET(asker, address=network(address))


def network(address: str) -> str:
    """What counts as one: of IPv6 the network of 64 bits, all of whose addresses one household has."""
    try:
        told = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(told, IPv6Address):
        return str(told)
    return str(told.ipv4_mapped or ip_network((told, 64), strict=False))
