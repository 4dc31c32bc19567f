"""Bytes into text: whatever was declared, whatever was done to it before, and good text stays as it is."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor import Amount
from ingest import formats
from ingest.charset import decode
from ingest.chinese import PLAUSIBLE, common_share
from ingest.draft import draft
from ingest.errors import Unreadable
from ingest.formats import Body
from ingest.mojibake import repaired
from tests.extractor.readers import told

DEV = Path(__file__).parent.parent / "quality" / "dev.jsonl"
PLAIN = "样例银行日前向甲公司发放贷款三千万元，期限两年，用于研发。"
RARE = "镕基芯片与喆科技获授信，“㙍”字也在。"
TRADITIONAL = "樣例銀行日前向甲公司發放貸款三千萬元，期限兩年，用於研發。"
HONG_KONG = "樣例銀行喺香港嘅分行批出貸款，啲錢用嚟買設備。"
MIXED = "Sample Bank（样例银行）lent 30 million yuan to 甲公司."
WIDE = "样例银行（ＡＢＣ）向甲公司发放贷款３０００万元，年利率３．５％。"
HTML = '<html><head><meta charset="{}"><title>样例</title></head><body>' + PLAIN + "</body></html>"
XML = '<?xml version="1.0" encoding="{}"?><rss><title>' + PLAIN + "</title></rss>"
LATIN = "Zürich: le crédit a été accordé à l'entreprise."
RUSSIAN = "Банк предоставил кредит компании на развитие производства."
JAPANESE = "日本銀行は企業に融資を行いました。新しい会社です。"
KOREAN = "은행은 기업에 대출을 제공했습니다."


def header(charset: str) -> str:
    return f"text/html; charset={charset}"


def row(text: str, encoding: str, declared: str = "") -> object:
    return pytest.param(text.encode(encoding), declared and header(declared), text, id=f"{encoding}-{declared or '-'}")


ROWS = [
    # by mark
    row(PLAIN, "utf-8-sig"),
    row(PLAIN, "utf-8-sig", "gbk"),
    row(PLAIN, "utf-16"),
    row(PLAIN, "utf-16", "utf-8"),
    row(PLAIN, "utf-32"),
    # UTF-8, whatever is declared
    row(PLAIN, "utf-8"),
    row(PLAIN, "utf-8", "utf-8"),
    row(PLAIN, "utf-8", "gb2312"),
    row(PLAIN, "utf-8", "big5"),
    row(PLAIN, "utf-8", "ISO-8859-1"),
    row(TRADITIONAL, "utf-8", "gbk"),
    row(RARE, "utf-8", "gb18030"),
    row(LATIN, "utf-8"),
    row(JAPANESE, "utf-8", "gb2312"),
    # GB2312 declared and GB18030 meant
    row(PLAIN, "gb2312", "gb2312"),
    row(RARE, "gb18030", "gb2312"),
    row(RARE, "gb18030", "GBK"),
    row(TRADITIONAL, "gbk", "gb2312"),
    row(TRADITIONAL, "gbk"),
    row(MIXED, "gb18030", "gb2312"),
    # undeclared, or declared without having looked
    row(PLAIN, "gb18030"),
    row(RARE, "gb18030"),
    row(PLAIN, "gbk", "utf-8"),
    row(PLAIN, "gbk", "ISO-8859-1"),
    row(PLAIN, "gbk", "windows-1252"),
    row(PLAIN, "gbk", "no-such"),
    row(PLAIN, "gbk", "hex"),
    row(PLAIN, "gbk", "utf-7"),
    row(PLAIN, "gbk", "unicode_escape"),
    row(PLAIN, "gbk", "big5"),
    row(PLAIN, "gbk", "utf-16"),
    row(WIDE, "gbk", "utf-8"),
    # Big5
    row(TRADITIONAL, "big5", "big5"),
    row(TRADITIONAL, "big5"),
    row(TRADITIONAL, "big5", "gb2312"),
    row(TRADITIONAL, "big5", "utf-8"),
    row(TRADITIONAL, "big5", "ISO-8859-1"),
    row(HONG_KONG, "big5hkscs", "big5"),
    row(HONG_KONG, "big5hkscs"),
    # UTF-16 without a mark
    row(PLAIN, "utf-16-le"),
    row(PLAIN, "utf-16-be"),
    row(PLAIN, "utf-16-le", "gbk"),
    row(TRADITIONAL, "utf-16-be", "utf-8"),
    row("<rss><title>ASCII only, 30 million</title></rss>", "utf-16-le"),
    row("<rss><title>ASCII only, 30 million</title></rss>", "utf-16-be"),
    row(XML.format("utf-16"), "utf-16-le"),
    # in the document
    row(HTML.format("gb2312"), "gbk"),
    row(HTML.format("gbk"), "utf-8"),
    row(HTML.format("utf-8"), "gbk"),
    row(HTML.format("iso-8859-1"), "gbk"),
    row(HTML.format("utf-16"), "utf-8"),
    row(HTML.format("utf-16"), "gbk"),
    row(HTML.format("utf-8"), "gbk", "gb2312"),
    row(XML.format("GB2312"), "gb18030"),
    row(XML.format("UTF-8"), "gb18030"),
    # other scripts
    row(LATIN, "latin-1", "ISO-8859-1"),
    row(LATIN, "cp1252", "windows-1252"),
    row(RUSSIAN, "cp1251", "windows-1251"),
    row(RUSSIAN, "koi8-r", "koi8-r"),
    row(JAPANESE, "shift_jis", "Shift_JIS"),
    row(JAPANESE, "euc-jp", "euc-jp"),
    row(KOREAN, "euc-kr", "euc-kr"),
    row(JAPANESE, "shift_jis"),
    row(RUSSIAN, "cp1251"),
    row(LATIN, "cp1252"),
]


@pytest.mark.parametrize(("body", "content_type", "expected"), ROWS)
def test_a_text_is_read_as_it_was_written(body: bytes, content_type: str, expected: str) -> None:
    assert len(ROWS) >= 40
    assert decode(body, content_type=content_type) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs"])
@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_text_cut_within_a_character_is_read(encoding: str, cut: int) -> None:
    text = TRADITIONAL * 20
    assert decode(text.encode(encoding)[:-cut])[:-3] == text[: len(decode(text.encode(encoding)[:-cut])) - 3]


def test_a_mark_before_a_page_in_another_encoding_and_a_marked_page_that_is_cut_are_read() -> None:
    assert decode(b"\xef\xbb\xbf" + PLAIN.encode("gbk"), content_type=header("gbk")) == PLAIN
    assert decode((PLAIN * 9).encode("utf-16")[:-1]).startswith(PLAIN * 8)


def test_a_stray_byte_spoils_no_page() -> None:
    body = (PLAIN * 10).encode() + b"\xff" + (PLAIN * 10).encode()
    assert decode(body, content_type=header("gbk")).replace("\ufffd", "") == PLAIN * 20


@pytest.mark.parametrize(
    "body", [bytes(range(128, 256)) * 9, b"\xff" * 4, b"\xff\xfe\x00", b"\x00\x01\x02\xff\xfe" * 99, b"\x80" * 50]
)
def test_what_is_no_text_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(Unreadable, match=r"news\.txt"):
        decode(body, name="news.txt")


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


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_any_text_comes_back_as_it_was_written_in_utf_8(text: str) -> None:
    body = text.encode("utf-8", "replace")
    told = decode(b"\xef\xbb\xbf" + body)
    assert told == repaired(body.decode())
    assert repaired(told) == told, "once put right, it is right"


@settings(max_examples=200)
@given(st.binary(max_size=200), st.sampled_from(["", "gbk", "big5", "utf-8", "utf-16", "latin-1", "hz", "idna"]))
def test_any_bytes_are_read_or_refused(body: bytes, declared: str) -> None:
    try:
        assert isinstance(decode(body, content_type=header(declared)), str)
    except Unreadable as error:
        assert "input" in str(error)


@pytest.mark.parametrize("piece", ["é", "鍏", "鍏徃鐨", "Ã", "ÖÐ", "â€", "鍏a", "\x80", "Ã\x82"])
def test_hostile_text_takes_no_more_time_than_other(piece: str) -> None:
    repaired(piece * 1_000_000)  # quadratic time would meet the test's own time-out


WIDE_GRANT = (
    "６月８日，工商银行武威分行向上海星禾智能科技有限公司（以下简称“星禾智能”）发放５００万元信用贷款，期限２年。",
    "近日，中國銀行向澄石半導體（中國）有限公司發放３億港元貸款，期限３年，業務開展順利。",
)


@pytest.mark.parametrize("wide", WIDE_GRANT)
@pytest.mark.parametrize("declared", ["gb2312", "utf-8"])
def test_full_width_and_traditional_forms_are_stored_as_they_are_and_quotes_are_slices_of_the_stored_text(
    wide: str, declared: str
) -> None:
    item = f"<item><description>{wide}</description></item>"
    page = f'<?xml version="1.0" encoding="{declared}"?><rss><channel>{item}</channel></rss>'
    [found] = formats.read(Body(page.encode("gb18030"), url="https://news.example.cn/rss")).items
    stored = draft(title=found.title, text=found.text).text
    assert stored == wide, "ingest folds nothing"
    [event] = told(stored).events
    assert event.evidence == stored[event.start : event.end]
    assert event.amount in (
        Amount(5_000_000, 5_000_000, "CNY", "exact"),
        Amount(300_000_000, 300_000_000, "HKD", "exact"),
    )
    assert re.search("[０-９]+[万億]", event.evidence), "the quote has the full-width forms of the page"
