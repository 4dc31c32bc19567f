"""Names are spelt as people type them, and two that are a mistake or two apart share a mark."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.names import fold
from core.pinyin import marks, sound_without_form, spell, stock_code, without_form

SIGNS = "澄砺航芯样例机器"
CORES = st.text(SIGNS, min_size=3, max_size=9)


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("招商银行", "zhaoshangyinhang", "zsyh"),
        ("重庆银行", "chongqingyinhang", "cqyh"),
        ("长沙银行", "changshayinhang", "csyh"),
        ("TCL科技", "tclkeji", "tclkj"),
        ("３Ｍ", "3m", "3m"),
        ("绿地", "lvdi", "ld"),
    ],
)
def test_a_name_is_spelt_by_its_phrases(name: str, pinyin: str, initials: str) -> None:
    assert spell(fold(name))[:2] == (pinyin, initials)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("600036", ("600036", "")),
        ("600036.SH", ("600036", "SH")),
        ("sh600036", ("600036", "SH")),
        ("ｓｚ.000001", ("000001", "SZ")),
        ("700.HK", ("00700", "HK")),
        ("00700", ("00700", "")),
        ("12", None),
        ("sh600036.sz", None),
        ("明远", None),
    ],
)
def test_a_stock_code_is_known_in_every_form(typed: str, code: tuple[str, str] | None) -> None:
    assert stock_code(typed) == code


@settings(max_examples=200, deadline=None)
@given(CORES, st.data())
def test_a_name_with_one_mistake_shares_a_mark(core: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(core) - 1))
    other = data.draw(st.sampled_from(SIGNS))
    wrong = core[:at] + other + core[at + 1 :]
    missing = core[:at] + core[at + 1 :]
    extra = core[:at] + other + core[at:]
    swapped = core[:at] + core[at : at + 2][::-1] + core[at + 2 :]
    for mistaken in (wrong, missing, extra, swapped):
        assert set(marks(mistaken)) & set(marks(core)), mistaken


@settings(max_examples=200, deadline=None)
@given(st.text(SIGNS, min_size=5, max_size=6), st.data())
def test_of_five_or_six_characters_two_may_be_wrong(core: str, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(core) - 1), min_size=2, max_size=2))
    wrong = "".join("某" if at in places else sign for at, sign in enumerate(core))
    assert set(marks(wrong)) & set(marks(core))


def test_the_legal_form_is_left_out() -> None:
    key = "澄砺科技股份有限公司"
    assert without_form(key) == "澄砺科技"
    assert sound_without_form(key, spell(key).pinyin) == "chenglikeji"
    assert set(marks("澄历科技")) & set(marks(key))
    assert without_form("有限公司") == "有限公司"


def test_a_letter_too_few_of_a_short_names_pinyin_is_found() -> None:
    assert set(marks("zhaoshanyinhang")) & set(marks("招商银行"))


def test_a_name_of_hostile_length_has_few_marks() -> None:
    assert len(marks("澄" * 10_000)) < 100 and len(spell("澄" * 10_000).pinyin) < 1000
