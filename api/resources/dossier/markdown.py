"""A dossier as Markdown (GitHub's tables), in UTF-8."""

import re
from collections.abc import Iterator

from api.resources.dossier.layout import Line, Section, Sheet, Source

MEDIA_TYPE = "text/markdown; charset=utf-8"
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~$])")
_IN_ADDRESS = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "|": "%7C", "\\": "%5C", '"': "%22"}


def write(sheet: Sheet) -> bytes:
    """The whole document."""
    return text(sheet).encode("utf-8")


def text(sheet: Sheet) -> str:
    """The same as text."""
    return "\n".join(_document(sheet))


def _document(sheet: Sheet) -> Iterator[str]:
    yield from (f"# {escape(sheet.title)}", "", escape(sheet.about), "")
    for section in sheet.sections:
        yield from _section(section, sheet.heads)
    if sheet.missing:
        yield from (f"## {escape(sheet.missing_head)}", "", *(f"- {escape(one)}" for one in sheet.missing), "")
    yield from (f"*{escape(sheet.note)}*", "")


def _section(section: Section, heads: tuple[str, ...]) -> Iterator[str]:
    yield from (f"## {escape(section.name)}", "")
    if section.note:
        yield from (escape(section.note), "")
    if section.lines:
        yield _row(heads)
        yield "|" + " --- |" * len(heads)
        yield from map(_line, section.lines)
        yield ""
    for chain in section.chains:
        yield from (escape(chain), "")


def _line(line: Line) -> str:
    cells = [escape(cell) for cell in line.cells]
    if line.is_planned:
        cells[-1] = f"*{cells[-1]}*"
    return _row((*cells, _source(line.source)))


def _source(source: Source | None) -> str:
    if source is None:
        return ""
    label = escape(source.label)
    linked = f"[{label}]({_address(source.url)})" if source.url else label
    return " ".join(filter(None, (f"“{escape(source.quote)}”", linked, escape(source.more))))


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def escape(told: str) -> str:
    """Text that means itself."""
    return _SPECIAL.sub(r"\\\1", told)


def _address(url: str) -> str:
    return "".join(_IN_ADDRESS.get(sign, sign) for sign in url if sign.isprintable())
