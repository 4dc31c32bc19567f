"""Tables in monthly parts: so that a month that is over its time goes at once, and the newest months stay small.

The key of each is an id that begins with its time (UUIDv7, RFC 9562), of the article or delivery that a row belongs
to. So all rows of one article lie in one part, unique constraints hold over the whole table without a column more,
and who asks by that id looks into one part alone. What has another kind of id lies in the default part.

Parts are made three months ahead, at the start and by the scheduler. Whatever came into the default part all the same
(the scheduler stood still for months; a backup was restored) is moved to the part of its month.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.clock import now

AHEAD = 3  # months
_EARLIEST, _LATEST = date(2020, 1, 1), timedelta(days=400)  # ids outside of that tell no time
_NAME = re.compile(r"(?P<table>[a-z_]+)_(?P<year>\d{4})_(?P<month>\d\d)")
_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtext('partitions'))")
_PATIENCE = text("SET LOCAL lock_timeout = '2s'")  # others' requests wait behind ours: rather try again


@dataclass(frozen=True)
class Parted:
    """A table in monthly parts, by the time in `key`."""

    table: str
    key: str

    def part(self, month: date) -> str:
        """The name of a month's part."""
        return f"{self.table}_{month:%Y_%m}"

    @property
    def default(self) -> str:
        """The name of the part of all that has no month."""
        return f"{self.table}_default"


MENTION, ATTEMPT = Parted("mention", "article_id"), Parted("attempt", "delivery_id")
PARTED = (MENTION, ATTEMPT)


def settle(session: Session) -> int:
    """Make the parts that are missing, of this month and those ahead, and one of those that the default part needs.

    How many were made; 0 where another process is at it.
    """
    if not session.scalar(_LOCK):
        return 0
    session.execute(_PATIENCE)
    made = 0
    for one in PARTED:
        there = set(parts(session, one))
        wanted = [month for month in _ahead(now()) if month not in there]
        for month in wanted + _strays(session, one):
            _make(session, one, month)
            made += 1
    return made


def drop_before(session: Session, one: Parted, moment: datetime) -> int:
    """Drop the parts that end before `moment`; how many rows went with them.

    0 where another process is at it, or where somebody reads the table for long.
    """
    over = [month for month in parts(session, one) if datetime.combine(_next(month), datetime.min.time(), UTC) < moment]
    if not over or not session.scalar(_LOCK):
        return 0
    try:
        with session.begin_nested():
            session.execute(_PATIENCE)
            return sum(_drop(session, one.part(month)) for month in over)
    except OperationalError:
        return 0


def _drop(session: Session, part: str) -> int:
    rows: int = session.scalar(text(f"SELECT count(*) FROM {part}")) or 0  # noqa: S608 - own name
    session.execute(text(f"DROP TABLE {part}"))
    return rows


def parts(session: Session, one: Parted) -> list[date]:
    """The months that have a part, the first one first."""
    found = (_NAME.fullmatch(name) for name in sorted(names(session.connection())))
    return [date(int(part["year"]), int(part["month"]), 1) for part in found if part and part["table"] == one.table]


def names(connection: Connection) -> set[str]:
    """The names of all parts of all tables."""
    is_part = text("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' AND pg_table_is_visible(oid)")
    return set(connection.scalars(is_part))


def bounds(month: date) -> tuple[UUID, UUID]:
    """The first id that can be of a month, and the first that can be of the next."""
    first, after = (datetime(day.year, day.month, 1, tzinfo=UTC) for day in (month, _next(month)))
    return UUID(int=int(first.timestamp() * 1000) << 80), UUID(int=int(after.timestamp() * 1000) << 80)


def _make(session: Session, one: Parted, month: date) -> None:
    """A month's part, with what of it lies in the default part."""
    part, (first, after) = one.part(month), bounds(month)
    session.execute(text(f"LOCK TABLE {one.default} IN ACCESS EXCLUSIVE MODE"))
    session.execute(text(f"CREATE TABLE {part} (LIKE {one.table} INCLUDING DEFAULTS)"))
    moved = f"DELETE FROM {one.default} WHERE {one.key} >= :first AND {one.key} < :after RETURNING *"  # noqa: S608 - own names
    session.execute(
        text(f"WITH moved AS ({moved}) INSERT INTO {part} SELECT * FROM moved"),  # noqa: S608
        {"first": first, "after": after},
    )
    span = f"FROM ('{first}') TO ('{after}')"
    session.execute(text(f"ALTER TABLE {one.table} ATTACH PARTITION {part} FOR VALUES {span}"))


def _strays(session: Session, one: Parted) -> list[date]:
    """One month of which rows lie in the default part, if there is any."""
    sensible = {"first": bounds(_EARLIEST)[0], "after": bounds((now() + _LATEST).date())[0]}
    stray = text(
        f"SELECT {one.key} FROM {one.default}"  # noqa: S608
        f" WHERE uuid_extract_version({one.key}) = 7 AND {one.key} >= :first AND {one.key} < :after"
        f" ORDER BY {one.key} LIMIT 1"
    )
    found: UUID | None = session.scalar(stray, sensible)
    if found is None:
        return []
    moment = datetime.fromtimestamp((found.int >> 80) / 1000, UTC)
    return [date(moment.year, moment.month, 1)]


def _ahead(moment: datetime) -> list[date]:
    months = [date(moment.year, moment.month, 1)]
    for _ in range(AHEAD):
        months.append(_next(months[-1]))
    return months


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
