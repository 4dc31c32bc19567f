"""What the shipped registers promise, and what a broken one says."""

from collections import Counter
from pathlib import Path

import pytest

from core.names import GENERIC, fold
from core.register import BankEntry, FirmEntry
from seeds.registers import RegisterError, read_banks, read_firms, read_sectors, read_sources

# Shares of these words are on every page, of which only the whole name tells the bank.
AMBIGUOUS = {"兴业", "平安", "光大", "中信", "民生", "华夏", "浦发", "招商", "交通", "中原", "渤海", "浙商", "企业银行"}


def _names(entry: BankEntry | FirmEntry) -> tuple[str, ...]:
    return (entry.name, *entry.aliases)


def _entries() -> list[BankEntry | FirmEntry]:
    return [*read_banks(), *read_firms()]


def test_no_name_belongs_to_two_banks() -> None:
    owners = Counter(key for bank in read_banks() for key in {fold(name) for name in _names(bank)})
    assert [key for key, count in owners.items() if count > 1] == []


def test_no_name_belongs_to_two_firms_nor_to_a_firm_and_a_bank() -> None:
    banks = {fold(name) for bank in read_banks() for name in _names(bank)}
    owners = Counter(key for firm in read_firms() for key in {fold(name) for name in _names(firm)})
    assert [key for key, count in owners.items() if count > 1] == []
    assert sorted(banks & owners.keys()) == []


def test_no_stock_code_belongs_to_two_entries() -> None:
    codes = Counter(entry.stock_code for entry in _entries() if entry.stock_code)
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_subsidiary_has_its_parent_in_the_register() -> None:
    banks = {bank.name: bank for bank in read_banks()}
    orphans = [b.name for b in banks.values() if b.kind in {"leasing", "investment", "wealth"} and not b.parent]
    assert orphans == []
    assert [b.name for b in banks.values() if b.parent and b.parent not in banks] == []


def test_every_kind_of_bank_is_there_in_number() -> None:
    kinds = Counter(bank.kind for bank in read_banks())
    assert (kinds["policy"], kinds["state"], kinds["joint_stock"], kinds["private"]) == (3, 6, 12, 19)
    assert kinds["city"] >= 120
    assert kinds["rural"] >= 200
    assert min(kinds[kind] for kind in ("foreign", "leasing", "investment", "wealth")) >= 20


@pytest.mark.parametrize(
    ("told", "bank"),
    [
        ("中国工商银行股份有限公司", "工商银行"),
        ("建行", "建设银行"),
        ("上海浦东发展银行", "浦发银行"),
        ("广东发展银行", "广发银行"),
        ("浙江泰隆商业银行", "泰隆银行"),
        ("浙江民泰商业银行", "民泰银行"),
        ("中国进出口银行", "进出口银行"),
        ("深圳农村商业银行股份有限公司", "深圳农商银行"),
        ("绵阳农商行", "绵阳农商银行"),
        ("沪农商行", "上海农商银行"),
        ("常熟银行", "常熟农商银行"),
        ("工银金融资产投资有限公司", "工银投资"),
        ("兴业金融租赁有限责任公司", "兴银租赁"),
        ("浦银金融租赁股份有限公司", "浦银金租"),
        ("滙豐銀行", "汇丰银行"),
        ("中国银行（香港）有限公司", "中银香港"),
    ],
)
def test_a_bank_is_known_by_its_other_names(told: str, bank: str) -> None:
    assert {fold(name): b.name for b in read_banks() for name in _names(b)}[fold(told)] == bank


def test_no_name_is_one_character_or_a_word_that_means_other_things_as_often() -> None:
    names = [name for entry in _entries() for name in _names(entry)]
    assert [name for name in names if len(fold(name)) < 2 or fold(name) in GENERIC or name in AMBIGUOUS] == []


def test_no_rural_bank_goes_by_another_form_than_nong_shang_yin_hang() -> None:
    names = [bank.name for bank in read_banks() if bank.kind == "rural"]
    assert [name for name in names if name.endswith(("农商行", "农村商业银行"))] == []


def test_every_firm_has_a_known_sector_and_follows_it_in_tech() -> None:
    sectors = {sector.slug: sector for sector in read_sectors()}
    assert [firm.name for firm in read_firms() if firm.sector not in sectors] == []
    assert [firm.name for firm in read_firms() if firm.tech != sectors[str(firm.sector)].tech] == []


def test_exchange_marks_are_taken_off_firms_names() -> None:
    marked = [firm.name for firm in read_firms() if firm.name.startswith(("ST", "*ST")) or firm.name.endswith("-U")]
    assert [name for name in marked if len(name.lstrip("*ST")) > 2] == []
    assert {firm.name for firm in read_firms()} >= {"宁德时代", "寒武纪", "比亚迪", "中芯国际"}


def test_no_bank_is_listed_as_a_firm() -> None:
    assert [firm.name for firm in read_firms() if firm.name.endswith(("银行", "农商行"))] == []


def test_the_default_feeds_are_read() -> None:
    assert len({source.url for source in read_sources()}) == len(read_sources()) >= 10


HEADER = "name,kind,parent,stock_code,region,aliases\n"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("name,kind\n", 1, "columns"),
        ("", 1, "columns"),
        (HEADER + "甲银行,city,,,\n", 2, "5 cells"),
        (HEADER + "甲银行,city,,,,\n甲银行,city,,,,\n", 3, "twice"),
        (HEADER + "甲银行,city,,,,\n,city,,,,\n", 3, "empty"),
        (HEADER + "甲银行,shop,,,,\n", 2, "'shop' is none of"),
        (HEADER + "甲银行,city,,,,甲行|甲行\n", 2, "alias 甲行"),
        (HEADER + '"甲银行,city,,,,\n', 2, "unexpected end"),
    ],
)
def test_a_mistake_in_a_register_is_told_with_file_and_line(
    tmp_path: Path, content: str, line: int, reason: str
) -> None:
    path = tmp_path / "banks.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RegisterError) as error:
        read_banks(path)
    assert str(error.value).startswith(f"{path}, line {line}: ")
    assert reason in str(error.value)


def test_a_register_that_is_not_utf8_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "banks.csv"
    path.write_bytes(HEADER.encode() + "甲银行,city,,,,\n".encode("gb18030"))
    with pytest.raises(RegisterError, match=r"banks\.csv, line 2: .*utf-8"):
        read_banks(path)
