"""Whom a filter's names mean; a name that means nobody is refused, with what may have been meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import column, text
from sqlalchemy.orm import Session

from api.deps import beside_key
from api.errors import FieldError, Invalid
from api.naming import search
from api.naming.ranking import Kind
from api.schemas import PROVEN
from core import sql
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
_SOURCES = (
    "SELECT told, place, EXISTS (SELECT FROM article WHERE article.source_name = told) AS is_outlet, "
    "ARRAY(SELECT id FROM source WHERE source.name = told OR CAST(source.id AS text) = lower(told)) AS every "
    "FROM unnest(CAST(:source_names AS text[])) WITH ORDINALITY AS asked (told, place)"
)
NAMED = (
    f"banks AS MATERIALIZED ({_BANKS}), "  # noqa: S608 - text of this module
    f"firms AS MATERIALIZED (SELECT told, id, {_EVERY} AS every FROM ({_FIRMS}) AS led), "
    f"sources AS MATERIALIZED ({_SOURCES}), named AS MATERIALIZED (SELECT "
    "(SELECT json_agg(banks) FROM banks) AS bank, ARRAY(SELECT DISTINCT unnest(every) FROM banks) AS bank_id, "
    "(SELECT json_agg(firms) FROM firms) AS firm, ARRAY(SELECT DISTINCT unnest(every) FROM firms) AS firm_id, "
    "(SELECT json_agg(sources ORDER BY place) FROM sources) AS source, "
    "ARRAY(SELECT DISTINCT unnest(every) FROM sources) AS source_id)"
)
"""For WITH: `named`, one row that `meant` reads, of what `values` names, and arrays of their `…_id`s."""
COLUMNS = ("bank", "firm", "source")
"""Those of it that `meant` reads."""
_NAMES = text(f"WITH {NAMED} SELECT bank, firm, source FROM named")  # noqa: S608
NAMES, BESIDE = sql.Query(_NAMES), beside_key(_NAMES.columns(*map(column, COLUMNS)))
"""Asks for that row, and the same beside the key of who asks."""


@dataclass(frozen=True)
class Names:
    """Names of a filter."""

    bank: Sequence[str] = ()
    firm: Sequence[str] = ()
    source: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.bank or self.firm or self.source)

    @property
    def values(self) -> dict[str, Any]:
        """What `NAMES` is asked with; nothing where there are none."""
        if not self:
            return {}
        return {
            "bank_names": [fold(name) for name in self.bank], "bank_ids": list(_ids(self.bank)),
            "firm_names": [fold(name) for name in self.firm], "firm_ids": list(_ids(self.firm)),
            "source_names": list(self.source),
        }  # fmt: skip


@dataclass(frozen=True)
class Meant:
    """Whom they mean: ids, and the outlets' names that stand at articles."""

    bank: Sequence[UUID] = ()
    firm: Sequence[UUID] = ()
    source: Sequence[UUID] = ()
    outlets: Sequence[str] = ()
    inside: bool = False  # nothing is known yet: the statement finds it out, with NAMED


class Nobody(Exception):
    """Names that nobody has: of each the filter, its number there and itself."""

    def __init__(self, names: Sequence[tuple[str, int, str]]) -> None:
        super().__init__(*(name for _, _, name in names))
        self.names = names


def meant(names: Names, row: Any) -> Meant:
    """Whom names mean by the answer of `NAMES`; raises Nobody.

    A bank by any of its names or by id; one that was merged leads to the one that stands for it. Firms likewise, with
    every row that was found to be one with them; a name that is only watched is none, so that nobody learns what others
    watch. A source by id or name.
    """
    parties: dict[str, list[UUID]] = {}
    nobody: list[tuple[str, int, str]] = []
    for kind, asked in (("bank", names.bank), ("firm", names.firm)):
        known = {one["told"]: one for one in getattr(row, kind) or ()}  # of whose rows each is named
        nobody += [
            (kind, number, name)
            for number, name in enumerate(asked)
            if fold(name) not in known and not known.keys() & set(map(str, _ids([name])))
        ]
        parties[kind] = list(dict.fromkeys(UUID(row) for one in known.values() for row in one["every"]))
    sources = row.source or []
    nobody += [
        ("source", number, one["told"])
        for number, one in enumerate(sources)
        if not one["every"] and not one["is_outlet"]
    ]
    if nobody:
        raise Nobody(nobody)
    ids = [UUID(one) for source in sources for one in source["every"]]
    return Meant(parties["bank"], parties["firm"], ids, [one["told"] for one in sources if one["is_outlet"]])


def refusal(session: Session, nobody: Nobody) -> Invalid:
    """Which names nobody has, and what may have been meant."""
    return Invalid(
        *(
            FieldError(field=f"query.{filter_}.{number}", reason=_unknown(session, filter_, name))
            for filter_, number, name in nobody.names
        )
    )


def found(session: Session, names: Names) -> Meant:
    """Whom names mean, as `meant` tells; Invalid names those that nobody has."""
    if not names:
        return Meant()
    try:
        return meant(names, NAMES(session, **names.values).fetchone())
    except Nobody as nobody:
        raise refusal(session, nobody) from None


def banks(session: Session, names: Sequence[str]) -> list[UUID]:
    """The ids of banks alone."""
    return list(found(session, Names(bank=names)).bank)


def firms(session: Session, names: Sequence[str]) -> list[UUID]:
    """The ids of firms alone."""
    return list(found(session, Names(firm=names)).firm)


def _unknown(session: Session, kind: str, name: str) -> str:
    if kind == "source":
        return f"no source or outlet is called {name!r}"
    near = dict.fromkeys(fit.row.name for fit in search.find(session, [cast("Kind", kind)], name, MOST_TOLD))
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
