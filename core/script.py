"""Width and script made plain, one character for one.

Full-width letters, digits and brackets become half width, traditional characters simplified, controls blanks.
Sources: Unicode NFKC for widths; OpenCC's TSCharacters table for the script.

`str.translate` looks every Chinese character up in a dict, some 40 ns each. An article holds few kinds of characters
that change, so they are found by a pattern (2 ns a character) and replaced kind by kind.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import opencc

_FEW = 24  # kinds of characters up to which replacing each is faster than translating all


def fold(text: str, *, traditional: bool = True) -> str:
    """`text` in half width and, if asked, simplified script: each character becomes exactly one."""
    changing, table = _changing(traditional)
    found = changing.findall(text)
    if not found:
        return text
    kinds = set(found)
    if len(kinds) > _FEW:
        return text.translate(table)
    for kind in kinds:
        text = text.replace(kind, table[ord(kind)])
    return text


@cache
def _changing(traditional: bool) -> tuple[re.Pattern[str], dict[int, str]]:
    """The characters that folding changes, and into which; none becomes one that changes again."""
    whole = _both() if traditional else _widths()
    table = {code: plain for code, plain in whole.items() if ord(plain) != code}
    for code, plain in table.items():
        table[code] = table.get(ord(plain), plain)
    return re.compile(f"[{''.join(re.escape(chr(code)) for code in sorted(table))}]"), table


@cache
def _widths() -> dict[int, str]:
    table = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
    keep = {ord(c): c for c in "，；：！？"}
    signs = {
        0x00A0: " ",
        0xFF5E: "~",
        0x301C: "~",
        0x2236: "：",
        0x3014: "(",
        0x3015: ")",
    }
    brackets = {
        ord("「"): "“",
        ord("」"): "”",
        ord("『"): "“",
        ord("』"): "”",
        ord("﹙"): "(",
        ord("﹚"): ")",
        ord("＂"): "”",
    }
    controls = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160), 8203, 65279], " ")
    surrogates = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    return {**table, **keep, **signs, **brackets, **controls, **surrogates, 0x2028: "\n", 0x2029: "\n"}


@cache
def _both() -> dict[int, str]:
    path = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line)
    script = {ord(old): new.split()[0] for old, new in pairs if len(old) == 1 and len(new.split()[0]) == 1}
    return script | _widths() | {ord(k): v for k, v in zip("滙裏綫", "汇里线", strict=True)}
