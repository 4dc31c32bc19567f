"""Whom a filter's names mean; a name that means nobody is refused, with what may have been meant."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from api.errors import FieldError, Invalid
from api.naming import search
from api.naming.ranking import Kind
from api.schemas import PROVEN
from core.models import Article, Bank, BankAlias, Firm, FirmAlias, Source
from core.names import fold

MOST_TOLD = 3  # suggestions for a name that means nobody


def banks(session: Session, names: Sequence[str]) -> list[UUID]:
    """The ids of banks, each by any of its names or by id; Invalid names those that no bank has."""
    keys = select(BankAlias.key, BankAlias.bank_id).where(BankAlias.key.in_([fold(name) for name in names]))
    by_key = {row[0]: row[1] for row in session.execute(keys)}
    led = select(Bank.id, func.coalesce(Bank.merged_into, Bank.id)).where(Bank.id.in_(_ids(names)))
    by_id = {row[0]: row[1] for row in session.execute(led)}  # one that was merged leads to the one that stands for it
    return _each(names, lambda name: _meant(name, by_key, by_id), lambda name: _unknown(session, "bank", name), "bank")


def firms(session: Session, names: Sequence[str]) -> list[UUID]:
    """The ids of firms likewise, with every row that was found to be one with them.

    A name that is only watched is none, so that nobody learns what others watch.
    """
    keys = select(FirmAlias.key, Firm.id).join(Firm, Firm.id == FirmAlias.firm_id).where(Firm.origin.in_(PROVEN))
    keys = keys.where(FirmAlias.key.in_([fold(name) for name in names]))
    by_key = {row[0]: row[1] for row in session.execute(keys)}
    proven = select(Firm.id).where(Firm.id.in_(_ids(names)), Firm.origin.in_(PROVEN))
    by_id = {one: one for one in session.scalars(proven)}
    told = _each(names, lambda name: _meant(name, by_key, by_id), lambda name: _unknown(session, "firm", name), "firm")
    heads = select(func.coalesce(Firm.merged_into, Firm.id)).where(Firm.id.in_(told))
    return list(session.scalars(select(Firm.id).where(or_(Firm.id.in_(heads), Firm.merged_into.in_(heads)))))


def sources(session: Session, names: Sequence[str]) -> tuple[list[UUID], list[str]]:
    """The ids of the sources meant, by id or name, and the outlets' names that stand at articles."""
    ids: list[UUID] = []
    outlets: list[str] = []
    wrong: list[FieldError] = []
    for number, name in enumerate(names):
        found = session.scalars(select(Source.id).where(or_(Source.id.in_(_ids([name])), Source.name == name))).all()
        known = session.scalar(select(select(Article.id).where(Article.source_name == name).exists()))
        ids += found
        outlets += [name] if known else []
        if not found and not known:
            wrong.append(FieldError(field=f"query.source.{number}", reason=f"no source or outlet is called {name!r}"))
    if wrong:
        raise Invalid(*wrong)
    return ids, outlets


def _each(
    names: Sequence[str], mean: Callable[[str], UUID | None], complain: Callable[[str], str], field: str
) -> list[UUID]:
    found = [mean(name) for name in names]
    unknown = [(number, name) for number, name in enumerate(names) if found[number] is None]
    if unknown:
        raise Invalid(*(FieldError(field=f"query.{field}.{number}", reason=complain(name)) for number, name in unknown))
    return list(dict.fromkeys(one for one in found if one is not None))


def _meant(name: str, by_key: dict[str, UUID], by_id: dict[UUID, UUID]) -> UUID | None:
    told = next(iter(_ids([name])), None)
    return by_key.get(fold(name)) or (by_id.get(told) if told else None)


def _unknown(session: Session, kind: Kind, name: str) -> str:
    near = dict.fromkeys(fit.row.name for fit in search.find(session, [kind], name, MOST_TOLD))
    return f"no {kind} is called {name!r}" + (f": did you mean {' or '.join(near)}?" if near else "")


def _ids(names: Sequence[str]) -> set[UUID]:
    """Those of `names` that are ids."""
    found = set()
    for name in names:
        try:
            found.add(UUID(name))
        except ValueError:
            continue
    return found
