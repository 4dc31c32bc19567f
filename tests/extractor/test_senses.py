"""Words with senses are looked for in a whole text at once, and read sentence by sentence."""

from __future__ import annotations

from extractor.data import rows
from extractor.phrases import phrases
from extractor.senses import Senses


def test_no_word_crosses_the_end_of_a_sentence() -> None:
    assert not set("。！？；!?;”’)\n") & {sign for row in rows("senses") for sign in row["words"]}


def test_what_lies_in_a_name_speaks_of_nothing() -> None:
    text = "银行发放贷款。企业获得授信。"
    words = phrases(text)["sense"]
    first, second = Senses(words, 0, 7, ()), Senses(words, 7, len(text), ())
    assert first.within(0, 7) == first.within(0, len(text)) != second.within(7, len(text)) != ()
    named = Senses(words, 0, 7, [(2, 4)])
    after = first.after(2)
    assert after is not None and (after.start, after.end) == (2, 4)
    assert named.within(2, 4) == () != first.within(2, 4)


def test_a_word_that_spans_a_place_stands_neither_before_nor_after_it() -> None:
    words = [(0, 2, ("paid",)), (3, 6, ("owed",)), (7, 9, ("told",))]
    senses = Senses(words, 0, 9, ())
    before, after = senses.before(4), senses.after(4)
    assert before is not None and before.names == ("paid",)
    assert after is not None and after.names == ("told",)
    assert senses.before(6) == (3, 6, ("owed",)) and senses.before(1) is None and senses.after(8) is None
