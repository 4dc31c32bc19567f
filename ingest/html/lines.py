"""A page as lines of text, as one sees it: a block element begins and ends a line."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

_BLOCKS = """
    address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_SILENT = "script style template noscript iframe svg select option textarea button head title object"
BLOCKS, SILENT = frozenset(_BLOCKS.split()), frozenset(_SILENT.split())
_LONGEST_NAME = 100  # characters
_SEAM = "\x1f"  # which no page holds when it is read


@dataclass(frozen=True, slots=True)
class Line:
    """One line, blanks made single, the innermost element that holds its first word, and how much of it is links.

    `apart` is the text with a blank between elements that stand side by side without one, as labels in spans do.
    """

    text: str
    apart: str
    element: HtmlElement
    linked: int


def read_lines(root: HtmlElement) -> list[Line]:
    """All lines of a page that say something, in order."""
    lines: list[Line] = []
    parts: list[str] = []
    first: HtmlElement | None = None
    linked = 0
    for text, element, in_link in _runs(root):
        if text is None:
            _end(lines, parts, first, linked)
            parts, first, linked = [], None, 0
        else:
            parts.append(text)
            if first is None and not text.isspace() and text != _SEAM:
                first = element
            linked += len(text) if in_link else 0
    _end(lines, parts, first, linked)
    return lines


def names_of(element: HtmlElement) -> str:
    """The class and id of an element, as much of them as a page means by them."""
    return f"{(element.get('class') or '')[:_LONGEST_NAME]} {(element.get('id') or '')[:_LONGEST_NAME]}"


def _end(lines: list[Line], parts: list[str], first: HtmlElement | None, linked: int) -> None:
    if first is not None:
        told = "".join(parts)
        text, apart = (" ".join(told.replace(_SEAM, seam).split()) for seam in ("", " "))
        lines.append(Line(text, apart, first, linked))


def _runs(root: HtmlElement) -> Iterator[tuple[str | None, HtmlElement, bool]]:
    """Pieces of text with the element they are in and whether that is a link; None where a line begins or ends.

    The depth is the parser's at most, so that this may go down by itself.
    """
    stack: list[tuple[HtmlElement, bool, bool]] = [(root, False, False)]
    while stack:
        element, in_link, left = stack.pop()
        tag = element.tag
        if left:
            if tag in BLOCKS:
                yield None, element, False
            if element is root:
                continue
            if element.tail:
                yield element.tail, element.getparent(), in_link
            elif tag not in BLOCKS and element.getnext() is not None:
                yield _SEAM, element, in_link
            continue
        stack.append((element, in_link, True))
        if tag in SILENT:
            continue
        if tag in BLOCKS:
            yield None, element, False
        inside = in_link or tag == "a"
        if element.text:
            yield element.text, element, inside
        stack += [(child, inside, False) for child in reversed(element)]
