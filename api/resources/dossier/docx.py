"""A dossier as a Word document: a table for each firm, sources as links."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from api.resources.dossier.layout import Line, Section, Sheet, Source

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDTHS = (3.6, 4.4, 3.0, 2.6, 2.2, 9.9)
"""Centimetres of the columns, on a page of 29.7 that lies on its side."""


def write(sheet: Sheet) -> bytes:
    """The whole document."""
    made = Document()
    _set_up(made)
    made.core_properties.title = sheet.title
    made.add_heading(sheet.title, 1)
    made.add_paragraph(sheet.about)
    for section in sheet.sections:
        _section(made, section, sheet.heads)
    if sheet.missing:
        made.add_heading(sheet.missing_head, 2)
        for one in sheet.missing:
            made.add_paragraph(one, style="List Bullet")
    made.add_paragraph().add_run(sheet.note).italic = True
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def _set_up(made: Any) -> None:
    """A page on its side, and a font for Chinese signs, which Word takes from elsewhere than for Latin ones."""
    page = made.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21.0)
    page.left_margin = page.right_margin = Cm(2.0)
    for name in ("Normal", "Heading 1", "Heading 2"):
        style = made.styles[name]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Microsoft YaHei")
    made.styles["Normal"].font.size = Pt(10)


def _section(made: Any, section: Section, heads: tuple[str, ...]) -> None:
    made.add_heading(section.name, 2)
    if section.note:
        made.add_paragraph(section.note)
    if section.lines:
        _table(made, section, heads)
    for chain in section.chains:
        made.add_paragraph(chain)


def _table(made: Any, section: Section, heads: tuple[str, ...]) -> None:
    table = made.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    _fill(table.rows[0].cells, heads, bold=True)
    _repeat(table.rows[0])
    for line in section.lines:
        cells = table.add_row().cells
        _fill(cells, line.cells, italic=line.is_planned)
        if line.source:
            _source(cells[-1].paragraphs[0], line.source)
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        for cell in column.cells:
            cell.width = Cm(width)


def _fill(cells: Any, told: tuple[str, ...] | Line, *, bold: bool = False, italic: bool = False) -> None:
    for cell, words in zip(cells, told, strict=False):  # type: ignore[arg-type]
        run = cell.paragraphs[0].add_run(words)
        run.bold, run.italic = bold or None, italic or None


def _repeat(row: Any) -> None:
    """The heads stand on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _source(paragraph: Paragraph, source: Source) -> None:
    paragraph.add_run(f"“{source.quote}” ")
    if source.url:
        _link(paragraph, source.label, source.url)
    else:
        paragraph.add_run(source.label)
    if source.more:
        paragraph.add_run(f" {source.more}")


def _link(paragraph: Paragraph, words: str, url: str) -> None:
    """A link; python-docx reads them and has no way to write one."""
    relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(words)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)
