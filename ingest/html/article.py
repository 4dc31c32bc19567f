"""The text of the article on a page: where its prose stands, and what trafilatura makes of that part.

Trafilatura knows pages by the class names of the West. So it is given the innermost part that holds nearly all of the
page's prose, which is told by Chinese punctuation outside of links, and the whole page only where there is none.
"""

import logging
import re
from collections.abc import Iterator
from configparser import ConfigParser
from copy import copy, deepcopy
from functools import cache
from typing import Any

from lxml.html import HtmlElement
from lxml.html.builder import BODY, DIV, HTML

from ingest.html.furniture import is_furniture
from ingest.html.lines import BLOCKS, SILENT

_PROSE = re.compile("[，。；！？、]")
_SHARE = 0.8  # of a page's prose that the article's part holds
_LEAST = 40  # characters of prose that make an article
_HOLDS = frozenset({"div", "section", "article", "main", "table", "tbody", "tr", "td", "form", "center", "body"})
_ROW, _CELL = "row", "cell"
_NEW_PARAGRAPH = re.compile(r"[。！？；：…!?;:][”』」\"）)]*$")
_INDENTED = re.compile("^[ \t]*[\u3000\u2003\xa0]{1,}")


def article_text(root: HtmlElement) -> list[str]:
    """The paragraphs of the page's article, furniture still among them; tables row by row, cells set apart by ` | `."""
    part = prose_part(root)
    body = _extract(HTML(BODY(DIV(*_content(part))))) if part is not None else _extract(copy(root))
    return [] if body is None else [paragraph for block in body for paragraph in _paragraphs(block)]


def prose_part(root: HtmlElement) -> HtmlElement | None:
    """The innermost element that holds nearly all of the page's prose, None where there is next to none."""
    prose = _prose(root)
    at, whole = root, prose.get(root, 0)
    if whole < _LEAST:
        return None
    while (inner := max(at, key=lambda child: prose.get(child, 0), default=None)) is not None:
        if prose.get(inner, 0) < _SHARE * whole or inner.tag not in _HOLDS or not _has_blocks(inner):
            break
        at = inner
    return at


def _prose(root: HtmlElement) -> dict[HtmlElement, int]:
    """Characters of prose in each element that has any, what is inside it counted too."""
    elements = list(root.iter())
    found: dict[HtmlElement, int] = {}
    for element in reversed(elements):
        tag = element.tag
        if tag in SILENT or tag == "a":
            found.pop(element, None)
        else:
            found[element] = found.get(element, 0) + _length(element.text)
        parent = element.getparent()
        if parent is None or element is root:
            continue
        inside = found.get(element, 0) + _length(element.tail)
        if inside:
            found[parent] = found.get(parent, 0) + inside
    return found


def _length(text: str | None) -> int:
    """Characters of a piece of text if it is prose: with the punctuation of sentences, and no page furniture."""
    if not text or not _PROSE.search(text):
        return 0
    told = text.strip()
    return 0 if is_furniture(told) else len(told)


def _has_blocks(element: HtmlElement) -> bool:
    return any(child.tag in BLOCKS for child in element)


def _content(part: HtmlElement) -> Iterator[HtmlElement | str]:
    """What stands in a part, without the part's own name, by which trafilatura might judge it."""
    if part.text:
        yield part.text
    for child in part:
        yield deepcopy(child)


def _extract(tree: HtmlElement) -> Any:
    """Trafilatura's body of a tree, None where it finds none; neither its comments, its caches nor its dates."""
    from trafilatura import bare_extraction  # a third of a second and 20 MB, which few processes need

    document: Any = bare_extraction(tree, fast=True, include_comments=False, config=_config())
    return None if document is None else document.body


@cache
def _config() -> ConfigParser:
    from trafilatura.settings import DEFAULT_CONFIG

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "60")  # a Chinese news item of 60 characters is whole
    return config


def _paragraphs(block: Any) -> Iterator[str]:
    """The paragraphs of one of trafilatura's blocks; a table is one, of a line a row, and so is a list."""
    if block.tag == "table":
        rows = (" | ".join(filter(None, (_flat(cell) for cell in row.iter(_CELL)))) for row in block.iter(_ROW))
        yield "\n".join(filter(None, rows))
    elif block.tag == "list":
        yield "\n".join(filter(None, (_flat(item) for item in block.iter("item"))))
    else:
        yield from _split("".join(_pieces(block)))


def _pieces(element: Any) -> Iterator[str]:
    if element.tag == "lb":
        yield "\n"
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""


def _split(text: str) -> Iterator[str]:
    """Lines of a block that breaks made: a new paragraph after a sentence, before an indented or an empty line."""
    kept: list[str] = []
    for line in text.split("\n"):
        if kept and (not line.strip() or _INDENTED.match(line) or _NEW_PARAGRAPH.search(kept[-1])):
            yield "\n".join(kept)
            kept = []
        if line.strip():
            kept.append(" ".join(line.split()))
    if kept:
        yield "\n".join(kept)


def _flat(element: Any) -> str:
    return " ".join(" ".join(_pieces(element)).split()) if len(element) else " ".join((element.text or "").split())
