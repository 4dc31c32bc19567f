"""In each quote the bank, firm, amount and date of the event are marked, and no others."""

from typing import Any

import pytest

from alerts.marks import of_event, of_names

EVENT: dict[str, Any] = {
    "bank": {"id": "b", "name": "样例建设发展银行"},
    "branch": "苏州分行",
    "firm": {"id": "f", "name": "青禾智造科技有限公司", "aliases": ["青禾智造"]},
    "firm_description": None,
    "amount": {"min": 8_000_000, "max": 8_000_000, "currency": "CNY", "qualifier": "exact"},
    "date": "2026-03-13",
}


def marked(quote: str, **event: Any) -> list[str]:
    pieces = of_event(quote, EVENT | event)
    assert "".join(piece.text for piece in pieces) == quote
    return [piece.text for piece in pieces if piece.fact]


@pytest.mark.parametrize(
    ("quote", "facts"),
    [
        ("3月13日，样例建设发展银行向青禾智造发放贷款800万元", ["3月13日", "样例建设发展银行", "青禾智造", "800万元"]),
        (
            "2026年3月建行苏州分行给青禾智造科技有限公司0.08亿元",
            ["2026年3月", "建行", "苏州分行", "青禾智造科技有限公司", "0.08亿元"],
        ),
        ("贷款8,000,000元，另有900万元授信", ["8,000,000元"]),
        ("该行与多家银行合作", []),
        ("去年3月14日和2025年3月签约", []),
        ("<b>青禾智造</b>", ["青禾智造"]),
        ("", []),
    ],
)
def test_facts_are_marked_as_they_stand_in_the_quote(quote: str, facts: list[str]) -> None:
    assert marked(quote) == facts


def test_what_an_event_does_not_tell_is_not_marked() -> None:
    assert marked("3月向某企业发放800万元", amount=None, date=None, firm=None, branch=None) == []
    assert marked("约500万美元至800万元", amount={"min": 5e6, "max": 8e6}) == ["500万美元", "800万元"]


def test_the_names_of_mentions_are_marked() -> None:
    assert [piece.text for piece in of_names("甲公司与乙公司", ["甲公司"]) if piece.fact] == ["甲公司"]
