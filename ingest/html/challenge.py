"""Pages that stand where an article or a list should: those that want a browser, a cookie or a captcha.

What shows them is data (`challenges.txt`). Many a page with articles carries a firewall's script too, so the source
tells only where one sees next to no text.
"""

import re
from functools import cache
from pathlib import Path

from ingest.errors import Challenged
from ingest.html.tree import Page

_DATA = Path(__file__).parent.parent / "data" / "challenges.txt"
_LITTLE = 250  # characters that one sees, as a challenge has at most
_LOOKED_AT = 200_000  # characters of the source; challenges are shorter


def check(page: Page, url: str) -> None:
    """Challenged where the page is a challenge, with what showed it."""
    title = " ".join(page.root.xpath("string(//title)").split())[:200]
    seen = seen_text(page)
    little = len(seen) <= _LITTLE
    title = title if len(seen) <= 4 * _LITTLE else ""
    source = page.source[:_LOOKED_AT] if little else ""
    for kind, where in (("title", title), ("text", seen if little else ""), ("source", source)):
        found = next(filter(None, (pattern.search(where) for pattern in _signs(kind))), None) if where else None
        if found:
            raise Challenged(f"{url}: a challenge page, not the content: its {kind} holds {found[0][:60]!r}")


def seen_text(page: Page) -> str:
    """What one sees of a page, links included, in one line; of long pages only a part."""
    body = page.root.find("body")
    told: list[str] = []
    length = 0
    for element in (page.root if body is None else body).iter():
        if element.tag not in {"script", "style", "title", "template"} and element.text:
            told.append(element.text)
        told.append(element.tail or "")
        length += len(told[-1]) + len(element.text or "")
        if length > 20 * _LITTLE:
            break
    return " ".join("".join(told).split())


@cache
def _signs(kind: str) -> tuple[re.Pattern[str], ...]:
    lines = (line for line in _DATA.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    pairs = (line.split("\t") for line in lines)
    return tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for name, pattern in pairs if name == kind)
