"""The regions are what the official division makes them."""

from pathlib import Path

import pytest

from core.regions import DATA
from seeds.make_regions import make, short, write

GAZETTEERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "gazetteers"


@pytest.mark.skipif(not GAZETTEERS.is_dir(), reason="the lists are not on this machine")
def test_the_shipped_regions_are_made_anew_to_the_letter(tmp_path: Path) -> None:
    write(make(GAZETTEERS), tmp_path / "regions.csv")
    assert (tmp_path / "regions.csv").read_bytes() == DATA.read_bytes()


@pytest.mark.parametrize(
    ("full", "bare"),
    [
        ("苏州市", "苏州"),
        ("内蒙古自治区", "内蒙古"),
        ("广西壮族自治区", "广西"),
        ("新疆维吾尔自治区", "新疆"),
        ("香港特别行政区", "香港"),
        ("延边朝鲜族自治州", "延边"),
        ("黔西南布依族苗族自治州", "黔西南"),
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏"),
        ("锡林郭勒盟", "锡林郭勒"),
        ("大兴安岭地区", "大兴安岭"),
        ("杭州市", "杭州"),
        ("郊区", "郊区"),
    ],
)
def test_a_division_is_called_without_its_kind(full: str, bare: str) -> None:
    assert short(full) == bare
