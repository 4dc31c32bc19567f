"""A line that grew is one event with its last amount; what is something else's growth stays out of it."""

import pytest

from tests.extractor.readers import told


def sums(text: str) -> dict[str, list[int]]:
    """By firm the sums of its events."""
    found: dict[str, list[int]] = {}
    for event in told(text).events:
        found.setdefault(event.firm or "", []).append(int(event.amount.max or 0) if event.amount else 0)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "招商银行将澄砺科技的授信额度由1000万元追加至3000万元。",
        "招商银行对澄砺科技的授信从1000万元提高到了3000万元。",
        "澄砺科技在招商银行的授信额度从最初的1000万元增加到3000万元。",
        "招商银行最初给予澄砺科技1000万元授信，后追加至3000万元。",
        "招商银行给予澄砺科技授信1000万元，去年又增至3000万元。",
        "招商银行给予澄砺科技授信1000万元，2024年6月额度增至2000万元，今年再提高到3000万元。",
    ],
)
def test_a_line_that_grew_is_one_event_with_its_last_amount(text: str) -> None:
    (event,) = told(text).events
    assert event.amount and event.amount.max == 30_000_000
    assert "3000万元" in event.evidence
    assert sums(text) == {"澄砺科技": [30_000_000]}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("招商银行向澄砺科技发放贷款1000万元，年产值提高到2亿元。", {"澄砺科技": [10_000_000]}),
        (
            "招商银行给予澄砺科技授信1亿元，工商银行对星禾智能的授信增至5亿元。",
            {"澄砺科技": [100_000_000], "星禾智能": [500_000_000]},
        ),
    ],
)
def test_what_else_grew_is_not_the_lines_amount(text: str, wanted: dict[str, list[int]]) -> None:
    assert sums(text) == wanted


def test_a_sum_that_was_added_is_no_last_amount() -> None:
    (first, *_) = sums("招商银行给予澄砺科技授信1000万元，去年追加500万元。")["澄砺科技"]
    assert first == 10_000_000
