"""What stands in a text is found in it, however it is set, and shown where it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plain import grams, plain

TEXT = "日前，　「樣例銀行」蘇州分行發放科創貸3000萬元，用於 AI 大\n模型ＡＢ㎡等。"


@pytest.mark.parametrize(
    ("word", "stands"),
    [
        ("样例银行", "樣例銀行"),
        ("樣例銀行苏州", "樣例銀行」蘇州"),
        ("ai大模型", "AI 大\n模型"),
        ("ab", "ＡＢ"),
        ("m2", "㎡"),
        ("3000万元", "3000萬元"),
        ("科创板", None),
        ("", None),
    ],
)
def test_a_word_is_found_in_any_width_script_and_case(word: str, stands: str | None) -> None:
    found = [TEXT[start:end] for start, end in plain(TEXT).find(plain(word).text)]
    assert found == ([stands] if stands else [])


@settings(max_examples=300, deadline=None)
@given(st.text("银行科創貸 ＡaＢb\n“㎡1𠮷é", max_size=30), st.data())
def test_every_piece_of_a_text_is_found_and_its_pairs_are_those_of_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    piece = plain(text[start : data.draw(st.integers(start, len(text)))]).text
    whole = plain(text)
    assert piece in whole.text
    assert set(grams(piece)) <= set(grams(whole.text))
    assert all(plain(text[a:b]).text.find(piece) >= 0 for a, b in whole.find(piece))


def test_pairs_are_told_apart_and_fit_a_column() -> None:
    assert grams("") == grams("银") == []
    assert len(grams("银行银行银")) == 2
    assert all(-(1 << 31) <= pair < 1 << 31 for pair in grams(plain(TEXT).text + "\uffff\uffff𠮷𠮷"))
