"""Text as articles keep it: HTML into plain text with its paragraphs; what no database takes is replaced.

The standard library's HTML parser takes quadratic time on hostile input (a megabyte of "<!--" holds it for hours), so
tags are found here by patterns whose every step stops at the next "<": time grows with length and with nothing else.
"""

import html
import re
from collections.abc import Iterator

_ANY_TAG = re.compile(r"<[a-zA-Z/!]")
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][\w:-]*)(?:[^<>"']|"[^"<]*"|'[^'<]*')*>"""
    r"|<(?P<end2>/?)(?P<name2>[a-zA-Z][\w:-]*)[^<>]*>"  # quotes that do not match
    r"|<[!?][^<>]*>"
)
_BLOCKS = frozenset(
    name
    for line in (
        "address article aside blockquote br caption center dd div dl dt figcaption figure footer form",
        "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table ul",
    )
    for name in line.split()
)
_CELLS = frozenset({"td", "th"})
_BREAK, _ROW, _CELL = "\f", "\x1e", "\x1f"  # between paragraphs, a table's rows, and its cells
_MARKS = str.maketrans(dict.fromkeys(_BREAK + _ROW + _CELL, " "))
_SILENT = frozenset({"script", "style", "head", "template", "noscript", "svg", "iframe"})
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL: PostgreSQL refuses it; lone surrogates: no UTF-8 for them
_LONGEST_LINE = 80
_BLANKS = re.compile(r"[^\S\n]+")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"  # Chinese characters and punctuation, the wide blank included
_WIDE_LINE_END = re.compile(f"(?<={_WIDE})\n(?={_WIDE})")


def storable(text: str) -> str:
    """`text` with NUL and lone surrogates replaced by U+FFFD, line ends made `\\n`."""
    return _UNSTORABLE.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """`text`, maybe HTML, as one line: for titles and names."""
    return " ".join(html_to_text(text).split())


def first_line(text: str) -> str:
    """The first line of plain text, cut after 80 characters: a title for what has none."""
    line = text.partition("\n")[0]
    return line if len(line) <= _LONGEST_LINE else line[:_LONGEST_LINE] + "…"


def html_to_text(source: str) -> str:
    """Plain text with one empty line between paragraphs; what holds no tag is plain already and keeps its lines.

    A table is a paragraph with a line for each row and ` | ` between its cells.
    """
    if not _ANY_TAG.search(source):
        return tidy(html.unescape(source))
    paragraphs = "".join(_pieces(_without_comments(source))).split(_BREAK)
    return "\n\n".join(filter(None, map(_join, paragraphs)))


def tidy(text: str) -> str:
    """Plain text without trailing and doubled blanks, at most one empty line in a row."""
    lines = [_BLANKS.sub(" ", line).strip() for line in storable(text).split("\n")]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept).strip()


def _pieces(source: str) -> Iterator[str]:
    """What is between the tags; a mark, which no text holds here, where a block begins or ends, and a row or cell."""
    silent, at = "", 0
    for tag in _TAG.finditer(source):
        if not silent:
            yield html.unescape(source[at : tag.start()]).translate(_MARKS)
        at = tag.end()
        name = (tag["name"] or tag["name2"] or "").lower()
        ends = bool(tag["end"] or tag["end2"])
        if silent or name in _SILENT:
            silent = _silence(silent, name, ends=ends)
        elif name in _BLOCKS:
            yield _BREAK
        elif name == "tr":
            yield _ROW
        elif name in _CELLS:
            yield _CELL
    if not silent:
        yield html.unescape(source[at:]).translate(_MARKS)


def _silence(silent: str, name: str, *, ends: bool) -> str:
    """The element that is now passed over, none where it ends here."""
    if silent:
        return "" if ends and name == silent else silent
    return "" if ends else name


def _without_comments(source: str) -> str:
    """`source` without comments (an open one hides the rest, as in browsers) and with what CDATA marks enclose."""
    first, *others = source.replace("<![CDATA[", "").replace("]]>", "").split("<!--")
    return first + "".join(other.partition("-->")[2] for other in others)


def _join(paragraph: str) -> str:
    """One paragraph of HTML, or one table."""
    rows = (" | ".join(filter(None, map(_flat, row.split(_CELL)))) for row in paragraph.split(_ROW))
    return "\n".join(filter(None, rows))


def _flat(text: str) -> str:
    """Text of HTML in one line: its line breaks mean nothing, and between Chinese characters not even a blank."""
    lines = [line for line in map(str.strip, storable(text).split("\n")) if line]
    return " ".join(_WIDE_LINE_END.sub("", "\n".join(lines)).split())
