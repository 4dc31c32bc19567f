"""Each error is counted once, under the cause that holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from extractor import Lexicon
from extractor.extract import read
from seeds.registers import read_banks
from train.causes import missed, slots, vain
from train.known import Known

TEXT = "工商银行向深圳澄砺机器人有限公司发放流动资金贷款1000万元。"
GOLD: dict[str, Any] = {
    "bank": "工商银行",
    "branch": None,
    "firm": "深圳澄砺机器人有限公司",
    "firm_aliases": [],
    "tech": True,
    "instrument": "working_capital_loan",
    "amount": None,
    "date": None,
    "term_months": None,
    "status": "granted",
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.build(read_banks(), ())


def _known(lexicon: Lexicon, *events: dict[str, Any], text: str = TEXT) -> Known:
    return Known("a", events, read("", text, date(2026, 3, 2), lexicon))


def test_a_missed_pair_has_the_first_cause_that_holds(lexicon: Lexicon) -> None:
    other_firm, other_bank = GOLD | {"firm": "苏州远岫材料有限公司"}, GOLD | {"bank": "招商银行"}
    known = _known(lexicon, GOLD, other_firm, other_bank)
    assert list(missed(known, [])) == [
        "offered, but judged to tell nothing",
        "its firm was not found by name",
        "its bank was not found",
    ]
    assert list(missed(_known(lexicon, GOLD), [GOLD])) == []
    assert list(missed(_known(lexicon, GOLD, text="今天天气很好。"), [])) == ["the first look put the article aside"]


def test_a_pair_told_in_vain_is_told_by_its_sides(lexicon: Lexicon) -> None:
    strange = GOLD | {"firm": "苏州远岫材料有限公司"}
    assert list(vain(_known(lexicon, GOLD), [GOLD, strange])) == ["a firm of no event with a bank of one"]
    assert list(vain(_known(lexicon), [strange])) == ["in an article without an event"]


def test_a_wrong_slot_says_how(lexicon: Lexicon) -> None:
    told = GOLD | {"date": "2026-03", "instrument": "loan"}
    assert list(slots(_known(lexicon, GOLD), [told])) == ["instrument: another", "date: told, but is none"]
