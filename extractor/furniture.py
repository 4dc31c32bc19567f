"""Page furniture: what stands on a page and is no news. Navigation, running heads, credits, notices, share buttons.

Words are data: `residue.txt` for lines of any length, `residue_short.txt` for short lines without a full stop, and
`related.txt` for heads of lists of other articles, whose lines are headlines of their own.
"""

from __future__ import annotations

import re
from functools import cache

from extractor.data import words

_SHORT = 60
_PATH = re.compile(r"\S[^>›»]{0,11}(?:\s?[>›»]\s?[^>›»。，；]{1,12}){2,}")
_PARTED = re.compile(r"[|/丨·>›»]")
_RUNNING_HEAD = re.compile(
    r"[^。，；：\n]{0,40}\d{4}年\s?\d{1,2}月\s?\d{1,2}日[^。，；：\n]{0,8}(?:星期|周)[一二三四五六日天](?:[^。，；\n]{0,40})"
    r"|[^\s。，；：]{0,10}[\s\u3000]*(?:[A-Z]\d{1,2}|[A-Z]?\d{1,2}版)(?:[\s\u3000]+[^\s。，；：]{1,12}){0,3}"
)
_CODE = re.compile(r"[{}]|\bvar\s|function\s?\(|</?[a-z]+[ >]|_hmt|https?://\S+\Z|\|[-:| ]+\|")
_ARROW = re.compile(r"[>›»]")
_DATED = re.compile(r"星期|周[一二三四五六日天]|\d版|[A-Z]\d")


def is_furniture(bare: str) -> bool:
    """Whether a line (without blanks around it) is no news."""
    if _beginning("residue").match(bare):
        return True
    if len(bare) > _SHORT or "。" in bare:
        return bare[0] in "{<|." and _CODE.search(bare) is not None
    return (
        _beginning("residue_short").match(bare) is not None
        or (_ARROW.search(bare) is not None and _PATH.fullmatch(bare) is not None)
        or (_DATED.search(bare) is not None and _RUNNING_HEAD.fullmatch(bare) is not None)
        or _CODE.search(bare) is not None
        or (len(_PARTED.findall(bare)) >= 2 and any(word in bare for word in words("menu")))
    )


def related(bare: str) -> int | None:
    """Where, in a line that heads other articles' headlines, the first of them begins; None for any other line."""
    match = _heads().match(bare)
    return match.end() if match else None


@cache
def _beginning(name: str) -> re.Pattern[str]:
    """Lines that begin with a word of a list, or hold signs only."""
    told = "|".join(re.escape(word).replace("：", "[：:]") for word in words(name))
    return re.compile(rf"[\W_]*(?:{told}|\Z)")


@cache
def _heads() -> re.Pattern[str]:
    told = "|".join(re.escape(word) for word in words("related"))
    return re.compile(rf"[\W_]*(?:{told})[^：:|\s]{{0,4}}[\s\u3000]*(?:[：:|][\s\u3000]*|(?<=[\s\u3000])|\Z)")
