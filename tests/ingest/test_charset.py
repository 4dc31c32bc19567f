"""Bytes into text: whatever was declared, or they are refused by name."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor import Amount
from ingest import formats
from ingest.charset import decode
from ingest.draft import draft
from ingest.errors import Unreadable
from ingest.formats import Body
from ingest.mojibake import repaired
from tests.extractor.readers import told
from tests.ingest.sentences import HONG_KONG, JAPANESE, KOREAN, LATIN, MIXED, PLAIN, RARE, RUSSIAN, TRADITIONAL, WIDE

HTML = '<html><head><meta charset="{}"><title>样例</title></head><body>' + PLAIN + "</body></html>"
XML = '<?xml version="1.0" encoding="{}"?><rss><title>' + PLAIN + "</title></rss>"


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
