"""What was typed into a form may mean these banks and firms, by any alias, code, pinyin or initials, or regions."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from api.naming import search
from api.naming.ranking import SURE, Kind
from api.resources.watchlists import store, subjects
from core import regions

MOST = 8  # that are suggested


@dataclass(frozen=True)
class Suggestion:
    """A name to take: `note` is what else tells it apart (a stock code, the alias that was found, a province)."""

    name: str
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What `text` may mean. `sure`: the one thing that it can mean, which needs no choice. `as_typed`: whether it may
    be watched as it stands, though nothing is called so."""

    kind: str
    text: str
    suggestions: list[Suggestion] = field(default_factory=list)
    sure: str = ""
    as_typed: bool = False


def find(session: Session, kind: str, text: str) -> Found:
    """What a text may mean as a bank, firm or region; nothing for a blank one."""
    told = text.strip()
    if not told:
        return Found(kind, "")
    if kind == "region":
        return _regions(told)
    bank, branch = subjects.split_branch(told, store.banks_in(session, [told])) if kind == "bank" else (told, None)
    found = _named(session, kind, bank)
    if branch is None:
        return found
    beside = [Suggestion(f"{one.name} / {branch}", one.note) for one in found.suggestions]
    return Found(kind, told, beside, f"{found.sure} / {branch}" if found.sure else "", as_typed=True)


def _named(session: Session, kind: str, text: str) -> Found:
    kinds: list[Kind] = ["bank" if kind == "bank" else "firm"]
    fits = search.find(session, kinds, text, MOST)
    sure = [one.row.name for one in fits if one.match in SURE]
    told = [Suggestion(one.row.name, one.row.stock_code or _alias(one.row)) for one in fits]
    return Found(kind, text, told, sure[0] if len(sure) == 1 else "", as_typed=not sure)


def _alias(row: object) -> str:
    alias, name = getattr(row, "alias", ""), getattr(row, "name", "")
    return alias if alias != name else ""


def _regions(text: str) -> Found:
    """Provinces and cities with the text in their names, those that begin with it first; any spelling of one."""
    near = sorted(
        (path for path in regions.known() if text in path[-1]), key=lambda path: not path[-1].startswith(text)
    )
    meant = regions.lookup(text)
    paths = list(dict.fromkeys([*([meant] if meant else []), *near]))[:MOST]
    told = [Suggestion(path[-1], path[0] if len(path) > 1 else "") for path in paths]
    return Found("region", text, told, meant[-1] if meant else "")
