"""Whom a filter's names mean; a name that means nobody is refused, with what may have been meant."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import column, or_, select, text
from sqlalchemy.orm import Session

from api.deps import beside_key
from api.errors import FieldError, Invalid
from api.naming import search
from api.naming.ranking import Kind
from api.schemas import PROVEN
from core import sql
from core.models import Article, Source
from core.names import fold

MOST_TOLD = 3  # suggestions for a name that means nobody


_HEAD = "coalesce(firm.merged_into, firm.id)"
_PROVEN = "firm.origin IN ({})".format(", ".join(f"'{one}'" for one in PROVEN))
_BANKS = (
    "SELECT key AS told, bank_id AS id, ARRAY[bank_id] AS every FROM bank_alias WHERE key = ANY(:bank_names) UNION ALL "
    "SELECT CAST(id AS text), coalesce(merged_into, id), ARRAY[coalesce(merged_into, id)] "
    "FROM bank WHERE id = ANY(CAST(:bank_ids AS uuid[]))"
)
_FIRMS = (
    f"SELECT key AS told, firm.id, {_HEAD} AS head FROM firm_alias JOIN firm ON firm.id = firm_id "  # noqa: S608
    f"WHERE {_PROVEN} AND key = ANY(:firm_names) UNION ALL SELECT CAST(firm.id AS text), firm.id, {_HEAD} "
    f"FROM firm WHERE {_PROVEN} AND id = ANY(CAST(:firm_ids AS uuid[]))"
)
_EVERY = "ARRAY(SELECT firm.id FROM firm WHERE firm.id = head OR firm.merged_into = head)"
_NAMES = text(
    f"SELECT (SELECT json_agg(named) FROM ({_BANKS}) AS named) AS bank, "  # noqa: S608 - text of this module
    f"(SELECT json_agg(named) FROM (SELECT told, id, {_EVERY} AS every FROM ({_FIRMS}) AS led) AS named) AS firm"
)
NAMES, BESIDE = sql.Query(_NAMES), beside_key(_NAMES.columns(column("bank"), column("firm")))
"""Asks for what `values` names, and the same beside the key of who asks; `meant` reads the row."""


Meant = dict[Kind, list[UUID]]
"""The ids of banks and firms that names mean."""


class Nobody(Exception):
    """Names that nobody has: the kind of each, its number in the filter and itself."""

    def __init__(self, names: Sequence[tuple[Kind, int, str]]) -> None:
        super().__init__(*(name for _, _, name in names))
        self.names = names


def values(banks: Sequence[str], firms: Sequence[str]) -> dict[str, Any]:
    """What `NAMES` is asked with."""
    asked = {"bank": banks, "firm": firms}
    told = {f"{kind}_names": [fold(name) for name in names] for kind, names in asked.items()}
    return {**told, **{f"{kind}_ids": list(_ids(names)) for kind, names in asked.items()}}


def meant(row: Any, banks: Sequence[str], firms: Sequence[str]) -> Meant:
    """The ids that names mean; raises Nobody.

    A bank by any of its names or by id; one that was merged leads to the one that stands for it. Firms likewise, with
    every row that was found to be one with them; a name that is only watched is none, so that nobody learns what others
    watch.
    """
    asked: dict[Kind, Sequence[str]] = {"bank": banks, "firm": firms}
    ids: Meant = {}
    nobody = []
    for kind, names in asked.items():
        known = {one["told"]: one for one in getattr(row, kind) or ()}
        told = [known.get(fold(name)) or known.get(str(next(iter(_ids([name])), ""))) for name in names]
        nobody += [(kind, number, names[number]) for number, one in enumerate(told) if one is None]
        ids[kind] = list(dict.fromkeys(UUID(row) for one in told if one for row in one["every"]))
    if nobody:
        raise Nobody(nobody)
    return ids


def refusal(session: Session, nobody: Nobody) -> Invalid:
    """Which names nobody has, and what may have been meant."""
    return Invalid(
        *(
            FieldError(field=f"query.{kind}.{number}", reason=_unknown(session, kind, name))
            for kind, number, name in nobody.names
        )
    )


def banks(session: Session, names: Sequence[str]) -> list[UUID]:
    """The ids of banks, as `meant` finds them; Invalid names those that no bank has."""
    return found(session, names, ())["bank"]


def firms(session: Session, names: Sequence[str]) -> list[UUID]:
    """The ids of firms likewise."""
    return found(session, (), names)["firm"]


def found(session: Session, banks: Sequence[str], firms: Sequence[str]) -> Meant:
    """Both, in one question where there are any."""
    if not banks and not firms:
        return {"bank": [], "firm": []}
    try:
        return meant(NAMES(session, **values(banks, firms)).fetchone(), banks, firms)
    except Nobody as nobody:
        raise refusal(session, nobody) from None


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
