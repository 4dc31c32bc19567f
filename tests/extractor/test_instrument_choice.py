"""The choice of an instrument: what stands around a grant is weighed, and a word elsewhere need not win."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from extractor import Lexicon
from extractor.assemble import chosen
from extractor.extract import read
from extractor.frames import Proposal
from extractor.instrument_choice import choose, options
from seeds.registers import read_banks

DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.build(read_banks(), ())


def _proposals(text: str, lexicon: Lexicon) -> Iterator[Proposal]:
    yield from (proposal for proposal, _ in chosen(read("", text, DAY, lexicon).frames()))


def _told(text: str, lexicon: Lexicon) -> str:
    return choose(next(_proposals(text, lexicon))).slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("招商银行向深圳澄砺机器人有限公司发放1000万元流动资金贷款。", "working_capital_loan"),
        ("招商银行向深圳澄砺机器人有限公司发放1000万元贷款，以三项发明专利作质押。", "ip_pledge_loan"),
        ("招商银行向深圳澄砺机器人有限公司发放1000万元贷款，押的是一栋厂房。", "mortgage_loan"),
        ("招商银行给深圳澄砺机器人有限公司批了1000万元授信。", "credit_line"),
    ],
)
def test_what_is_told_of_a_grant_is_its_instrument(text: str, slug: str, lexicon: Lexicon) -> None:
    assert _told(text, lexicon) == slug


def test_every_word_around_is_an_option_and_the_weights_decide(lexicon: Lexicon) -> None:
    text = "招商银行向深圳澄砺机器人有限公司发放1000万元流动资金贷款，后续还将提供供应链金融。"
    proposal = next(_proposals(text, lexicon))
    assert [option.slug for option in options(proposal)] == ["working_capital_loan", "supply_chain_finance", "loan"]
    assert choose(proposal, {"i|supply_chain_finance": 9.0}).slug == "supply_chain_finance"
    assert choose(proposal, {"i|working_capital_loan": 9.0}).slug == "working_capital_loan"
    bare = choose(proposal, {"n": 9.0})
    assert (bare.slug, bare.mark) == ("loan", None) and bare.sure > 0.99
