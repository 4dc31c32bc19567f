"""Pages upright: a page that is set sideways is turned until its text runs from left to right."""

from dataclasses import dataclass

from ingest.pdf.marks import Rect


@dataclass(frozen=True, slots=True)
class Upright:
    """From PDF space (y upwards) to points from the top left; the text is turned left by `turns` quarter turns."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as it is read."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the PDF, from the top left of the page as it is read."""
        if self.turns == 0:
            return x - self.left, self.top - y
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def rect(self, left: float, bottom: float, right: float, top: float) -> Rect:
        """The same for a rectangle."""
        (xa, ya), (xb, yb) = self.point(left, bottom), self.point(right, top)
        return Rect(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
