"""The links of a page: where they lead and what they are called, also where a script leads there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from ingest.html.dates import is_date
from ingest.html.lines import BLOCKS, SILENT, names_of
from ingest.html.words import patterns

_MOST = 5_000  # links of a page that are looked at
_QUOTED = re.compile(r"""["']([^"'\s<>]{4,500})["']""")
_LEADS_TO = re.compile(r"^(?:https?:)?//|^\.{0,2}/|\.(?:s?html?|jsp|php|aspx?|do|pdf|docx?)(?:$|[?#])", re.IGNORECASE)
_GIVEN = ("data-url", "data-href", "data-link", "data-src-url")
_CUT = re.compile(r"(?:…|\.{2,}|·{3,})\s*$")
_TWO_NUMBERS = re.compile(r"\d\D+\d")
_SIGNS = re.compile(r"[\W_]+")
_TITLE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:\w*title\w*|\w*tit|bt|biaoti|name|subject|headline)(?:$|[\s_-])", re.IGNORECASE
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SHORTEST, _LONGEST = 4, 500  # characters of a title
_MOST_INSIDE = 200  # elements, and pieces of text, of a link that are looked at


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link: its element, its absolute address, and its title as told (whole where the page cuts it)."""

    element: HtmlElement
    url: str
    title: str


def anchors(root: HtmlElement, base: str) -> list[Anchor]:
    """The links of a page that may be articles, in order."""
    found: list[Anchor] = []
    for element in root.iter():
        if len(found) >= _MOST:
            break
        if (one := anchor(element, base)) and not is_button(one.title):
            found.append(one)
    return found


def anchor(element: HtmlElement, base: str) -> Anchor | None:
    """The link that an element is: an <a>, or one that a script makes one; None where it leads nowhere."""
    if element.tag in SILENT:
        return None
    target = _target(element)
    if not target:
        return None
    try:
        url = urljoin(base, target)
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc or url.partition("#")[0] == base.partition("#")[0]:
        return None
    if patterns("lists.txt", "file").search(parts.path):
        return None
    title = _title(element)
    return Anchor(element, url, title) if title else None


def is_button(title: str) -> bool:
    """Whether a link's text is that of a button, of a page of the list, or too short to be a title."""
    bare = _SIGNS.sub("", title)
    return len(bare) < _SHORTEST or patterns("lists.txt", "word").fullmatch(bare) is not None


def pieces(element: HtmlElement) -> Iterator[str]:
    """The pieces of text of an element, each in one line."""
    for text in element.itertext():
        if not text.isspace():
            yield " ".join(text.split())


def _target(element: HtmlElement) -> str:
    """The address that an element leads to as written, "" for none."""
    href = (element.get("href") or "").strip() if element.tag == "a" else ""
    if href and not href.lower().startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return "".join(href.split("\n"))
    for name in _GIVEN:
        if given := (element.get(name) or "").strip():
            return given
    script = element.get("onclick") or (href if href.lower().startswith("javascript:") else "")
    return next((told for told in _QUOTED.findall(script[:2000]) if _LEADS_TO.search(told)), "")


def _title(element: HtmlElement) -> str:
    told = _told(element)[:_LONGEST]
    whole = " ".join((element.get("title") or "").split())[:_LONGEST]
    if whole and (not told or is_button(told) or (_CUT.search(told) and len(whole) >= len(_CUT.sub("", told)))):
        return whole
    return told


def _told(element: HtmlElement) -> str:
    """What a link is called: a heading inside of it, else its first line that is no date, else all of its text."""
    inner = list(islice(element.iterdescendants(), _MOST_INSIDE))
    for child in inner:
        if child.tag in _HEADINGS or _TITLE_CLASS.search(names_of(child)):
            named = _undated(child)
            whole = " ".join((child.get("title") or "").split())
            if named and not is_date(named):
                return whole if whole and _CUT.search(named) else named
    if any(child.tag in BLOCKS for child in inner):
        kept = [piece for piece in islice(pieces(element), _MOST_INSIDE) if not is_date(piece)]
        return next((piece for piece in kept if len(piece) > 2 * _SHORTEST), " ".join(kept))
    return _undated(element)


def _undated(element: HtmlElement) -> str:
    """The text of an element in one line, without a date that is its first or last piece."""
    texts = [text for text in islice(element.itertext(), _MOST_INSIDE) if not text.isspace()]
    for at in (0, -1):
        if len(texts) > 1 and _TWO_NUMBERS.search(texts[at]) and is_date(texts[at]):
            texts.pop(at)
    return " ".join("".join(texts).split())[:_LONGEST]
