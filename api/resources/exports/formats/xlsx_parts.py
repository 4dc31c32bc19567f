"""The parts of a workbook that do not depend on its rows (ECMA-376, parts 1 and 2)."""

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import quoteattr

from api.resources.exports.columns import Kind

USUAL, MOMENT, BOLD = 0, 1, 2  # places in the list of cell formats below
_WIDTHS = {Kind.TEXT: 24, Kind.WORDS: 24, Kind.MONEY: 16, Kind.MOMENT: 20}  # in characters
_NARROW = 10
_TITLE = 31  # characters of a sheet's name (Excel specifications and limits)

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."

_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def letters(number: int) -> str:
    """The letters of a column, counted from 0: A, Z, AA."""
    made = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        made = chr(ord("A") + rest) + made
    return made


def head(kinds: Sequence[Kind]) -> str:
    """A sheet up to its rows; the first stays in sight when the others are scrolled."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{_WIDTHS.get(kind, _NARROW)}" customWidth="1"/>'
        for number, kind in enumerate(kinds, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )


def foot(last: str, rows: int) -> str:
    """A sheet after its rows, with the arrows by which columns are filtered."""
    return f'</sheetData><autoFilter ref="A1:{last}{rows}"/></worksheet>'


def frame(title: str, sheets: int) -> Iterator[tuple[str, str]]:
    """The parts that tell of all sheets, each with its path."""
    numbers = range(1, sheets + 1)
    yield "xl/styles.xml", _STYLES
    yield "xl/workbook.xml", _workbook(title, numbers)
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations(
            *((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
            (f"rId{sheets + 1}", "styles", "styles.xml"),
        ),
    )
    yield "_rels/.rels", _relations(("rId1", "officeDocument", "xl/workbook.xml"))
    yield "[Content_Types].xml", _types(numbers)


def _workbook(title: str, numbers: range) -> str:
    told = "".join(f'<sheet name={quoteattr(_name(title, n))} sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    return f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{told}</sheets></workbook>'


def _name(title: str, number: int) -> str:
    """A sheet's name without what Excel refuses in one, numbered from the second sheet on."""
    suffix = "" if number == 1 else f" {number}"
    return re.sub(r"[\[\]:*?/\\]", " ", title)[: _TITLE - len(suffix)] + suffix


def _relations(*told: tuple[str, str, str]) -> str:
    made = "".join(f'<Relationship Id="{id_}" Type="{_OFFICE}/{kind}" Target="{at}"/>' for id_, kind, at in told)
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'


def _types(numbers: range) -> str:
    sheets = "".join(_override(f"/xl/worksheets/sheet{n}.xml", "worksheet+xml") for n in numbers)
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{_override('/xl/workbook.xml', 'sheet.main+xml')}{_override('/xl/styles.xml', 'styles+xml')}{sheets}</Types>"
    )


def _override(path: str, kind: str) -> str:
    return f'<Override PartName="{path}" ContentType="{_TYPE}{kind}"/>'
