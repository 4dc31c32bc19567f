"""The columns of a page: where each text's left and right edges are, and whether one text runs on in another."""

import math
from collections.abc import Sequence

from ingest.pdf.blocks import CLOSING, Block, ends_sentence
from ingest.pdf.marks import Rect

_INDENTED = 1.0  # em from the column's edge
_SHORT = 1.4  # em that a line falls short of its column where its paragraph ends
_NEAR = 3.0  # lines within which a text tells whether another one stands in
_HANGING = "，。、；：！？”’）》」』】"


class Columns:
    """The edges of each text's column, found from all texts that stand in it."""

    def __init__(self, texts: Sequence[Block], *, one_story: bool = False) -> None:
        """`one_story`: the texts are one story's, whose columns tell of each other over any distance."""
        self.texts, self._near = texts, math.inf if one_story else _NEAR
        self._spans: dict[Block, Rect] = {}
        starts = [self.is_indented(one) for one in texts if len(one.lines) > 1]
        self.indents = any(starts) or not starts

    def span(self, block: Block) -> Rect:
        """A text's rectangle, as wide as its column."""
        if block not in self._spans:
            self._spans[block] = self._span(block)
        return self._spans[block]

    def _span(self, block: Block) -> Rect:
        rect, size = block.rect, block.size
        if len(block.lines) > 2:
            return Rect(self._left(block), rect.y0, self._right(block), rect.y1)
        near = [
            one
            for one in self.texts
            if len(one.lines) > 2
            and one.region == block.region
            and abs(one.size - size) < 0.1 * size
            and -0.7 * size <= rect.x0 - one.rect.x0 <= 3.5 * size
            and rect.x1 <= one.rect.x1 + 1.2 * size
            and (abs(rect.x0 - one.rect.x0) < 0.3 * size or -rect.overlap_y(one.rect) <= self._near * one.leading)
        ]
        if not near:
            return rect
        as_wide = [one for one in near if rect.x1 >= one.rect.x1 - 1.5 * size]
        best = min(as_wide or near, key=lambda one: min(abs(one.rect.y0 - rect.y1), abs(rect.y0 - one.rect.y1)))
        return Rect(min(self._left(best), rect.x0), rect.y0, max(self._right(best), rect.x1), rect.y1)

    def _left(self, block: Block) -> float:
        return min(one.rect.x0 for one in block.lines)

    def _right(self, block: Block) -> float:
        """The edge that full lines reach; punctuation may hang over it."""
        inside = [one.rect.x1 for one in block.lines if one.text[-1] not in _HANGING] or [block.rect.x1]
        return min(max(inside), block.rect.x1)

    def is_indented(self, block: Block) -> bool:
        """Whether its first line begins a paragraph by standing in."""
        return block.lines[0].rect.x0 - self.span(block).x0 >= _INDENTED * block.size

    def is_full(self, block: Block) -> bool:
        """Whether its last line reaches the column's end."""
        last = block.lines[-1]
        return last.rect.x1 >= self.span(block).x1 - _SHORT * last.size

    def junction(self, one: Block, other: Block) -> float:
        """How well one text runs on in another: points above 0 where it does, below where it cannot."""
        begins = self.is_indented(other)
        text = one.lines[-1].text.rstrip(CLOSING)
        if not ends_sentence(text):
            return 1.5 if not begins and self.is_full(one) else (-1.5 if self.is_full(one) else 0.0)
        if not self.is_full(one):
            return 0.2 if begins else (-1.0 if self.indents else 0.3)
        return 0.2 if begins else 0.0
