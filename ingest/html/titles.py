"""An article's title: the heading that the page's <title> repeats, else what it says to machines, else a guess."""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from ingest.html.lines import Line, names_of

_SEPARATORS = re.compile(r"\s*[_|｜«»]+\s*|\s+[-–—·•>]\s+|\s*--+\s*|(?<![—\-–])[-–—](?![—\-–\d])")
_NAMED = re.compile(
    r"(?:^|[\s_\-])(?:\w*title\w*|\w*tit|biaoti|bt|headline|h1|\w*tt|caption)(?:$|[\s_\-\d])", re.IGNORECASE
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_SHORTEST, _LONGEST = 4, 150  # characters
_BEGINNING = 15  # characters of a text by which its first line is found
_NEAR = 6  # lines above the text in which its heading stands
_APART = 2  # lines between the site's name and a heading, at least: a subtitle is nearer to its title
_SIGNS = re.compile(r"\s+")


def read_title(root: HtmlElement, lines: Sequence[Line], told: Sequence[str], paragraphs: Sequence[str]) -> str:
    """The title of the article whose text is `paragraphs`; `told` is what meta elements and JSON-LD say of it."""
    whole = " ".join(root.xpath("string(//title)").split())[: 2 * _LONGEST]
    headings = [line for line in lines if _is_heading(line) and _SHORTEST <= len(line.text) <= _LONGEST]
    for page_title in (whole, *told):
        shared = [line for line in headings if _names(page_title, line.text)]
        if shared:
            best = max(shared, key=lambda line: len(line.text))
            near = _nearest(lines, headings, paragraphs) if _folded(best.text) == _folded(whole) else None
            return near.text if near and lines.index(near) - lines.index(best) > _APART else best.text
    parts = {_folded(part) for part in _parts(whole)}
    repeated = [line.text for line in lines if not line.linked and _folded(line.text) in parts]
    if repeated and len(max(repeated, key=len)) >= _SHORTEST:
        return max(repeated, key=len)
    near = _nearest(lines, headings, paragraphs)
    guesses = [*map(_main_part, told), near.text if near else "", _main_part(whole)]
    return next((guess for guess in guesses if len(guess) >= _SHORTEST), whole)


def _names(page_title: str, heading: str) -> bool:
    """Whether a heading is what a page's title is about, rather than the site or the column that it names too."""
    title, told = _folded(page_title), _folded(heading)
    return told in title and len(told) >= 0.8 * max(len(_folded(part)) for part in _parts(page_title))


def _nearest(lines: Sequence[Line], headings: Sequence[Line], paragraphs: Sequence[str]) -> Line | None:
    """The heading just above the text: not the site's name, which some pages have for a title everywhere."""
    begins = paragraphs[0][:_BEGINNING] if paragraphs else ""
    start = next((at for at, line in enumerate(lines) if begins and begins in line.text), None)
    if start is None:
        return None
    near = [line for line in lines[max(0, start - _NEAR) : start + 1] if line in headings]
    return near[-1] if near else None


def _folded(text: str) -> str:
    return _SIGNS.sub("", text)


def _parts(title: str) -> list[str]:
    return [part for part in _SEPARATORS.split(title) if part] or [title]


def _main_part(title: str) -> str:
    """A page's title without the names of site and column: its first part, unless another is far longer."""
    parts = _parts(title)
    longest = max(parts, key=len)
    if len(longest) > 2 * len(parts[0]):
        return longest
    return parts[0]


def _is_heading(line: Line) -> bool:
    element = line.element
    for _ in range(3):  # the heading itself, or what it wraps around the words
        if element.tag in _HEADINGS or _NAMED.search(names_of(element)):
            return True
        parent = element.getparent()
        if parent is None or len(parent) > 1:
            return False
        element = parent
    return False
