"""All SQL of naming; a firm that is only watched is none."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.naming.ranking import Kind, Typed
from api.schemas import PROVEN
from core.models import Bank, BankAlias, Firm, FirmAlias

MOST_BEGINNING = 50
MOST_NEAR = 300
_LAST = "\U0010ffff"  # the last of all signs: what begins with a text sorts before the text and this
_KINDS: dict[Kind, tuple[type[Bank] | type[Firm], type[BankAlias] | type[FirmAlias]]] = {
    "bank": (Bank, BankAlias),
    "firm": (Firm, FirmAlias),
}


def begin(session: Session, kinds: Iterable[Kind], typed: Typed) -> Sequence[Any]:
    """Names that are, or begin with, what was typed, in signs, pinyin or initials; and whose stock code it is."""
    wanted = [statement for kind in kinds for statement in _beginning(kind, typed)]
    return session.execute(union_all(*wanted)).all()


def near(session: Session, kinds: Iterable[Kind], typed: Typed) -> Sequence[Any]:
    """Names that sound alike or share a mark with what was typed."""
    wanted = [statement for kind in kinds for statement in _near(kind, typed)]
    return session.execute(union_all(*wanted)).all()


def begins(kind: Kind, text: str) -> Select[Any]:
    """The ids of those one of whose names begins so, in signs, pinyin or initials, or whose stock code it is."""
    rows, alias = _KINDS[kind]
    typed = Typed.of(text)
    owner = BankAlias.bank_id if kind == "bank" else FirmAlias.firm_id
    found = [select(owner).where(_pattern(alias.key, typed.key))]
    if typed.latin:
        found += [select(owner).where(_between(column, typed.key)) for column in (alias.pinyin, alias.initials)]
    if typed.code:
        found.append(select(rows.id).where(_has_code(rows.stock_code, [typed.code])))
    return select(union_all(*found).subquery())


def known(session: Session, kind: Kind, keys: Iterable[str]) -> set[str]:
    """Those of the folded names that a bank or firm has."""
    rows, alias = _KINDS[kind]
    return set(session.scalars(select(alias.key).join(rows, _owns(kind)).where(alias.key.in_(keys), *_shown(kind))))


def meant(session: Session, kind: Kind, typed: Iterable[Typed]) -> dict[str, set[str]]:
    """The names of those whose stock code, whole pinyin or initials was typed, by its folded form."""
    rows, alias = _KINDS[kind]
    asked = list(typed)
    found: dict[str, set[str]] = {}
    letters = [one.key for one in asked if one.latin]
    for column in (alias.pinyin, alias.initials) if letters else ():
        spelt = select(column, rows.name).join(rows, _owns(kind)).where(column.in_(letters), *_shown(kind))
        for told, name in session.execute(spelt):
            found.setdefault(str(told), set()).add(name)
    codes = [(one.key, *one.code) for one in asked if one.code]
    digits = func.split_part(rows.stock_code, ".", 1)
    coded = select(digits, rows.stock_code, rows.name).where(digits.in_({code for _, code, _ in codes}), *_shown(kind))
    for code, whole, name in session.execute(coded) if codes else ():
        for key in (key for key, told, at in codes if told == code and (not at or whole == f"{told}.{at}")):
            found.setdefault(key, set()).add(name)
    return found


def _beginning(kind: Kind, typed: Typed) -> list[Select[Any]]:
    rows, alias = _KINDS[kind]
    found = [_some(kind, _pattern(alias.key, typed.key), MOST_BEGINNING)]
    if typed.latin:
        found += [_some(kind, _between(column, typed.key), MOST_BEGINNING) for column in (alias.pinyin, alias.initials)]
    if typed.code:
        found.append(_named_by(kind, _has_code(rows.stock_code, [typed.code])))
    return found


def _near(kind: Kind, typed: Typed) -> list[Select[Any]]:
    _, alias = _KINDS[kind]
    found = [_some(kind, alias.near.overlap(typed.marks), MOST_NEAR)]
    if typed.core_sound and not typed.latin:
        found.append(_some(kind, _between(alias.pinyin, typed.core_sound), MOST_BEGINNING))
    return found


def _pattern(key: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Keys that begin with a text, byte by byte, as the index of text_pattern_ops has them."""
    return and_(key.op("~>=~", is_comparison=True)(text), key.op("~<~", is_comparison=True)(text + _LAST))


def _between(column: InstrumentedAttribute[str | None], text: str) -> ColumnElement[bool]:
    """Spellings that begin with a text; their columns are compared byte by byte."""
    return and_(column >= text, column < text + _LAST)


def _has_code(column: InstrumentedAttribute[str | None], codes: Iterable[tuple[str, str]]) -> ColumnElement[bool]:
    digits = func.split_part(column, ".", 1)
    return or_(*(and_(digits == code, column == f"{code}.{at}" if at else literal(True)) for code, at in codes))


def _some(kind: Kind, condition: ColumnElement[bool], most: int) -> Select[Any]:
    """Up to `most` names that fulfil a condition, with their owners."""
    rows, alias = _KINDS[kind]
    names = (alias.alias.label("alias"), alias.key.label("key"), alias.pinyin, alias.initials)
    found = select(*_owner(kind), *names, literal(False).label("code")).join(rows, _owns(kind))
    return select(found.where(condition, *_shown(kind)).limit(most).subquery())


def _named_by(kind: Kind, condition: ColumnElement[bool]) -> Select[Any]:
    """Owners that fulfil a condition, each by its own name."""
    rows, _ = _KINDS[kind]
    nothing = literal(None).cast(rows.name.type)
    names = (rows.name.label("alias"), rows.name.label("key"), nothing.label("pinyin"), nothing.label("initials"))
    return select(*_owner(kind), *names, literal(True).label("code")).where(condition, *_shown(kind))


def _owner(kind: Kind) -> tuple[Any, ...]:
    rows, _ = _KINDS[kind]
    return (
        literal(kind).label("kind"),
        rows.id.label("id"),
        rows.name.label("name"),
        rows.stock_code.label("stock_code"),
    )


def _owns(kind: Kind) -> ColumnElement[bool]:
    return BankAlias.bank_id == Bank.id if kind == "bank" else FirmAlias.firm_id == Firm.id


def _shown(kind: Kind) -> tuple[ColumnElement[bool], ...]:
    return (Bank.merged_into.is_(None),) if kind == "bank" else (Firm.origin.in_(PROVEN), Firm.merged_into.is_(None))
