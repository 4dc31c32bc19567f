"""The strategic emerging industries of the official list, and the sectors that belong to each (data/README.md)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Industry:
    """One field of 战略性新兴产业分类（2018）; `sectors` are the slugs of ours that belong to it."""

    code: int
    slug: str
    name: str
    name_en: str
    sectors: tuple[str, ...]


@cache
def industries() -> tuple[Industry, ...]:
    """All nine, in the official order."""
    members = _read("industry_sectors.csv")
    return tuple(
        Industry(
            int(row["code"]),
            row["slug"],
            row["name"],
            row["name_en"],
            tuple(one["sector"] for one in members if one["industry"] == row["slug"]),
        )
        for row in _read("industries.csv")
    )


@cache
def of_sector() -> dict[str, str]:
    """The slug of each sector's industry; sectors that belong to none are not in it."""
    return {sector: industry.slug for industry in industries() for sector in industry.sectors}


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
