"""Our own measure of pairs counts as score.py does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.quality.measure import pair_f1


def _event(bank: str, firm: str | None, *aliases: str) -> dict[str, Any]:
    return {"bank": bank, "firm": firm, "firm_aliases": list(aliases)}


def test_a_firm_counts_under_any_of_the_golds_names() -> None:
    gold = {"a": [_event("工商银行", "上海星禾智能科技有限公司", "星禾智能")]}
    assert pair_f1(gold, {"a": [_event("工商银行", "星禾智能")]}) == pytest.approx((1, 1, 1))


def test_an_undisclosed_firm_matches_only_one_without_a_name() -> None:
    gold = {"a": [_event("工商银行", None)]}
    assert pair_f1(gold, {"a": [_event("工商银行", "星禾")]})[2] == 0
    assert pair_f1(gold, {"a": [_event("工商银行", None)]})[2] == pytest.approx(1)


def test_the_same_pair_twice_is_one_pair() -> None:
    gold = {"a": [_event("深圳农村商业银行", "星禾"), _event("深圳农商行", "星禾")], "b": []}
    told = {"a": [_event("深圳农商银行", "星禾")], "b": [_event("工商银行", "星禾")]}
    assert pair_f1(gold, told) == pytest.approx((0.5, 1, 2 / 3))
