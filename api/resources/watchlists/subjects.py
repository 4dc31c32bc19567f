"""What can be watched besides names: sectors and regions, by any of their names; and banks with a branch."""

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import cache

from core import regions, watching
from core.names import fold
from seeds.registers import Sector, read_sectors

_BRANCH = re.compile(r"(?:总行|分行|支行|营业部|分理处)$")
_BANK = re.compile(r".+?(?:银行|信用社|农信社|农信联社|信用合作联社)")


@cache
def sectors() -> tuple[Sector, ...]:
    """The sectors of seeds/data/sectors.csv."""
    return read_sectors()


def sector(told: str) -> str:
    """The slug of a sector by its slug or name; ValueError with suggestions where there is none."""
    known = {fold(name): one.slug for one in sectors() for name in (one.name_en, one.name, one.slug)}
    if found := known.get(fold(told)):
        return found
    near = [known[name] for name in get_close_matches(fold(told), known, 3, 0.5)]
    raise ValueError(f"no sector is called {told!r}: {_hint(near)}")


def region(told: str) -> str:
    """A province's or city's plain name by any spelling, 吉林市 apart; ValueError with suggestions."""
    found = regions.lookup(told)
    if found and told.strip().startswith(found[-1]):
        return found[-1] if regions.lookup(found[-1]) == found else told.strip()
    near = [found[-1]] if found else get_close_matches(told, [path[-1] for path in regions.known()], 3, 0.4)
    raise ValueError(f"no province or city is called {told!r}: {_hint(near)}")


def key_of(kind: str, name: str) -> str:
    """How what is watched is compared: a region by its path, as a city may be called like its province."""
    found = regions.lookup(name) if kind == "region" else None
    return watching.region_key(found) if found else fold(name)


def _hint(near: Iterable[str]) -> str:
    told = " or ".join(dict.fromkeys(near))
    return f"did you mean {told}?" if told else "GET /v1/watchlists/subjects lists them"


def may_hold_branch(name: str) -> bool:
    """Whether a bank's name ends as those of branches do."""
    return bool(_BRANCH.search(name))


def split_branch(name: str, banks: Collection[str]) -> tuple[str, str | None]:
    """招商银行苏州分行 as 招商银行 and 苏州分行: after the longest of the known `banks` (folded), else after 银行."""
    if not may_hold_branch(name) or fold(name) in banks:
        return name, None
    ends = [end for end in range(len(name) - 1, 1, -1) if fold(name[:end]) in banks]
    found = _BANK.match(name)
    end = ends[0] if ends else found.end() if found else len(name)
    return (name[:end].strip(), name[end:].strip() or None) if end < len(name) else (name, None)
