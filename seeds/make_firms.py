"""Makes `data/firms.csv` anew: `python -m seeds.make_firms ../shared/data/gazetteers` (see data/README.md).

Three hands in it: the A-share list (code, short name, area, industry), the short names of the same codes in 2023, which
become aliases, and `firms_known.csv`, written by hand, whose name for a code wins.
"""

import csv
import re
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from core.names import fold
from seeds.registers import DATA, read_banks, read_sectors

LISTED = "ashare_stock_basic_henrylin99_MIT.csv"
NAMES_OF_2023 = "ashare_adata_code.csv"
BANKS = "银行"  # the list's own industry word; banks have a register of their own
LEAST = 3  # characters: shorter names drawn from a list are mostly everyday words

# What an exchange puts before or behind a name: warnings (ST), first days (N, C), ex-rights days (XD, XR, DR) …
_BEFORE = re.compile(r"^(?:\*?ST|退市|XD|XR|DR|[NCS](?=[\u4e00-\u9fff]))")
# … share classes (A, B) and voting or profit marks (-U, -W, -UW, -WD).
_BEHIND = re.compile(r"(?:-[UWD]+|(?<=[\u4e00-\u9fff])[AB]|退)$")


@dataclass
class Firm:
    """One firm in the making; `source` says whose facts these are: ashare, known, or both."""

    name: str
    stock_code: str
    sector: str
    region: str
    source: str
    aliases: list[str] = field(default_factory=list)


def make(gazetteers: Path) -> list[Firm]:
    """The firms known by hand, then those of the lists in `gazetteers`; every name belongs to one firm."""
    known = [_known(row) for row in _table(DATA / "firms_known.csv")]
    by_code = {firm.stock_code: firm for firm in known if firm.stock_code}
    sectors = {row["industry"]: row["sector"] for row in _table(DATA / "industries.csv")}
    before = {row["stock_code"]: row["short_name"] for row in _table(gazetteers / NAMES_OF_2023)}
    listed = []
    for row in _table(gazetteers / LISTED):
        if row["industry"] == BANKS:
            continue
        names = _names(row["name"], before.get(row["symbol"], ""))
        if firm := by_code.get(row["ts_code"]):
            firm.aliases += names
            firm.source = "known+ashare"
        else:
            listed.append(Firm(names[0], row["ts_code"], sectors[row["industry"]], row["area"], "ashare", names[1:]))
    return _one_owner_a_name(known, listed)


def _known(row: dict[str, str]) -> Firm:
    return Firm(row["name"], row["stock_code"], row["sector"], row["region"], "known", row["aliases"].split("|"))


def _names(today: str, in_2023: str) -> list[str]:
    """A listed firm's names, the one to go by first: today's without the exchange's marks where that says enough."""
    marked, bare, former = _clean(today), _bare(today), _bare(in_2023)
    first = bare if len(bare) >= LEAST else (former if len(former) >= LEAST else marked)
    return [first, *(name for name in (bare, marked, former) if name != first and len(name) >= LEAST)]


def _bare(name: str) -> str:
    return _BEHIND.sub("", _BEFORE.sub("", _clean(name)))


def _clean(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _one_owner_a_name(known: list[Firm], listed: list[Firm]) -> list[Firm]:
    """The firms whose name is free, with the aliases that are; banks come first, then names before aliases."""
    left_out = {fold(line) for line in (DATA / "firms_left_out.txt").read_text("utf-8").splitlines()}
    taken = left_out | {fold(name) for bank in read_banks() for name in (bank.name, *bank.aliases)}
    kept = []
    for firm in known + listed:
        if fold(firm.name) not in taken:
            taken.add(fold(firm.name))
            kept.append(firm)
    for firm in kept:
        # dict.fromkeys: a name may come from two lists
        firm.aliases = [alias for alias in dict.fromkeys(firm.aliases) if alias and fold(alias) not in taken]
        taken |= {fold(alias) for alias in firm.aliases}
    return kept


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write(firms: list[Firm], path: Path) -> None:
    """Writes `firms` to `path` as `seeds.registers.read_firms` reads them; `tech` follows the sector."""
    tech = {sector.slug: "" if sector.tech is None else str(sector.tech).lower() for sector in read_sectors()}
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("name", "stock_code", "sector", "tech", "region", "aliases", "source"))
        for firm in firms:
            aliases = "|".join(firm.aliases)
            table.writerow(
                (firm.name, firm.stock_code, firm.sector, tech[firm.sector], firm.region, aliases, firm.source)
            )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m seeds.make_firms GAZETTEERS")
    write(make(Path(sys.argv[1])), DATA / "firms.csv")
