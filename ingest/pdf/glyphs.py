"""The characters of a page as drawn: what is invisible, off the page, set aslant or drawn twice is left out.

A character's place comes from PDFium's loose box (from its origin by its advance) and from its origin's height; the
font's size on paper from its size and its matrix, since many writers set size 1 and scale.
"""

import math
import unicodedata
from collections import Counter
from ctypes import byref, c_double, c_int, c_void_p, cast, create_string_buffer
from typing import Any, NamedTuple

from pypdfium2 import raw

from ingest.pdf.marks import Glyph
from ingest.pdf.upright import Upright

MOST = 120_000  # characters of a page; a broadsheet full of stock prices has some 40,000
_INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
_SAME = 0.15  # of the size: nearer than that the same character is drawn twice, for boldness or a shadow
_RADICALS = range(0x2E80, 0x2FE0)  # Kangxi and other radicals, which some fonts give for the characters alike
_LIGATURES = range(0xFB00, 0xFB07)
_CONTROL = frozenset({0, 2, 9, 10, 13, 0xFFFE, 0xFFFF})


class _Look(NamedTuple):
    """What all characters of a text object share."""

    size: float
    font: str
    turns: int  # quarter turns to the left; -1: aslant
    hidden: bool


class _Raw(NamedTuple):
    text: str
    look: _Look
    box: tuple[float, float, float, float]
    x: float
    y: float
    apart: bool


def read_glyphs(page: Any, bounds: tuple[float, float, float, float]) -> tuple[list[Glyph], Upright, int]:
    """The characters of a text page, how the page is read, and how many characters nobody can tell.

    Text that is invisible counts only where all of it is: what a machine read from a scan.
    """
    told, unknown = _all(page)
    shown = [one for one in told if not one.look.hidden] or told
    turns = Counter(one.look.turns for one in shown if one.look.turns >= 0)
    upright = Upright(*bounds, turns=turns.most_common(1)[0][0] if turns else 0)
    placed = [_placed(one, upright, at) for at, one in enumerate(shown) if one.look.turns == upright.turns]
    width, height = upright.size
    inside = [one for one in placed if one.x0 >= -2 and one.x1 <= width + 2 and 0 <= one.base <= height + 2]
    return _once(inside), upright, unknown


def _all(page: Any) -> tuple[list[_Raw], int]:
    out: list[_Raw] = []
    unknown = 0
    looks: dict[int, _Look] = {}
    box, x, y = raw.FS_RECTF(), c_double(), c_double()
    apart = False
    for at in range(min(raw.FPDFText_CountChars(page), MOST)):
        code = raw.FPDFText_GetUnicode(page, at)
        if code in _CONTROL or code == 32:
            if raw.FPDFText_IsGenerated(page, at) == 1:
                apart = code == 32
                continue
            code = 0x2D if raw.FPDFText_IsHyphen(page, at) == 1 else code
        owner = raw.FPDFText_GetTextObject(page, at)
        key = cast(owner, c_void_p).value or 0
        look = looks.get(key)
        if look is None:
            look = looks[key] = _look(page, at, owner)
        if raw.FPDFText_HasUnicodeMapError(page, at) == 1 or code in (0, 0xFFFD):
            unknown += 1
            code = 0xFFFD
        if code in _CONTROL or 0xD800 <= code < 0xE000:
            continue
        raw.FPDFText_GetLooseCharBox(page, at, byref(box))
        raw.FPDFText_GetCharOrigin(page, at, byref(x), byref(y))
        out.append(_Raw(plain(code), look, (box.left, box.bottom, box.right, box.top), x.value, y.value, apart))
        apart = False
    return out, unknown


def plain(code: int) -> str:
    """A character as it is kept: a radical or ligature as what it looks like, any blank as one."""
    one = chr(code)
    if code in _RADICALS or code in _LIGATURES:
        return unicodedata.normalize("NFKC", one)
    return " " if one.isspace() else one


def _look(page: Any, at: int, owner: Any) -> _Look:
    """Size on paper, font and direction of a character's text object."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(page, at, byref(matrix))
    size = raw.FPDFText_GetFontSize(page, at) * (math.hypot(matrix.c, matrix.d) or 1)
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    turns = round(angle / 90)
    name = create_string_buffer(128)
    raw.FPDFText_GetFontInfo(page, at, name, 128, byref(c_int()))
    hidden = bool(owner) and raw.FPDFTextObj_GetTextRenderMode(owner) == _INVISIBLE
    font = name.value.decode("utf-8", "replace")
    return _Look(size, font, turns % 4 if abs(angle - 90 * turns) < 8 else -1, hidden)


def _placed(one: _Raw, upright: Upright, order: int) -> Glyph:
    """A character where it is read; in fonts for vertical writing the origin lies above its middle."""
    box = upright.rect(*one.box)
    x, base = upright.point(one.x, one.y)
    size = one.look.size
    wide = box.width
    if wide > 0 and not 0.2 * size <= wide <= 4 * size and one.text != " ":
        size = wide  # a font whose matrix hides its size
    if wide > 0 and abs(x - (box.x0 + box.x1) / 2) < 0.1 * wide and one.text != " ":
        base += 0.86 * size
    return Glyph(one.text, box.x0, box.x1, base, size, one.look.font, order, one.apart)


def _once(found: list[Glyph]) -> list[Glyph]:
    """Without those that are drawn a second time at the same place."""
    kept: list[Glyph] = []
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    for one in found:
        step = max(0.3 * one.size, 0.5)
        column, row = int(one.x0 / step), int(one.base / step)
        near = (
            other for dx in (-1, 0, 1) for dy in (-1, 0, 1) for other in seen.get((one.text, column + dx, row + dy), ())
        )
        if any(abs(o.x0 - one.x0) < _SAME * one.size and abs(o.base - one.base) < _SAME * one.size for o in near):
            continue
        seen.setdefault((one.text, column, row), []).append(one)
        kept.append(one)
    return kept
