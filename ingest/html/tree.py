"""Bytes into a tree of HTML, in time linear in their length whatever they are.

libxml2 stops at a depth of 256 and at texts of 10 MB. What it does not bound is attributes: it appends each to the end
of a chain, so that a megabyte of them in one tag takes minutes. A tag with so many is refused before it is parsed.
"""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml.etree import LxmlError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from ingest.charset import decode
from ingest.errors import NothingFound, Unreadable

_HEAD = 4096  # bytes in which markup must show
_MARKUP = re.compile(
    r"(?:\s|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|(?:html|head|body|title|meta|div|table|script|link|style|p|ul)[\s>])",
    re.IGNORECASE | re.DOTALL,
)
# Every alternative takes what it began with to its end or to the end of the page, so that no step is taken twice.
_TAGS = re.compile(
    r"<!--(?:.*?-->|.*)"
    r"|<(script|style|textarea|title)\b(?:.*?</\1\b|.*)"
    r"""|<[a-z][^\s/>]*+(?:[^"'>=]++|=\s*+(?:"[^"]*+"?|'[^']*+'?)?|["'])*+""",
    re.IGNORECASE | re.DOTALL,
)
_LONG_TAG = 2_000  # characters; shorter ones cannot hold too many attributes
_MOST_ATTRIBUTES = 500
_ATTRIBUTE = re.compile(r"""[\s/"'][^\s/"'>=]""")
_MOST_ELEMENTS = 50_000  # the longest real pages have some ten thousand; these take seconds
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)  # libxml2 drops what follows; browsers show it
_RECORD = re.compile(r"<record[^<>]*>\s*<!\[CDATA\[(.{0,3000}?)\]\]>", re.DOTALL)
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff01-\uffef]"
_WRAPPED = re.compile(f"(?<={_WIDE})[^\\S\\n\u3000]*\\n[^\\S\u3000]*(?={_WIDE})")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its tree, its source as text, and what its relative addresses are relative to."""

    root: HtmlElement
    source: str
    base: str


def is_html(content: bytes, content_type: str) -> bool:
    """Whether a body is a web page, by its first markup, else by its type; never raises."""
    head = content[:_HEAD]
    marked = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.decode("utf-16" if marked else "latin-1", "replace").removeprefix("ï»¿").removeprefix("\ufeff")
    declared = content_type.strip().lower().startswith(("text/html", "application/xhtml"))
    return bool(_MARKUP.match(text)) or (declared and "<" in text and not text.lstrip().startswith("<?xml"))


def read_page(content: bytes, *, url: str, content_type: str = "") -> Page:
    """The page that a body from `url` holds; Unreadable or NothingFound says why there is none."""
    source = decode(content, content_type=content_type, name=url)
    source = _WRAPPED.sub("", _UNREADABLE.sub("", source))  # a line break amid Chinese means nothing, not even a blank
    _check_attributes(source, url)
    source = _ENDS.sub("", _with_records(source))
    try:
        root = document_fromstring(source.encode(), parser=_parser())
    except (LxmlError, ValueError) as error:
        raise NothingFound(f"{url}: not readable as a web page: {error}") from error
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise Unreadable(f"{url}: the page has more than {_MOST_ELEMENTS:,} elements")
    return Page(root, source, _base(root, url))


def _parser() -> HTMLParser:
    return HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, collect_ids=False
    )


def _check_attributes(source: str, url: str) -> None:
    for tag in _TAGS.finditer(source):
        if tag.end() - tag.start() > _LONG_TAG and not tag[1] and not tag[0].startswith("<!--"):
            names = re.sub(r"""=\s*(?:"[^"]*"|'[^']*')""", " ", tag[0])
            if sum(1 for _ in _ATTRIBUTE.finditer(names)) > _MOST_ATTRIBUTES:
                raise Unreadable(f"{url}: a tag of the page has more than {_MOST_ATTRIBUTES} attributes")


def _with_records(source: str) -> str:
    """The page with what a widespread publishing system of governments keeps for a script: the items of its lists."""
    records = _RECORD.findall(source) if "<record" in source else []
    return f"{source}<div class='records'><ul>{''.join(records)}</ul></div>" if records else source


def _base(root: HtmlElement, url: str) -> str:
    declared = str(next(iter(root.xpath("//base/@href")), "")).strip()
    try:
        return urljoin(url, declared)
    except ValueError:
        return url
