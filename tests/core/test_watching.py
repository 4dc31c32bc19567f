"""Branches as articles write them: which a watchlist on a bank's branch is told of when the bank is only mentioned."""

import pytest

from core.names import fold
from core.watching import branches_told

BANK = "样例银行"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("样例银行苏州分行走访了园区。", {"苏州分行"}),
        ("样例银行苏州市分行走访了园区。", {"苏州分行"}),
        ("样例银行江苏省分行营业部", {"江苏分行", "营业部", "江苏分行营业部"}),
        ("样例银行苏州分行园区支行与企业座谈", {"苏州分行", "园区支行", "苏州分行园区支行"}),
        ("样例银行总行与样例银行无锡分行", {"总行", "无锡分行"}),
        ("样例银行苏州分行、无锡分行及常州分行", {"苏州分行", "无锡分行", "常州分行"}),
        ("样例银行苏州分行和无锡分行", {"苏州分行", "无锡分行"}),
        ("样例银行苏州分行和平支行", {"苏州分行", "和平支行", "苏州分行和平支行"}),
        ("样例银行和平支行", {"和平支行"}),
        ("樣例銀行蘇州分行", {"苏州分行"}),
    ],
)
def test_a_branch_that_follows_its_bank_is_told(text: str, told: set[str]) -> None:
    assert {fold(one) for one in told} <= branches_told(text, fold(BANK))


def test_one_branch_is_not_joined_with_the_next() -> None:
    assert branches_told("样例银行总行与样例银行无锡分行、常州分行", fold(BANK)) == {"总行", "无锡分行", "常州分行"}


@pytest.mark.parametrize(
    "text",
    [
        "样例银行走访了园区。",
        "样例银行，苏州分行走访了园区。",
        "另一家银行苏州分行走访了园区。",
        "样例银行的客户很多，都不在苏州分行。",
        "苏州分行归样例银行管。",
    ],
)
def test_a_branch_that_is_told_apart_from_the_bank_is_not(text: str) -> None:
    assert branches_told(text, fold(BANK)) == set()
