"""A text as signs alone, so that layout, width, script and punctuation make no difference, but any number or name does.

Kept are letters, digits and symbols (half width, small, simplified script) and the comma of lists, which parts names.
Punctuation and blanks go, except inside numbers and Latin words: 1.5 is not 15, and "3、5" is not 35. Where something
went, the text has a *seam*; a sentence that is looked for must begin and end at one.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import opencc
from numpy.typing import NDArray

_SIZE = 0x10000  # beyond it stand rare Chinese characters and pictures: kept as they are
_CHINESE, _KOREAN = range(0x3400, 0xA000), range(0xAC00, 0xE000)  # kept, and no wide forms of anything
_KEPT, _WORD, _NUMERAL, _HARD, _END, _SOFT, _BLANK, _LINE, _GONE, _INNER = range(10)
_DIGIT = "[0-9０-９]"
_THOUSANDS = re.compile(rf"(?<![0-9０-９.,]){_DIGIT}{{1,3}}(?:\n?,\n?{_DIGIT}{{3}})+(?![0-9０-９,])")
_DIGITS = re.compile(_DIGIT)
_NUMERALS = "〇零一二三四五六七八九十百千万亿两"
_ENDS = "。！？!?；;"
_INNERS = ".,-/:'’_"  # kept between two letters or digits of a word or number
_QUOTES = '"“”‘’「」『』〝〞‹›«»·•・'
_SIGNS = "、%‰‱#&@*§"  # punctuation to Unicode, and yet part of what is said
_PARTED, _SPACED, _BROKEN = ord("|"), ord(" "), ord("\n")


@dataclass(frozen=True, slots=True)
class _Tables:
    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]


@dataclass(frozen=True)
class Folded:
    """Signs of a text; `seams[i]` tells whether it may be cut before sign `i`, `ends` where its sentences end.

    A line break inside a word or number is kept as such, since it may be a mere wrap.
    """

    signs: str
    seams: NDArray[np.bool_]
    ends: tuple[int, ...]

    @cached_property
    def strict(self) -> str:
        """With line breaks inside words and numbers as blanks; of the same length."""
        return self.signs.replace("\n", " ")

    @cached_property
    def joined(self) -> "Folded":
        """With those line breaks undone."""
        if "\n" not in self.signs:
            return self
        stays = np.array([sign != "\n" for sign in self.signs] + [True])
        return Folded(self.signs.replace("\n", ""), self.seams[stays], ())

    @cached_property
    def sentences(self) -> list[str]:
        """Its sentences, none empty."""
        edges = sorted({0, *self.ends, len(self.signs)})
        return [self.signs[a:b] for a, b in pairwise(edges)]

    def find(self, sentence: str, start: int = 0) -> tuple[int, int] | None:
        """The span from `start` on in which a sentence stands between two seams."""
        at = self.strict.find(sentence, start)
        while at >= 0:
            end = at + len(sentence)
            if self.seams[at] and self.seams[end]:
                return at, end
            at = self.strict.find(sentence, at + 1)
        return None


def fold(text: str) -> Folded:
    """Fold a text; linear in its length."""
    codes, kinds = _read(text)
    kept = kinds <= _NUMERAL
    _keep_inner(codes, kinds, kept)
    places = np.flatnonzero(kept)
    signs = codes[places]
    gaps = np.flatnonzero(np.diff(places) > 1)  # something went between signs i and i + 1
    seams = np.zeros(len(places) + 1, dtype=np.bool_)
    seams[0] = seams[-1] = True
    marks: list[tuple[int, int]] = []
    ends: list[int] = []
    listed, at = kinds.tolist(), places.tolist()  # a loop over lists is the faster one
    for i in gaps.tolist():
        between = set(listed[at[i] + 1 : at[i + 1]])
        seams[i + 1] = bool(between & {_HARD, _END, _BLANK, _LINE})
        if _END in between:
            ends.append(i + 1)
        if mark := _mark(listed[at[i]], listed[at[i + 1]], between):
            marks.append((i + 1, mark))
    return _with_marks(signs, seams, ends, marks)


def shingled(text: str) -> NDArray[np.uint32]:
    """The signs alone, as code points, without a mark of anything between them."""
    codes, kinds = _read(text)
    return codes[kinds <= _NUMERAL]


def _read(text: str) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Code points as they are folded, and the kind of each."""
    if "," in text:
        text = _THOUSANDS.sub(lambda number: "".join(_DIGITS.findall(number.group())), text)
    raw = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")
    tables = _tables()
    known = np.minimum(raw, _SIZE - 1)
    codes, kinds = tables.codes[known], tables.kinds[known]
    if raw.size and raw.max() >= _SIZE:
        rare = raw >= _SIZE
        codes[rare], kinds[rare] = raw[rare], _KEPT
    if (kinds == _GONE).any():
        codes, kinds = codes[kinds != _GONE], kinds[kinds != _GONE]
    return codes, kinds


def _keep_inner(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], kept: NDArray[np.bool_]) -> None:
    """Keep the signs inside numbers and Latin words, and a minus before a number; others part, as punctuation does."""
    for i in np.flatnonzero(kinds == _INNER).tolist():
        around = [_beside(kinds, i, step) for step in (-1, 1)]
        minus = codes[i] == ord("-") and i + 1 < len(codes) and ord("0") <= codes[i + 1] <= ord("9")
        kept[i] = around == [_WORD, _WORD] or minus
        kinds[i] = _WORD if kept[i] else _HARD


def _beside(kinds: NDArray[np.uint8], i: int, step: int) -> int:
    """The kind of the sign beside sign `i`; a line may have been broken there."""
    for at in (i + step, i + 2 * step):
        if not 0 <= at < len(kinds):
            return _HARD
        if kinds[at] != _LINE:
            return int(kinds[at])
    return _HARD


def _mark(before: int, after: int, between: set[int]) -> int:
    """What must stay between two signs, so that two numbers or words never become one; 0 where nothing."""
    if before == after == _WORD:
        if between <= {_BLANK, _LINE}:
            return _BROKEN if _LINE in between else _SPACED
        return _PARTED
    parted = bool(between & {_HARD, _END})
    return _PARTED if parted and {before, after} <= {_WORD, _NUMERAL} else 0


def _with_marks(
    signs: NDArray[np.uint32], seams: NDArray[np.bool_], ends: list[int], marks: list[tuple[int, int]]
) -> Folded:
    if marks:
        at = np.array([place for place, _ in marks])
        signs = np.insert(signs, at, [mark for _, mark in marks])
        seams = np.insert(seams, at, seams[at])
        ends = [end + int(np.searchsorted(at, end, side="left")) for end in ends]
    return Folded(signs.astype("<u4").tobytes().decode("utf-32-le"), seams, tuple(ends))


@cache
def _tables() -> _Tables:
    script = _simplified()
    codes = np.arange(_SIZE, dtype=np.uint32)
    kinds = np.full(_SIZE, _KEPT, dtype=np.uint8)
    for code in (*range(_CHINESE.start), *range(_CHINESE.stop, _KOREAN.start), *range(_KOREAN.stop, _SIZE)):
        plain = _plain(chr(code), script)
        codes[code], kinds[code] = ord(plain), _kind(plain)
    for old, new in script.items():
        if ord(old) in _CHINESE:
            codes[ord(old)] = ord(new)
    for numeral in _NUMERALS:
        kinds[codes == ord(numeral)] = _NUMERAL
    return _Tables(codes, kinds)


def _plain(sign: str, script: dict[str, str]) -> str:
    """Half width, small, simplified: one sign for one, itself where it would become several."""
    wide = unicodedata.normalize("NFKC", sign)
    small = (wide if len(wide) == 1 else sign).lower()
    plain = small if len(small) == 1 else sign
    return script.get(plain, plain)


def _kind(sign: str) -> int:
    category = unicodedata.category(sign)
    if sign in _NUMERALS:
        return _NUMERAL
    if sign.isascii() and sign.isalnum():
        return _WORD
    for signs, kind in ((_SIGNS, _KEPT), (_ENDS, _END), (_INNERS, _INNER), (_QUOTES, _SOFT), ("\n\u2028\u2029", _LINE)):
        if sign in signs:
            return kind
    return {"P": _HARD, "Z": _BLANK, "C": _GONE if category == "Cf" else _BLANK}.get(category[0], _KEPT)


def _simplified() -> dict[str, str]:
    """OpenCC's table from traditional to simplified characters."""
    path = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    pairs: Any = (line.split("\t") for line in path.read_text("utf-8").splitlines() if "\t" in line)
    return {old: new.split()[0] for old, new in pairs if len(old) == 1 and len(new.split()[0]) == 1}
