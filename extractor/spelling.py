"""A duty of catching up: how the registers' names are spelt (core/pinyin.py)."""

from functools import cache
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from core.models import BankAlias, FirmAlias
from core.pinyin import Spelling, spell
from core.sql import Query, given, table

_Names = type[BankAlias] | type[FirmAlias]
BATCH = 500  # names spelt in one transaction


def unspelt(names: _Names) -> Select[Any]:
    """The names that are not spelt yet."""
    return select(names.key).where(names.pinyin.is_(None))


def spell_banks(session: Session) -> int:
    """Spell the banks' names that are not spelt yet."""
    return _spell(session, BankAlias)


def spell_firms(session: Session) -> int:
    """Spell the firms' names that are not spelt yet."""
    return _spell(session, FirmAlias)


def _spell(session: Session, names: _Names) -> int:
    keys = session.scalars(unspelt(names).limit(BATCH).with_for_update(skip_locked=True)).all()
    if keys:
        _writing(names)(session, spelt=[{"key": key, **spell(key)._asdict()} for key in keys])
    return len(keys)


@cache
def _writing(names: _Names) -> Query:
    own = table(names)
    spelt = given("spelt", own, "key", *Spelling._fields)
    return Query(update(own).where(own.c.key == spelt.c.key).values({name: spelt.c[name] for name in Spelling._fields}))
