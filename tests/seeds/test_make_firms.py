"""The register of firms is what its sources make it."""

from pathlib import Path

import pytest

from seeds.make_firms import make, write
from seeds.registers import DATA

GAZETTEERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "gazetteers"
LISTED = "ts_code,symbol,name,area,industry,list_date\n"
BEFORE = "stock_code,short_name,list_date2\n"


@pytest.mark.skipif(not GAZETTEERS.is_dir(), reason="the lists are not on this machine")
def test_the_shipped_firms_are_made_anew_to_the_letter(tmp_path: Path) -> None:
    write(make(GAZETTEERS), tmp_path / "firms.csv")
    assert (tmp_path / "firms.csv").read_bytes() == (DATA / "firms.csv").read_bytes()


def _made(folder: Path, today: str, before: str = "", industry: str = "半导体") -> dict[str, list[str]]:
    """What the list's one company, with the code 000999, is made into: its name and its aliases."""
    (folder / "ashare_stock_basic_henrylin99_MIT.csv").write_text(
        f"{LISTED}000999.XX,000999,{today},江苏,{industry},2020-01-01\n", encoding="utf-8"
    )
    (folder / "ashare_adata_code.csv").write_text(f"{BEFORE}000999,{before},2020-01-01\n", encoding="utf-8")
    return {firm.name: firm.aliases for firm in make(folder) if firm.stock_code == "000999.XX"}


@pytest.mark.parametrize(
    ("today", "before", "made"),
    [
        ("甲乙丙丁", "甲乙丙丁", {"甲乙丙丁": []}),
        ("*ST甲乙丙", "", {"甲乙丙": ["*ST甲乙丙"]}),
        ("甲乙丙丁-UW", "", {"甲乙丙丁": ["甲乙丙丁-UW"]}),
        ("甲乙丙A", "甲 乙 丙Ａ", {"甲乙丙": ["甲乙丙A"]}),
        ("甲乙丙丁", "戊己庚辛", {"甲乙丙丁": ["戊己庚辛"]}),
        ("*ST甲乙", "甲乙股份", {"甲乙股份": ["*ST甲乙"]}),
        ("*ST甲乙", "", {"*ST甲乙": []}),
        ("农产品", "", {}),
        ("工商银行", "", {}),
    ],
)
def test_a_listed_name_is_rid_of_the_exchanges_marks(
    tmp_path: Path, today: str, before: str, made: dict[str, list[str]]
) -> None:
    assert _made(tmp_path, today, before) == made


def test_banks_of_the_list_are_left_to_their_own_register(tmp_path: Path) -> None:
    assert _made(tmp_path, "甲乙丙丁", industry="银行") == {}
