"""An explanation comes to the events that `extract` comes to, and leaves nothing on the way untold."""

from __future__ import annotations

from datetime import date

import pytest

from extractor import extract
from extractor.explain import explain
from extractor.explanation import Explanation
from tests.extractor.readers import LEXICON

DAY = date(2026, 3, 13)
LENT = (
    "近日，招商银行苏州分行向苏州明远机器人股份有限公司（以下简称“明远机器人”）发放知识产权质押贷款2000万元。"
    "该行还向该公司发放信用贷款500万元。"
)
BALANCE = "截至2月末，招商银行苏州分行科技贷款余额突破300亿元。"
TWICE = LENT + "\n明远机器人负责人说，招商银行向明远机器人发放的2000万元知识产权质押贷款三天就到账了。"


def told(text: str, title: str = "") -> Explanation:
    return explain(title=title, text=text, published=DAY, lexicon=LEXICON)


@pytest.mark.parametrize("text", [LENT, BALANCE, TWICE, "", "天气很好。", "第一行\n" + LENT * 400], ids=len)
def test_the_events_are_those_of_extract(text: str) -> None:
    events = extract(title="", text=text, published=DAY, lexicon=LEXICON).events
    assert tuple(made.event for made in told(text).events) == events


@pytest.mark.parametrize("text", [LENT, TWICE, BALANCE + LENT], ids=len)
def test_what_is_shown_stands_at_its_place(text: str) -> None:
    whole = told(text, title="招商银行助力明远机器人")
    assert {span.text for span in whole.in_title} >= {"招商银行", "明远机器人"}
    assert all(text[span.start : span.end] == span.text for span in whole.spans)
    assert all(text[made.event.start : made.event.end] == made.event.evidence for made in whole.events)
    assert all(frame.start <= frame.anchor.start < frame.anchor.end <= frame.end for frame in whole.frames)


def test_every_event_names_the_frames_that_tell_it_and_they_name_it() -> None:
    whole = told(TWICE)
    assert whole.events
    for made in whole.events:
        telling = [
            [choice.fate for choice in whole.frames[number - 1].choices if made.number in choice.events]
            for number in made.frames
        ]
        assert all(telling)
        assert "event" in telling[0]
    assert max(len(made.frames) for made in whole.events) > 1


def test_a_choice_without_an_event_says_why() -> None:
    whole = told(TWICE + BALANCE)
    missed = [choice for frame in whole.frames for choice in frame.choices if not choice.events]
    assert missed
    for choice in missed:
        assert choice.fate in ("unlikely", "outvoted", "no_borrower")
        assert (choice.fate != "unlikely") or choice.confidence < whole.threshold


def test_a_guarantor_is_refused_as_no_borrower() -> None:
    whole = told("工商银行向苏州信元融资担保有限公司授信5000万元。")
    assert {choice.fate for frame in whole.frames for choice in frame.choices} == {"no_borrower"}


def test_features_that_spoke_for_and_against_are_told_the_weightiest_first() -> None:
    for frame in told(LENT).frames:
        for choice in frame.choices:
            weights = [abs(reason.weight) for reason in choice.reasons]
            assert weights == sorted(weights, reverse=True)
            assert min(reason.weight for reason in choice.reasons) < 0 < max(r.weight for r in choice.reasons)


def test_words_for_a_bank_or_firm_are_told_with_whom_they_mean() -> None:
    means = {(span.kind, span.text): span.means for span in told(LENT).spans}
    assert means["the_bank", "该行"] == "招商银行苏州分行"
    assert means["the_firm", "该公司"] == "苏州明远机器人股份有限公司"


def test_a_name_is_told_with_the_firm_that_it_means() -> None:
    firms = ("firm", "short_firm", "brand")
    means = {span.text: span.means for span in told(TWICE).spans if span.kind in firms}
    assert means == dict.fromkeys(["苏州明远机器人股份有限公司", "明远机器人"], "苏州明远机器人股份有限公司")


def test_the_names_of_one_firm_stand_together() -> None:
    (firm,) = told(LENT).firms
    assert (firm.name, firm.names) == ("苏州明远机器人股份有限公司", ("明远机器人",))


def test_a_balance_is_told_as_refused_with_the_word_that_speaks_against_it() -> None:
    refused = [one for one in told(BALANCE).refused if one.span.kind == "amount"]
    assert [(one.span.text, one.why) for one in refused] == [("突破300亿元", "refusal")]
    assert any("余额" in span.text for span in refused[0].beside)


def test_an_article_that_the_first_look_puts_aside_says_so() -> None:
    assert not told("天气很好。").worth_reading
    assert told(LENT).worth_reading
