"""Word documents: every word of them, tables row by row, and no bombs."""

import io
import zipfile
import zlib
from datetime import UTC, datetime

import docx
import pytest

from core.errors import RejectedInput
from ingest import formats
from ingest.errors import BadArticle, BadFeed
from ingest.formats import Body, Item
from ingest.formats.docx import Docx
from tests.ingest.word import W, document, paragraph, table

LINE = "样例银行向甲公司发放贷款"


def read(content: bytes, url: str = "通报.docx") -> Item:
    [item] = formats.read(Body(content, url=url)).items
    return item


def test_a_document_that_a_library_wrote_is_read() -> None:
    made, saved = docx.Document(), io.BytesIO()
    made.add_heading("关于甲公司贷款的通报", 0)
    made.add_paragraph("样例银行放款。")
    grid = made.add_table(2, 2)
    for cell, text in zip(
        (cell for row in grid.rows for cell in row.cells), ("银行", "金额", "样例银行", "1亿元"), strict=True
    ):
        cell.text = text
    made.add_paragraph("完。")
    made.save(saved)
    item = read(saved.getvalue())
    assert item.title == "关于甲公司贷款的通报"
    assert item.text == "样例银行放款。\n\n| 银行 | 金额 |\n| 样例银行 | 1亿元 |\n\n完。"


def test_the_title_is_the_texts_own_else_the_documents_else_a_headings_else_the_first_line() -> None:
    own, heading = paragraph("正题", "a3"), paragraph("一、小标题", "1")
    assert read(document(paragraph("甲") + heading + own, title="文档题")).title == "正题"
    assert read(document(paragraph("甲") + heading, title="文档题")).title == "文档题"
    assert read(document(paragraph("甲") + heading)).title == "一、小标题"
    assert read(document(paragraph("甲"))).title == "甲"
    assert read(document(paragraph("甲") + paragraph("乙"))).text == "甲\n\n乙"


def test_the_time_of_the_last_change_is_no_time_of_publication() -> None:
    item = read(document(paragraph("甲")))
    assert (item.published, item.updated) == (None, datetime(2026, 3, 1, 0, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "run",
    [
        "<w:smartTag w:element='chmetcnv'><w:r><w:t>3000万元</w:t></w:r></w:smartTag>",
        "<w:ins><w:r><w:t>3000万元</w:t></w:r></w:ins>",
        "<w:sdt><w:sdtContent><w:r><w:t>3000万元</w:t></w:r></w:sdtContent></w:sdt>",
        "<w:hyperlink><w:r><w:t>3000</w:t></w:r><w:r><w:t>万元</w:t></w:r></w:hyperlink>",
        "<w:r><w:t>3000</w:t><w:t>万元</w:t></w:r><w:del><w:r><w:t>2000</w:t><w:delText>万元</w:delText></w:r></w:del>",
        "<w:r><w:ruby><w:rt><w:r><w:t>sān</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>3000万元</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple><w:r><w:t>3000万元</w:t></w:r></w:fldSimple>",
    ],
)
def test_every_word_that_is_to_be_read_is_read(run: str) -> None:
    assert (
        read(document(f"<w:p><w:r><w:t>{LINE}</w:t></w:r>{run}<w:r><w:t>。</w:t></w:r></w:p>")).text
        == LINE + "3000万元。"
    )


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('框里的话')}</w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback><v:t>{box}</v:t></mc:Fallback>"
    drawn = f"<mc:AlternateContent>{both}</mc:AlternateContent>"
    made = document(f"<w:p><w:r><w:t>前</w:t></w:r><w:r>{drawn}</w:r><w:r><w:t>后</w:t></w:r></w:p>{paragraph('末')}")
    assert read(made).text == "前后\n\n框里的话\n\n末"


def test_blocks_in_content_controls_are_read_in_their_order() -> None:
    inside = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('乙')}</w:sdtContent></w:sdt>"
    assert read(document(paragraph("甲") + inside + paragraph("丙"))).text == "甲\n\n乙\n\n丙"


def test_a_merged_cell_tells_what_stands_above_and_an_empty_one_keeps_its_place() -> None:
    grid = table(("银行", "企业", "金额"), ("样例银行", "甲", "1亿元"), ("^", "乙|丙", ""))
    assert read(document(grid)).text == ("| 银行 | 企业 | 金额 |\n| 样例银行 | 甲 | 1亿元 |\n| 样例银行 | 乙｜丙 | — |")


def test_a_frame_of_one_column_is_no_table_and_a_table_in_a_cell_stays_in_its_line() -> None:
    assert read(document(table(("第一段",), ("第二段",)))).text == "第一段\n\n第二段"
    inside = f"<w:tbl><w:tr><w:tc>{table(('甲', '乙'))}</w:tc><w:tc>{paragraph('丙')}</w:tc></w:tr></w:tbl>"
    assert read(document(inside)).text == "| ｜ 甲 ｜ 乙 ｜ | 丙 |"


def test_a_document_that_lies_elsewhere_or_is_of_the_strict_form_is_found() -> None:
    assert read(document(paragraph("甲"), main="word/document2.xml")).text == "甲"
    strict = f"<w:document {W.replace('schemas.openxmlformats.org', 'purl.oclc.org')}>{paragraph('乙')}</w:document>"
    assert read(document(paragraph("甲"), main="word/other.xml", word__other=b"")).text == "甲"
    assert read(_with("word/document.xml", strict.encode())).text == "乙"


def _with(name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as package:
        package.writestr(name, content)
    return made.getvalue()


def _lying(content: bytes) -> bytes:
    """The same zip, which says of its one file that it unpacks to 100 bytes."""
    made = bytearray(_with("word/document.xml", content))
    size = len(content).to_bytes(4, "little")
    while (at := made.find(size)) >= 0:
        made[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(made)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_with("word/document.xml", b" " * (31 * 2**20)), "bytes unpacked"),
        (_lying(b" " * (31 * 2**20)), "cannot be unpacked|no XML"),
        (_with("word/document.xml", b"<!DOCTYPE d [<!ENTITY a 'x'>]><d>&a;</d>"), "declares entities"),
        (_with("word/document.xml", b"no mark-up"), "no XML"),
        (_with("word/other.xml", b"<a/>"), "there is no word/document.xml"),
        (_with("word/document.xml", b"<d/>")[:-30], "the zip is broken"),
        (document(""), "holds no text"),
        (document(paragraph("甲" * 9999))[:900], "the zip is broken"),
        (_with("word/document.xml", b"<d/>", zipfile.ZIP_STORED).replace(b"<d/>", b"<e/>"), "cannot be unpacked"),
    ],
)
def test_a_bomb_or_a_broken_document_is_refused_by_name(content: bytes, reason: str) -> None:
    with pytest.raises(BadArticle, match=f"通报.docx: .*({reason})"):
        read(content)


def test_pictures_are_never_unpacked() -> None:
    made = document(paragraph("甲"), word__media=b"\0" * (64 * 2**20))
    assert read(made).text == "甲"


def test_a_picture_that_cannot_be_unpacked_is_no_harm() -> None:
    made = bytearray(document(paragraph("甲"), word__media=zlib.compress(b"x" * 999)))
    at = made.rfind(zlib.compress(b"x" * 999)[:8])
    made[at : at + 4] = b"\xff\xff\xff\xff"
    assert read(bytes(made)).text == "甲"


def test_a_document_nested_without_end_is_no_danger() -> None:
    try:
        read(document("<w:sdt>" * 100_000 + paragraph("甲")))
    except RejectedInput:
        return


def test_other_zips_and_the_old_word_say_what_they_are() -> None:
    sheet = _with("xl/workbook.xml", b"<a/>")
    assert not Docx().sniff(Body(sheet, url="x"))
    with pytest.raises(BadFeed, match="a zip that holds no Word document"):
        read(sheet)
    with pytest.raises(BadFeed, match=r"old Office \(\.doc, \.xls\) or one with a password"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
