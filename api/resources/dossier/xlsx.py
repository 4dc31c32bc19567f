"""A dossier as an Excel workbook: one table of all rows, then who recommended whom and the names that
mean no firm."""

from io import BytesIO
from typing import Any

import xlsxwriter

from api.resources.dossier.layout import Section, Sheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = (28, 26, 34, 20, 14, 12, 60, 24)
_LONGEST_LINK = 2000  # Excel takes 2,079 characters


def write(sheet: Sheet) -> bytes:
    """The whole workbook. Everything is a string: nothing that an article says is taken for a formula."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": sheet.title})
        _rows(book, sheet)
        chains = dict.fromkeys(chain for section in sheet.sections for chain in section.chains)
        for head, told in ((sheet.chains_head, tuple(chains)), (sheet.missing_head, sheet.missing)):
            _lines(book, head, told)
    return held.getvalue()


def _lines(book: Any, head: str, told: tuple[str, ...]) -> None:
    """A sheet of one column, where there is anything to tell."""
    if told:
        page = book.add_worksheet(_tab(head))
        page.set_column(0, 0, 80)
        for row, one in enumerate(told):
            page.write_string(row, 0, one)


def _rows(book: Any, sheet: Sheet) -> None:
    page, bold, wrapped = book.add_worksheet(_tab(sheet.title)), book.add_format({"bold": True}), _wrapped(book)
    planned = book.add_format({"italic": True, "text_wrap": True, "valign": "top"})
    *heads, source = sheet.heads
    for column, (head, width) in enumerate(
        zip((sheet.firm_head, *heads, sheet.quote_head, source), _WIDTHS, strict=True)
    ):
        page.set_column(column, column, width)
        page.write_string(0, column, head, bold)
    row = 0
    for section in sheet.sections:
        for cells, url, is_planned in _cells(section):
            row += 1
            for column, told in enumerate(cells):
                page.write_string(row, column, told, planned if is_planned else wrapped)
            if url and len(url) <= _LONGEST_LINK:
                page.write_url(row, len(cells) - 1, url, string=cells[-1] or url)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(row, 1), len(_WIDTHS) - 1)


def _cells(section: Section) -> list[tuple[tuple[str, ...], str | None, bool]]:
    """A firm's rows; one with its note where nothing is known of it."""
    if not section.lines:
        return [((section.name, "", section.note, "", "", "", "", ""), None, False)]
    made: list[tuple[tuple[str, ...], str | None, bool]] = []
    for line in section.lines:
        quote = line.source.quote if line.source else ""
        label = " ".join(filter(None, (line.source.label, line.source.more))) if line.source else ""
        url = line.source.url if line.source else None
        made.append(((section.name, *line.cells, quote, label), url, line.is_planned))
    return made


def _wrapped(book: Any) -> Any:
    return book.add_format({"text_wrap": True, "valign": "top"})


def _tab(name: str) -> str:
    """A name that Excel takes for a sheet."""
    return "".join(sign for sign in name if sign not in "[]:*?/\\'")[:31]
