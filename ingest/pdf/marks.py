"""What a page shows, as plain values: glyphs, rules, boxes, pictures. Points, from the page's top left corner."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Rect(NamedTuple):
    """A rectangle; `y0` is its top."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.y1 - self.y0

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    def overlap_x(self, other: "Rect") -> float:
        """The length of what both cover from left to right; negative: how far they are apart."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)

    def overlap_y(self, other: "Rect") -> float:
        """The same from top to bottom."""
        return min(self.y1, other.y1) - max(self.y0, other.y0)


def around(rects: "list[Rect]") -> Rect:
    """The least rectangle that holds all of them."""
    return Rect(min(r.x0 for r in rects), min(r.y0 for r in rects), max(r.x1 for r in rects), max(r.y1 for r in rects))


class Glyph(NamedTuple):
    """A character as drawn: `base` is its line's, `size` of its font, `order` its place among the page's characters.

    `apart`: PDFium sees a blank before it, one that is drawn or only left.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    font: str
    order: int
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: rules are thin (`horizontal` ones lie, `vertical` ones stand), boxes are frames and tinted grounds.

    `unknown`: how many characters no one can tell, since the PDF does not say what their glyphs mean.
    """

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    horizontal: list[Rect] = field(default_factory=list)
    vertical: list[Rect] = field(default_factory=list)
    boxes: list[Rect] = field(default_factory=list)
    pictures: list[Rect] = field(default_factory=list)
    unknown: int = 0
