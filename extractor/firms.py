"""Which firm a group of tellings is about: one known by a name, one named alike, or one learnt from them.

A short name and a full one told by different articles are one firm when nothing else can be meant
(kinship.alike); two learnt firms that one telling names together are joined, the older row standing for both.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from core import regions
from core.models import Firm
from core.names import fold
from core.sql import Asker
from extractor import store
from extractor.compare import Facts
from extractor.kinship import alike, parts, strangers

LEARNING = "firm names"  # the lock under which names are learnt: two articles may teach one firm


class Firms:
    """The firms that one article's tellings are about; `ids` are those of firms to be learnt.

    `asked` are firms asked for beforehand: they count until something is learnt.
    """

    def __init__(self, session: Asker, ids: Iterator[UUID], asked: store.AskedFirms | None) -> None:
        self._session, self._ids, self._asked = session, ids, asked
        self._known: dict[UUID, Firm] = {}

    def resolve(self, tellings: Sequence[Facts], told: Sequence[str]) -> Firm | None:
        """The firm of a group of tellings, which name it `told`; None where it is undisclosed."""
        names = sorted(set(told))
        if not names:
            return None
        fullest = max(names, key=lambda name: (parts(name).legal, len(name), name))
        asked, self._asked = self._asked, None
        if asked is None or asked.names != set(names):
            asked = store.AskedFirms(self._session, names)
        rows = asked.read()
        named = [row for row in rows if row.named] or _alike(names, [row for row in rows if row.kin])
        found = [store.firm_of(row) for row in named]
        if not found:
            firm = self._learn(fullest, names, tellings)
            self._known[firm.id] = firm
            return firm
        firm = found[0]
        for other in found[1:]:
            if _may_join(firm, other):  # found is oldest first
                store.join_firms(self._session, firm, other)
                self._known[other.id] = firm
        if firm.origin == "learnt" and firm.edited_at is None and _fuller(fullest, firm.name):
            store.rename(self._session, firm, fullest)
        store.add_aliases(self._session, firm, names)
        self._known[firm.id] = firm
        return firm

    def standing_for(self, firm: Firm | None) -> Firm | None:
        """What is known by now of a firm that was resolved before: its fuller name, or the firm it was joined to."""
        while firm is not None and (known := self._known.get(firm.id, firm)) is not firm:
            firm = known
        return firm

    def _learn(self, name: str, names: Sequence[str], tellings: Sequence[Facts]) -> Firm:
        sector = next((t["sector"] for t in tellings if t.get("sector")), None)
        tech = any(t["tech"] for t in tellings) if tellings else None
        place = regions.of_name(name)
        region = place[-1] if place else None
        return store.learn_firm(self._session, next(self._ids), name, names, tech=tech, sector=sector, region=region)


def _may_join(firm: Firm, other: Firm) -> bool:
    """Whether an article may show two firms to be one: learnt ones, of which the operator says nothing else."""
    refused = {alias.key for alias in other.aliases} & set(firm.refused or ())
    return other.origin == firm.origin == "learnt" and other.edited_at is None and not refused


def _alike(names: Sequence[str], known: Sequence[Any]) -> list[Any]:
    """The one of the known firms (rows with `aliases`) that is named alike, if there is just one."""
    found = [
        row
        for row in known
        if not strangers(names, row.aliases) and any(alike(name, other) for name in names for other in row.aliases)
    ]
    return found if len(found) == 1 else []


def _fuller(name: str, known: str) -> bool:
    return (parts(name).legal, len(fold(name))) > (parts(known).legal, len(fold(known)))
