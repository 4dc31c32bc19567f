"""Page furniture: what stands on a page and is no news. Navigation, running heads, credits, notices, share buttons.

Words are data: `residue.txt` for lines of any length, `residue_short.txt` for short lines without a full stop, and
`related.txt` for heads of lists of other articles, whose lines are headlines of their own.
"""

from __future__ import annotations

import re

from extractor.data import words

_SHORT = 60
_SIGNS = re.compile(r"[\W_]*")
_PATH = re.compile(r"\S[^>›»]{0,11}(?:\s?[>›»]\s?[^>›»。，；]{1,12}){2,}")
_PARTED = re.compile(r"[|/丨·>›»]")
_RUNNING_HEAD = re.compile(
    r"[^。，；：\n]{0,40}\d{4}年\s?\d{1,2}月\s?\d{1,2}日[^。，；：\n]{0,8}(?:星期|周)[一二三四五六日天](?:[^。，；\n]{0,40})"
    r"|[^\s。，；：]{0,10}[\s\u3000]*(?:[A-Z]\d{1,2}|[A-Z]?\d{1,2}版)(?:[\s\u3000]+[^\s。，；：]{1,12}){0,3}"
)
_CODE = re.compile(r"[{}]|\bvar\s|function\s?\(|</?[a-z]+[ >]|_hmt|https?://\S+\Z|\|[-:| ]+\|")
_RELATED = re.compile(r"[\W_]*(?P<head>[^：:|\s]{2,10})[\s\u3000]*[：:|]?[\s\u3000]*")


def is_furniture(bare: str) -> bool:
    """Whether a line (without blanks around it) is no news."""
    signs = _SIGNS.match(bare)
    told = bare[signs.end() if signs else 0 :].replace(":", "：")
    if not told or told.startswith(words("residue")):
        return True
    if len(bare) > _SHORT or "。" in bare:
        return _CODE.match(bare) is not None
    return (
        told.startswith(words("residue_short"))
        or _PATH.fullmatch(bare) is not None
        or _RUNNING_HEAD.fullmatch(bare) is not None
        or _CODE.search(bare) is not None
        or (len(_PARTED.findall(bare)) >= 2 and any(word in bare for word in words("menu")))
    )


def related(bare: str) -> int | None:
    """Where, in a line that heads other articles' headlines, the first of them begins; None for any other line."""
    match = _RELATED.match(bare)
    if match is None or not match["head"].startswith(words("related")):
        return None
    whole = match.end() == len(bare) or bare[match.end() - 1] in "：:| \u3000"
    return match.end() if whole else None
