"""Text that was read wrongly before we got it is put right, and good text stays as it is."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.charset import decode
from ingest.chinese import PLAUSIBLE, common_share
from ingest.mojibake import repaired
from tests.ingest.sentences import HONG_KONG, JAPANESE, KOREAN, LATIN, MIXED, PLAIN, RARE, RUSSIAN, TRADITIONAL, WIDE

DEV = Path(__file__).parent.parent / "quality" / "dev.jsonl"


def cp1252(body: bytes) -> str:
    """As browsers decode it: what it leaves out is kept as it is."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in body)


MISREADINGS: dict[str, Callable[[str], str]] = {
    "UTF-8 as Latin-1": lambda text: text.encode().decode("latin-1"),
    "UTF-8 as cp1252": lambda text: cp1252(text.encode()),
    "UTF-8 as Latin-1 twice": lambda text: text.encode().decode("latin-1").encode().decode("latin-1"),
    "UTF-8 as cp1252 twice": lambda text: cp1252(cp1252(text.encode()).encode()),
    "GBK as Latin-1": lambda text: text.encode("gb18030").decode("latin-1"),
    "GBK as cp1252": lambda text: cp1252(text.encode("gb18030")),
}


@pytest.mark.parametrize("misread", MISREADINGS.values(), ids=MISREADINGS)
@pytest.mark.parametrize("text", [PLAIN, TRADITIONAL, WIDE, "工商银行获批"])
def test_what_was_misread_is_put_right(misread: Callable[[str], str], text: str) -> None:
    assert repaired(misread(text)) == text
    assert decode(f"<p>{misread(text)}</p>\n好的一行。".encode()) == f"<p>{text}</p>\n好的一行。"


@pytest.mark.parametrize(
    ("text", "share"),
    [("样例银行放款。" * 2, 0.8), (PLAIN, 0.9), (PLAIN + TRADITIONAL, 0.9), ("公司的一个项目获得银行贷款支持", 0.8)],
)
def test_utf_8_that_was_read_as_gbk_is_put_right_but_for_the_bytes_that_were_lost(text: str, share: float) -> None:
    for errors in ("replace", "ignore"):
        told = repaired(text.encode().decode("gb18030", errors))
        same = sum(one == other for one, other in zip(told, text, strict=False))
        assert same >= share * len(text), told
    lost = repaired(text.encode().decode("gb18030", "replace").replace("\ufffd", "?"))
    assert lost[:6] == text[:6]


def test_a_headline_that_was_misread_in_a_good_feed_is_put_right() -> None:
    misread = PLAIN[:-1].encode().decode("gb18030", "replace")
    told = decode(f"<item><title>{misread}</title><description>{PLAIN}</description></item>".encode())
    assert told.startswith("<item><title>样例银行日前向甲公司")
    assert told.endswith(f"<description>{PLAIN}</description></item>")


GOOD = [
    PLAIN,
    RARE,
    TRADITIONAL,
    HONG_KONG,
    MIXED,
    WIDE,
    LATIN,
    RUSSIAN,
    JAPANESE,
    KOREAN,
    "××××××有限公司，·····，±±±±±±，°°°°°°，§§§§§§",
    "NAÏVE «ÉÀÈÙ» ÄÖÜÄÖÜ ÀÉÈÙÂÊÎÔÛ ÆØÅæøåÆØÅ",
    "Ngân hàng cấp tín dụng, Đặng Trần Đức",
    "涓流成河，鏖战，鏊子，閺乡，鐾刀，鍪，涂鸦。",
    "😀🏦 €1,000 ™ © ® … — “引号”‘单’",
    "Ã, Â, é, ç, ÿ",
    "\u00a0\u00a0\u00a0缩进",
    "",
]


@pytest.mark.parametrize("text", GOOD)
def test_good_text_is_never_touched(text: str) -> None:
    assert repaired(text) == text
    assert repaired(text * 50) == text * 50


def test_no_article_that_we_know_is_touched() -> None:
    texts = [json.loads(line)["text"] for line in DEV.read_text("utf-8").splitlines()]
    assert len(texts) > 100
    assert [text for text in texts if repaired(text) != text] == []
    assert min(common_share(text)[0] for text in texts if len(text) > 100) > PLAUSIBLE


def _common() -> str:
    """GB2312's first level, which holds the 3,755 commonest characters, and Big5's, of 5,401."""
    gb = bytes(byte for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for byte in (high, low))
    big5 = bytes(
        byte for high in range(0xA4, 0xC7) for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF)) for byte in (high, low)
    )
    return gb.decode("gb2312", "ignore") + big5.decode("big5", "ignore")


CHARACTERS = _common()


def test_every_common_character_stays_in_each_place() -> None:
    for char in set(CHARACTERS):
        for text in (char, char * 9, f"{char}公司{char}银行{char}", f"A{char}é{char}1"):
            assert repaired(text) == text


@settings(max_examples=300)
@given(st.text(st.sampled_from(CHARACTERS), max_size=60))
def test_common_characters_in_any_order_are_never_touched(text: str) -> None:
    assert repaired(text) == text


@settings(max_examples=300)
@given(st.lists(st.sampled_from([*CHARACTERS[::40], "é", "ü", "×", "·", "€", " ", "a", "？", "，", "0"]), max_size=60))
def test_mixtures_with_western_letters_are_never_touched(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert repaired(text) == text


@pytest.mark.parametrize("piece", ["é", "鍏", "鍏徃鐨", "Ã", "ÖÐ", "â€", "鍏a", "\x80", "Ã\x82"])
def test_hostile_text_takes_no_more_time_than_other(piece: str) -> None:
    repaired(piece * 1_000_000)  # quadratic time would meet the test's own time-out
