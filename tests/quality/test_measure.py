"""Our own measures count as the gold's score.py does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.quality.across import merged, unseen
from tests.quality.calibration import calibration
from tests.quality.measure import errors, score

HUNDRED = {"min": 100, "max": 100, "currency": "CNY", "qualifier": "exact"}


def _event(bank: str, firm: str | None, *aliases: str, **more: Any) -> dict[str, Any]:
    return {"bank": bank, "firm": firm, "firm_aliases": list(aliases), **more}


def f1(gold: dict[str, Any], told: dict[str, Any], measure: str = "pair") -> float:
    return float(score(gold, told)[measure]["f1"])


def test_a_firm_counts_under_any_of_the_golds_names() -> None:
    gold = {"a": [_event("工商银行", "上海星禾智能科技有限公司", "星禾智能")]}
    assert f1(gold, {"a": [_event("工商银行", "星禾智能")]}) == 1


def test_an_undisclosed_firm_matches_only_one_without_a_name() -> None:
    gold = {"a": [_event("工商银行", None)]}
    assert f1(gold, {"a": [_event("工商银行", "星禾")]}) == 0
    assert f1(gold, {"a": [_event("工商银行", None)]}) == 1


def test_the_same_pair_twice_is_one_pair() -> None:
    gold = {"a": [_event("深圳农村商业银行", "星禾"), _event("深圳农商行", "星禾")], "b": []}
    pair = score(gold, {"a": [_event("深圳农商银行", "星禾")], "b": [_event("工商银行", "星禾")]})["pair"]
    assert (pair["precision"], pair["recall"]) == (0.5, 1)


def test_an_event_needs_its_amount_and_a_strict_one_its_instrument() -> None:
    gold = {"a": [_event("工商银行", "星禾", amount=HUNDRED, instrument="bond")]}
    assert f1(gold, {"a": [_event("工商银行", "星禾", instrument="bond")]}, "event") == 0
    told = {"a": [_event("工商银行", "星禾", amount=HUNDRED | {"qualifier": "about"}, instrument="loan")]}
    assert f1(gold, told, "event") == 1
    assert f1(gold, told, "strict") == 0


def test_another_fair_reading_of_a_slot_counts() -> None:
    gold = {"a": [_event("工商银行", "星禾", instrument="loan", ok={"instrument": ["tech_loan"]})]}
    assert score(gold, {"a": [_event("工商银行", "星禾", instrument="tech_loan")]})["slots"]["instrument"] == 1


def test_a_role_that_may_be_empty_counts_on_neither_side() -> None:
    gold = {"a": [_event("工商银行", "星禾", date="2026-03", ok={"date": [None]})]}
    for date in (None, "2026-03"):
        role = score(gold, {"a": [_event("工商银行", "星禾", date=date)]})["role"]
        assert (role["tp"], role["predicted"], role["gold"]) == (2, 2, 2)
    assert score(gold, {"a": [_event("工商银行", "星禾", date="2025")]})["role"]["predicted"] == 3


def test_an_article_without_events_is_clean_when_it_got_none() -> None:
    assert score({"a": [], "b": []}, {"b": [_event("工商银行", "星禾")]})["clean"] == 0.5


def test_every_kind_of_error_is_told() -> None:
    gold = [_event("工商银行", "星禾", date="2026"), _event("交通银行", "星禾")]
    told = [_event("工商银行", "星禾", date="2025"), _event("中国银行", "星禾")]
    assert [kind for kind, *_ in errors(gold, told)] == ["missed", "spurious", "slots date"]


def test_joining_tellings_is_measured_over_those_found() -> None:
    gold = {key: [_event("工商银行", "星禾")] for key in "abc"}
    same = [[("a", 0), ("b", 0)]]
    told = {key: [_event("工商银行", "星禾", same="x")] for key in "abc"}
    found = merged(gold, told, same)
    assert (found["precision"], found["recall"], found["events"]) == (0.5556, 1.0, 3)
    apart = merged(gold, {key: [_event("工商银行", "星禾")] for key in "abc"}, same)
    assert (apart["precision"], apart["recall"]) == (1.0, 0.6667)


def test_a_firm_is_unseen_when_no_name_of_it_is_known() -> None:
    gold = {"a": [_event("工商银行", "上海星禾智能科技有限公司", "星禾"), _event("工商银行", "澄砺")]}
    found = unseen(gold, {"a": [_event("工商银行", "澄砺")]}, [[_event("中国银行", "星禾")]])
    assert found == {"recall": 1.0, "pairs": 1}


def test_a_confidence_that_says_what_it_is_has_no_error() -> None:
    gold = {"a": [_event("工商银行", "星禾"), _event("交通银行", "星禾")]}
    sure = [_event("工商银行", "星禾", confidence=1.0), _event("中国银行", "星禾", confidence=0.0)]
    assert calibration(gold, {"a": sure}).error() == 0
    wrong = [_event("中国银行", "星禾", confidence=0.9), _event("工商银行", "星禾", confidence=0.9)]
    found = calibration(gold, {"a": wrong})
    assert found.error() == pytest.approx(0.4)
    assert (found.precision(), found.coverage()) == (0.5, 0.5)
