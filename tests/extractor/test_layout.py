"""A list under headings is a table in words: the heading names one side, each item's label the other."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from extractor import Lexicon, extract
from extractor.extract import read
from extractor.frames import frames
from seeds.registers import read_banks, read_firms
from tests.extractor.readers import DAY, LEXICON, told

SHARED = Path(__file__).parents[3] / "shared"
WEEKLY = "001_598e8578edda4a52.txt"

BY_FIRM = """## 金融机构支持情况

### 1. 澄砺科技

- 招商银行：创业之初即上门办理团体金融服务，去年又为公司设计综合金融方案。
- 杭州银行：为公司拿出一揽子金融服务方案，扩产时又给予授信支持。

### 2. 星禾智能

- 兴业银行：为企业提供800万元授信额度，随借随还。
"""
BY_BANK = """## 各行在做什么

### 招商银行

- 澄砺科技：发放知识产权质押贷款500万元。
- 星禾智能：开立资金账户并提供结算服务。
"""


def pairs(text: str) -> dict[tuple[str, str], str]:
    return {(event.firm or "", event.bank): event.instrument for event in told(text).events}


def test_each_item_tells_of_its_headings_firm_and_its_labels_bank() -> None:
    assert pairs(BY_FIRM) == {
        ("澄砺科技", "招商银行"): "advisory_service",
        ("澄砺科技", "杭州银行"): "credit_line",
        ("星禾智能", "兴业银行"): "credit_line",
    }


def test_the_heading_may_be_the_bank() -> None:
    found = pairs(BY_BANK)
    assert found["澄砺科技", "招商银行"] == "ip_pledge_loan"


def test_a_heading_that_says_more_than_a_name_lays_nothing_out() -> None:
    page = read("", BY_FIRM.replace("### 1. 澄砺科技", "### 澄砺科技怎样走到今天"), DAY, LEXICON)
    laid = [frame.laid for frame in frames(list(page.scenes()))]
    assert not any(sides and sides[1].name == "澄砺科技" for sides in laid)


def test_an_item_without_a_label_lays_nothing_out() -> None:
    page = read("", BY_FIRM.replace("招商银行：创业之初", "招商银行创业之初"), DAY, LEXICON)
    assert not any(frame.laid and frame.laid[0] == "招商银行" for frame in frames(list(page.scenes())))


def test_a_bare_bank_long_after_one_was_named_means_banks_as_such() -> None:
    named = "招商银行研究员认为，行业前景广阔。"
    between = "市场仍在扩大。" * 12
    said = "“银行与投资机构合作，以投贷联动为企业提供资金支持。”澄砺科技负责人说。"
    assert not any(event.bank == "招商银行" for event in told(f"{named}\n{between}\n{said}").events)


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the seeds lie in ../shared, which is not here")
def test_the_seed_documents_table_is_read_as_its_annotation_has_it() -> None:
    text = (SHARED / "seeds" / WEEKLY).read_text(encoding="utf-8")
    lexicon = Lexicon.build(read_banks(), read_firms())
    found = extract(title="", text=text, published=date(2025, 2, 24), lexicon=lexicon).events
    lines = (SHARED / "gold" / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    (gold,) = [one for one in map(json.loads, lines) if one["file"] == WEEKLY]
    wanted = {(one["firm"], one["bank"], one["instrument"]) for one in gold["events"] if one["firm"]}
    firms = {firm for firm, _, _ in wanted}
    told = {(one.firm, one.bank, one.instrument) for one in found if one.firm in firms}
    assert told == wanted
