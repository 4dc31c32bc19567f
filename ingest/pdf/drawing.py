"""What a page shows beside text: rules, boxes and pictures, with forms (drawings within drawings) laid open."""

from collections.abc import Iterator
from ctypes import byref, c_float, c_int
from dataclasses import dataclass, field
from typing import Any

from pypdfium2 import raw

from ingest.pdf.marks import Rect, around
from ingest.pdf.upright import Upright

MOST_OBJECTS = 30_000  # looked at on a page; a map or a chart drawn in lines may have more, and is none of our business
_MOST_POINTS = 60  # of a path: a rule has two, a rectangle five, what has more is a drawing
_DEEPEST = 4  # forms within forms
_THIN = 3.0  # points: what is thinner is a rule
_SHORT = 20.0  # points: what is shorter is none

Matrix = tuple[float, float, float, float, float, float]
_AS_IT_IS: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass
class Drawing:
    """Rules that lie and that stand, frames and tinted grounds, pictures."""

    horizontal: list[Rect] = field(default_factory=list)
    vertical: list[Rect] = field(default_factory=list)
    boxes: list[Rect] = field(default_factory=list)
    pictures: list[Rect] = field(default_factory=list)

    def add(self, rect: Rect) -> None:
        """A straight piece of a path."""
        if rect.height <= _THIN and rect.width >= _SHORT:
            self.horizontal.append(rect)
        elif rect.width <= _THIN and rect.height >= _SHORT:
            self.vertical.append(rect)
        elif rect.width >= _SHORT and rect.height >= _SHORT:
            self.boxes.append(rect)


def read_drawing(page: Any, upright: Upright) -> Drawing:
    """The page's paths and images, as far as they part or interrupt text."""
    drawing = Drawing()
    count = raw.FPDFPage_CountObjects(page)
    objects = (raw.FPDFPage_GetObject(page, at) for at in range(min(count, MOST_OBJECTS)))
    left = [MOST_OBJECTS]
    for one, matrix in _open(objects, _AS_IT_IS, 0, left):
        kind = raw.FPDFPageObj_GetType(one)
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            drawing.pictures += _bounds(one, matrix, upright)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            for rect in _pieces(one, matrix, upright):
                drawing.add(rect)
    return drawing


def _open(objects: Iterator[Any], matrix: Matrix, depth: int, left: list[int]) -> Iterator[tuple[Any, Matrix]]:
    """The objects and those in forms, each with the matrix that brings it to the page; `left` counts them down."""
    for one in objects:
        left[0] -= 1
        if left[0] < 0:
            return
        if raw.FPDFPageObj_GetType(one) != raw.FPDF_PAGEOBJ_FORM:
            yield one, matrix
        elif depth < _DEEPEST:
            count = raw.FPDFFormObj_CountObjects(one)
            inner = (raw.FPDFFormObj_GetObject(one, at) for at in range(max(count, 0)))
            yield from _open(inner, _product(_matrix(one), matrix), depth + 1, left)


def _pieces(path: Any, matrix: Matrix, upright: Upright) -> Iterator[Rect]:
    """The parts of a path between two moves of the pen, each as its bounds; none of one that is not painted."""
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
    count = raw.FPDFPath_CountSegments(path)
    if (not fill.value and not stroke.value) or count < 2:
        return
    if count > _MOST_POINTS:
        yield from _bounds(path, matrix, upright)
        return
    whole = _product(_matrix(path), matrix)
    piece: list[Rect] = []
    x, y = c_float(), c_float()
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and piece:
            yield around(piece)
            piece = []
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        px, py = upright.point(*_moved(whole, x.value, y.value))
        piece.append(Rect(px, py, px, py))
    if piece:
        yield around(piece)


def _bounds(one: Any, matrix: Matrix, upright: Upright) -> list[Rect]:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    if not raw.FPDFPageObj_GetBounds(one, byref(left), byref(bottom), byref(right), byref(top)):
        return []
    xa, ya = _moved(matrix, left.value, bottom.value)
    xb, yb = _moved(matrix, right.value, top.value)
    return [upright.rect(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))]


def _matrix(one: Any) -> Matrix:
    told = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(one, byref(told)):
        return _AS_IT_IS
    return told.a, told.b, told.c, told.d, told.e, told.f


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
