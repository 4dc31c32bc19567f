"""A duty of catching up: how the registers' names are spelt (core/pinyin.py)."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.models import BankAlias, FirmAlias
from core.pinyin import spell

BATCH = 500  # names spelt in one transaction


def spell_banks(session: Session) -> int:
    """Spell the banks' names that are not spelt yet."""
    return _spell(session, BankAlias)


def spell_firms(session: Session) -> int:
    """Spell the firms' names that are not spelt yet."""
    return _spell(session, FirmAlias)


def _spell(session: Session, table: type[BankAlias] | type[FirmAlias]) -> int:
    unspelt = select(table.key).where(table.pinyin.is_(None)).limit(BATCH).with_for_update(skip_locked=True)
    rows = [{"key": key, **spell(key)._asdict()} for key in session.scalars(unspelt)]
    if rows:
        session.execute(update(table), rows)
    return len(rows)
