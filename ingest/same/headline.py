"""Whether a reprint's headline brings a number or a name that the first article does not tell."""

import re
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from ingest.same.fold import Folded

_DATA = Path(__file__).parents[1] / "data" / "headline_names.txt"
_TOKEN = re.compile(r"[0-9a-z][0-9a-z.\-/:%‰]*[一-龥%‰]?")
_SIGNS = "〇零一二三四五六七八九十百千万亿两半"
_NUMERAL = re.compile(
    f"(?!一[家个])[{_SIGNS}](?:[{_SIGNS}]+[余多]?[元年月日家笔项期成倍个户]?|[余多]?[元年月日家笔项期成倍个户])"
)
_LEGAL = re.compile(r"[一-龥]{2}(?:有限|股份|有限责任|集团)公司")
_SHORT = 60  # signs
_LIKE = 0.6  # share of signs that two headlines have in common, from which one is the other with something changed


def brings(new: Folded, text: Folded, old: Folded, whole: Folded) -> bool:
    """Whether headline `new` over `text` tells what headline `old` over `whole` does not."""
    if old.find(new.strict) or whole.find(new.strict):
        return False
    told = f"{old.strict}\n{whole.strict}"
    if not all(
        _stands(piece.group(), told) for pattern in (_TOKEN, _NUMERAL) for piece in pattern.finditer(new.strict)
    ):
        return True
    if any(name not in told for name in _names(new.strict)):
        return True
    if _is_like(new.strict, old.strict) or _leans_on_its_headline(text.strict, whole.strict):
        return not all(old.find(part) or whole.find(part) for part in _parts(new))
    return False


def _stands(piece: str, told: str) -> bool:
    """Whether a number or word stands there by itself, and not as a part of a longer one."""
    at = told.find(piece)
    while at >= 0:
        before, after = told[at - 1 : at], told[at + len(piece) : at + len(piece) + 1]
        if not _continues(before, piece[0]) and not _continues(piece[-1], after):
            return True
        at = told.find(piece, at + 1)
    return False


def _continues(before: str, after: str) -> bool:
    """Whether two signs belong to one number or word."""
    if not before or not after:
        return False
    if before.isascii() and after.isascii():
        return (before.isalnum() or before in ".-") and (after.isalnum() or after in ".%")
    return before in _SIGNS and after in _SIGNS


def _names(headline: str) -> list[str]:
    """What looks like the end of a firm's or bank's name: its last word and the two signs before it."""
    found = []
    for ending in _words("ending"):
        for place in re.finditer(ending, headline):
            head = re.search(r"[一-龥]{1,2}\Z", headline[: place.start()])
            if head and not head.group().endswith(_words("general")):
                found.append(head.group() + ending)
    return found


def _is_like(new: str, old: str) -> bool:
    """Whether one headline is the other with something changed, which may be a name."""
    return SequenceMatcher(None, new, old, autojunk=False).ratio() >= _LIKE


def _leans_on_its_headline(text: str, whole: str) -> bool:
    """Whether a text may leave it to its headline to name whom it is about: it names no firm in full, and it says 公司
    or 我行, or is short, or the lesser part of the first article."""
    if _LEGAL.search(text):
        return False
    return len(text) < max(_SHORT, len(whole) / 2) or any(word in text for word in _words("itself"))


def _parts(headline: Folded) -> list[str]:
    """A headline between its seams."""
    edges = [place for place, seam in enumerate(headline.seams) if seam]
    return [headline.strict[a:b] for a, b in pairwise(edges)]


@lru_cache
def _words(kind: str) -> tuple[str, ...]:
    lines = (line.partition(" ") for line in _DATA.read_text("utf-8").splitlines())
    return tuple(word for first, _, word in lines if first == kind)
