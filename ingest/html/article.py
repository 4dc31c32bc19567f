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
from lxml.html.builder import BODY, HTML, E

from ingest.html.furniture import is_furniture
from ingest.html.lines import BLOCKS, SILENT, names_of
from ingest.html.words import patterns

_PROSE = re.compile("[，。；！？、]")
_SHARE = 0.8  # of a page's prose that the article's part holds
_ROWS = frozenset({"tbody", "thead", "tr"})
_NAMELESS = 0.2  # share of the prose from which on an element's name says nothing against it
_LEAST = 15  # characters of prose that make an article; a flash may be one sentence
_LEAVES = frozenset({"p", "li", "h1", "h2", "h3", "h4", "blockquote", "pre", "dd"})
_ROW, _CELL = "row", "cell"
_BREAK = "\uf8fe"  # for private use, so that no page means anything by it: a line break that trafilatura lets alone
_NEW_PARAGRAPH = re.compile(r"[。！？；：…!?;:][”』」\"）)]*$")
_INDENTED = re.compile("^[ \t]*[\u3000\u2003\xa0]{1,}")


def article_text(root: HtmlElement) -> list[str]:
    """The paragraphs of the page's article, furniture still among them; tables row by row, cells set apart by ` | `."""
    prose = _prose(root)
    part = _part(root, prose)
    body = _extract(HTML(BODY(_copy(part, prose)))) if part is not None else _extract(copy(root))
    return [] if body is None else [paragraph for block in body for paragraph in _paragraphs(block)]


def _part(root: HtmlElement, prose: dict[HtmlElement, int]) -> HtmlElement | None:
    """The innermost element that holds nearly all of the page's prose, None where there is next to none."""
    at, whole, holders = root, prose.get(root, 0), _holders(root)
    if whole < _LEAST:
        return None
    while (inner := max(at, key=lambda child: prose.get(child, 0), default=None)) is not None:
        if prose.get(inner, 0) < _SHARE * whole or inner.tag in _LEAVES or (inner not in holders and inner.tag != "td"):
            break
        at = inner
    return at


def _prose(root: HtmlElement) -> dict[HtmlElement, int]:
    """Characters of prose in each element that has any, what is inside it counted too."""
    elements = list(root.iter())
    found: dict[HtmlElement, int] = {}
    for element in reversed(elements):
        tag = element.tag
        if tag in SILENT or tag == "a" or (element in found and _is_beside(element)):
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


def _is_beside(element: HtmlElement) -> bool:
    """Whether prose stands in what is named as comments, footer or the like."""
    return (
        element.tag not in {"html", "body"}
        and patterns("furniture.txt", "beside").search(names_of(element)) is not None
    )


def _length(text: str | None) -> int:
    """Characters of a piece of text if it is prose: with the punctuation of sentences, and no page furniture."""
    if not text or not _PROSE.search(text):
        return 0
    told = text.strip()
    return 0 if is_furniture(told) else len(told)


def _holders(root: HtmlElement) -> set[HtmlElement]:
    """The elements with blocks in them; those without are paragraphs, or parts of one."""
    found: set[HtmlElement] = set()
    for element in reversed(list(root.iter())):
        if element is not root and (element in found or (element.tag in BLOCKS and element.tag != "br")):
            found.add(element.getparent())
    return found


def _copy(part: HtmlElement, prose: dict[HtmlElement, int]) -> HtmlElement:
    """A copy of the part as trafilatura understands it: what holds much of the prose has no name by which it might be
    thrown away, and a division that is a paragraph is one."""
    twin = deepcopy(part)
    twin.tail = None
    least, holders = _NAMELESS * prose[part], _holders(twin)
    for original, copied in zip(part.iter(), twin.iter(), strict=True):
        if prose.get(original, 0) >= least:
            copied.attrib.clear()
        if copied.tag == "br":
            copied.tag, copied.text = "span", _BREAK
        elif copied.tag in {"div", "section", "center"} and copied not in holders:
            copied.tag = "p"
    if twin not in holders:
        twin.tag = "p"
    if twin.tag in _ROWS:
        twin = E.table(twin)
    if twin.tag in {"table", "p"}:
        return E.article(twin)
    twin.tag = "article"  # for which trafilatura looks first; in a nameless part it finds paragraphs alone
    return twin


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
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "10")  # below it trafilatura takes all of the page's text
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
    for line in text.replace("\n", _BREAK).split(_BREAK):
        if kept and (not line.strip() or _INDENTED.match(line) or _NEW_PARAGRAPH.search(kept[-1])):
            yield "\n".join(kept)
            kept = []
        if line.strip():
            kept.append(" ".join(line.split()))
    if kept:
        yield "\n".join(kept)


def _flat(element: Any) -> str:
    told = " ".join(_pieces(element)) if len(element) else element.text or ""
    return " ".join(told.replace(_BREAK, " ").split())
