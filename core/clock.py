"""The time, asked in one place."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def first_id(moment: datetime) -> UUID:
    """The least UUIDv7 (RFC 9562, section 5.7) that a row made at `moment` can have."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (0x7 << 76) | (0b10 << 62))


def as_utc(moment: datetime, *, zone: ZoneInfo = SHANGHAI) -> datetime:
    """`moment` in UTC; a naive one is read in `zone`."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def day_in(moment: datetime, zone: ZoneInfo = SHANGHAI) -> date:
    """The calendar day of `moment` in `zone`: 00:30 on 1 March in China is March."""
    return as_utc(moment, zone=zone).astimezone(zone).date()


def read_moment(text: str, *, zone: ZoneInfo = SHANGHAI) -> datetime:
    """An ISO date or date-time as an aware UTC moment; raises ValueError that quotes what is none."""
    try:
        return as_utc(datetime.fromisoformat(text.strip()), zone=zone)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no ISO date or date-time") from error
