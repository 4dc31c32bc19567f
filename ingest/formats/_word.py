"""WordprocessingML into blocks of text: paragraphs, and tables row by row as `| cell | cell |`.

Elements are known by their local names, which the transitional and the strict form share.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from lxml import etree

Role = Literal["title", "heading", "text", "row"]
_HEADING = re.compile(r"heading [1-3]")  # what Word and WPS call their own styles, in every language
_EMPTY = "—"  # an empty cell keeps its place, so that those behind it stay under their header
# deleted or moved away, the old form of what is told in a newer one, the reading of ruby, settings
_UNTOLD = frozenset({"del", "moveFrom", "Fallback", "rt", "rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr", "instrText"})
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a table's row."""

    role: Role
    text: str


def blocks(document: Any, styles: Any) -> list[Block]:
    """The blocks of the body in reading order, none of them empty; text boxes follow the paragraph they hang on."""
    names = _style_names(styles)
    return [block for block in _blocks(document, names) if block.text]


def together(found: list[Block]) -> str:
    """The blocks as one text: an empty line between them, none between the rows of a table."""
    pieces = []
    for before, block in pairwise([None, *found]):
        assert block is not None
        rows = before is not None and before.role == block.role == "row"
        pieces.append(block.text if before is None else ("\n" if rows else "\n\n") + block.text)
    return "".join(pieces)


def _blocks(element: Any, names: dict[str, str]) -> Iterator[Block]:
    for child in element.iterchildren("*"):
        name = _name(child)
        if name == "p":
            boxes: list[Any] = []
            yield Block(_role(child, names), _text(child, boxes))
            for box in boxes:
                yield from _blocks(box, names)
        elif name == "tbl":
            yield from _table(child)
        elif name not in _UNTOLD:  # content controls, custom XML, insertions hold blocks like the body
            yield from _blocks(child, names)


def _table(table: Any) -> Iterator[Block]:
    """A table of one column is a frame around text; a cell that is merged with the one above tells the same."""
    above: list[str] = []
    for row in _own(table, "tr"):
        cells = list(_own(row, "tc"))
        told = [_cell(cell, above[at] if at < len(above) else "") for at, cell in enumerate(cells)]
        if len(told) > 1 and any(told):
            yield Block("row", "| " + " | ".join(one or _EMPTY for one in told) + " |")
        elif told:
            yield from _blocks(cells[0], {})
        above = told


def _own(element: Any, name: str) -> Iterator[Any]:
    """The element's own rows or cells, also those in content controls, and not those of tables inside."""
    for child in element.iterchildren("*"):
        kind = _name(child)
        if kind == name:
            yield child
        elif kind in {"sdt", "sdtContent", "customXml", "ins"}:
            yield from _own(child, name)


def _cell(cell: Any, above: str) -> str:
    """One line, tables inside included; a bar inside would be taken for a cell's edge."""
    merged = cell.find("{*}tcPr/{*}vMerge")
    if merged is not None and "restart" not in merged.attrib.values():
        return above
    return " ".join(" ".join(block.text for block in _blocks(cell, {})).split()).replace("|", "｜")


def _text(paragraph: Any, boxes: list[Any] | None) -> str:
    return "".join(_pieces(paragraph, boxes)).strip()


def _pieces(element: Any, boxes: list[Any] | None) -> Iterator[str]:
    for child in element.iterchildren("*"):
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name == "txbxContent":
            if boxes is not None:
                boxes.append(child)
        elif name not in _UNTOLD:
            yield from _pieces(child, boxes)


def _name(element: Any) -> str:
    name: str = etree.QName(element).localname
    return name


def _role(paragraph: Any, names: dict[str, str]) -> Role:
    style = paragraph.find("{*}pPr/{*}pStyle")
    told = next(iter(style.attrib.values()), "") if style is not None else ""
    name = names.get(told, told)
    return "title" if name.lower() == "title" else "heading" if _HEADING.fullmatch(name.lower()) else "text"


def _style_names(styles: Any) -> dict[str, str]:
    """Names by ids: Chinese Word calls the style `heading 1` "1" or "a3"."""
    found = {}
    for style in () if styles is None else styles.iter("{*}style"):
        name = style.find("{*}name")
        own = [value for key, value in style.attrib.items() if key.rpartition("}")[2] == "styleId"]
        if own and name is not None:
            found[own[0]] = next(iter(name.attrib.values()), "")
    return found
