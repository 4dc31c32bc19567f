"""Which text follows which headline.

Each block of text looks up its column. What it meets first owns it: a headline that covers the column, or the text
above, unless a rule or a blank parts the two. What meets neither goes with its neighbours: the text of the column on
the left runs on there (an L around a box, a headline narrower than its story), or that on the right began there. Who it
goes with is told by where they stand and by whether the one ends, and the other begins, amid a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.pdf.blocks import Block
from ingest.pdf.columns import Columns
from ingest.pdf.heads import Head
from ingest.pdf.marks import Rect, around

_COVERS = 0.25  # of a column's width: a headline above that much owns it
_FAR = 6.0  # lines: what stands farther below a headline is not under it
_BLANK = 1.7  # lines: a larger blank parts texts
_LEAST = 0.6  # points of likelihood below which a text stays by itself


@dataclass(eq=False, slots=True)
class Story:
    """A headline, if there is one, and its texts in the order of the page."""

    head: Head | None
    blocks: list[Block] = field(default_factory=list)
    bylines: list[Block] = field(default_factory=list)


class Flow:
    """A page's headlines and texts, brought together."""

    def __init__(
        self,
        heads: Sequence[Head],
        texts: Sequence[Block],
        pictures: Sequence[Rect],
        horizontal: Sequence[Rect],
        vertical: Sequence[Rect],
        body: float,
    ) -> None:
        self.heads, self.texts = heads, sorted(texts, key=lambda one: (one.rect.x0, one.rect.y0))
        self.pictures, self.horizontal, self.vertical, self.body = pictures, horizontal, vertical, body
        self.columns = Columns(self.texts)
        self.owner: dict[Block, Story] = {}
        self.above: dict[Block, Block] = {}
        self.weak: dict[Block, Block] = {}

    def stories(self) -> list[Story]:
        """The stories of the page that have a text."""
        own = {head: Story(head) for head in self.heads}
        for one in sorted(self.texts, key=lambda one: one.rect.y0):
            self._look_up(one, own)
        self._spread()
        while loose := [one for one in self.texts if one not in self.owner and one not in self.above]:
            self._place(loose, own)
            self._spread()
        stories: dict[Story, None] = dict.fromkeys(own.values())
        for block in self.texts:
            story = self.owner[block]
            story.blocks.append(block)
            stories[story] = None
        return [one for one in stories if one.blocks]

    def _look_up(self, block: Block, own: dict[Head, Story]) -> None:
        """Give a block the headline it stands under, or the text above that it goes on with."""
        head = max((h for h in self.heads if self._covers(h, block)), key=lambda h: h.bottom, default=None)
        text = max((t for t in self.texts if self._is_over(t, block)), key=lambda t: t.rect.y1, default=None)
        top = block.rect.y0
        if text is not None and (head is None or text.rect.y1 > head.rect.y1):
            if self._walled(text.rect.y1, top, block):
                return
            if self._goes_on(text, block):
                self.above[block] = text
            else:
                self.weak[block] = text
        elif head is not None and self._stands_under(head, block):
            self.owner[block] = own[head]

    def _stands_under(self, head: Head, block: Block) -> bool:
        """Whether neither a rule nor a large blank parts a text from a headline; what underlines that is no rule."""
        if self._walled(head.bottom + 1.5 * self.body, block.rect.y0, block):
            return False
        return self._blank(head.bottom, block) <= _FAR * block.leading

    def _goes_on(self, text: Block, block: Block) -> bool:
        """Whether nothing parts a text from the one above: no blank, no box with another story, and no picture where
        the one ends its paragraph and the other begins amid one."""
        blank = self._blank(text.rect.y1, block) / max(block.leading, text.leading)
        if blank > _BLANK or (blank > 1 and self._begins_beside_head(block)):
            return False
        gap = Rect(block.rect.x0, text.rect.y1, block.rect.x1, block.rect.y0)
        if any(
            one.region != block.region and one.rect.overlap_x(gap) > 0 < one.rect.overlap_y(gap) for one in self.texts
        ):
            return False
        between = any(p.overlap_x(gap) > 0.3 * gap.width and p.overlap_y(gap) > 0 for p in self.pictures)
        return not between or self.columns.junction(text, block) >= 0

    def _begins_beside_head(self, block: Block) -> bool:
        return any(
            head.region == block.region
            and abs(head.rect.y0 - block.rect.y0) < 0.6 * block.leading
            and 0 < -head.rect.overlap_x(block.rect) < 0.7 * self.columns.span(block).width
            for head in self.heads
        )

    def _covers(self, head: Head, block: Block) -> bool:
        rect = block.rect
        if head.is_vertical or head.region != block.region or head.rect.y1 > rect.y0 + 0.5 * self.body:
            return False
        overlap = head.rect.overlap_x(self.columns.span(block))
        return overlap >= min(_COVERS * self.columns.span(block).width, 0.8 * head.rect.width)

    def _is_over(self, text: Block, block: Block) -> bool:
        if text is block or text.region != block.region or text.rect.y1 > block.rect.y0 + 0.3 * self.body:
            return False
        one, other = self.columns.span(text), self.columns.span(block)
        return one.overlap_x(other) >= 0.5 * min(one.width, other.width)

    def _walled(self, y0: float, y1: float, block: Block) -> bool:
        return any(
            y0 - 2 <= rule.y0 <= y1 + 2 and rule.overlap_x(block.rect) >= 0.5 * block.rect.width
            for rule in self.horizontal
        )

    def _blank(self, bottom: float, block: Block) -> float:
        """The empty height above a text from something's bottom on, pictures between them not counted."""
        gap = Rect(block.rect.x0, bottom, block.rect.x1, block.rect.y0)
        covered = [(p.y0, p.y1) for p in self.pictures if p.overlap_x(gap) > 0.3 * gap.width and p.overlap_y(gap) > 0]
        blank, at = 0.0, gap.y0
        for y0, y1 in sorted(covered):
            blank += max(y0 - at, 0)
            at = max(at, y1)
        return (blank + max(gap.y1 - at, 0)) / (2 if covered else 1)

    def _spread(self) -> None:
        """Who goes on with a text has its headline."""
        for one in sorted(self.above, key=lambda one: one.rect.y0):
            if self.above[one] in self.owner:
                self.owner[one] = self.owner[self.above[one]]

    def _place(self, loose: list[Block], own: dict[Head, Story]) -> None:
        """Bring the likeliest of the loose texts to its story; where none is likely, the first is one by itself."""
        best: tuple[float, int, Story] | None = None
        for at, block in enumerate(loose):
            for story, points in self._likely(block, own).items():
                if points >= _LEAST and (best is None or points > best[0]):
                    best = (points, at, story)
        if best is not None:
            self.owner[loose[best[1]]] = best[2]
            return
        first = min(loose, key=lambda one: (one.rect.x0 // (4 * self.body), one.rect.y0))
        self.owner[first] = Story(None)

    def _likely(self, root: Block, own: dict[Head, Story]) -> dict[Story, float]:
        """The stories to which a loose text, with what goes on below it, may belong, by how likely each is."""
        found: dict[Story, float] = {}

        def tell(story: Story, points: float) -> None:
            found[story] = max(points, found.get(story, -9.0))

        chain = self._chain(root)
        whole = around([one.rect for one in chain])
        for head in self.heads:
            if head.is_vertical and any(self._is_beside(head, one) for one in chain):
                tell(own[head], 2.6)
        for other in self._neighbours(root, whole, left=True):
            story = self.owner[other]
            points = 2.0 + 1.2 * self._same_top(other, root) - 1.2 * self._ruled(other.rect, whole)
            tell(story, points + self.columns.junction(self._last_before(whole, story), root))
        for other in self._neighbours(root, whole, left=False):
            story = self.owner[other]
            beside_head = story.head is not None and abs(story.head.rect.y0 - root.rect.y0) < root.leading
            level = beside_head or self._same_top(other, root)
            points = 1.0 + 1.2 * level - 1.2 * self._ruled(whole, other.rect)
            tell(story, points + self.columns.junction(chain[-1], other))
        over = self.weak.get(root)
        if over is not None and over in self.owner:
            lines = self._blank(over.rect.y1, root) / root.leading
            tell(self.owner[over], 1.6 - 0.3 * lines + self.columns.junction(over, root))
        return found

    def _chain(self, root: Block) -> list[Block]:
        """A text and those that go on below it, from the top."""
        chain = [root]
        for one in sorted(self.above, key=lambda one: one.rect.y0):
            if self.above[one] in chain:
                chain.append(one)
        return chain

    def _same_top(self, block: Block, root: Block) -> bool:
        """Whether the column's text with a block begins as high on the page as another's."""
        while block in self.above:
            block = self.above[block]
        return abs(block.rect.y0 - root.rect.y0) < 0.6 * root.leading

    def _is_beside(self, head: Head, block: Block) -> bool:
        """Whether a vertical headline stands beside a text, with no other text between."""
        if head.region != block.region or head.rect.overlap_y(block.rect) < 0.4 * min(
            block.rect.height, head.rect.height
        ):
            return False
        gap = -head.rect.overlap_x(block.rect)
        between = (
            one
            for one in self.texts
            if one is not block
            and one.rect.overlap_y(block.rect) > 0
            and min(head.rect.x1, block.rect.x1) <= (one.rect.x0 + one.rect.x1) / 2 <= max(head.rect.x0, block.rect.x0)
        )
        return gap < 6 * self.body and not self._ruled(head.rect, block.rect) and next(between, None) is None

    def _neighbours(self, root: Block, whole: Rect, *, left: bool) -> list[Block]:
        """The placed texts of the next column on a side, at the height of a column's text; the upper first."""
        near = [
            one
            for one in self.texts
            if one in self.owner
            and one.region == root.region
            and one.rect.overlap_y(whole) > min(0.4 * min(one.rect.height, whole.height), self.body)
            and (one.rect.x1 <= whole.x0 + self.body if left else one.rect.x0 >= whole.x1 - self.body)
        ]
        if not near:
            return []
        edge = max(one.rect.x1 for one in near) if left else min(one.rect.x0 for one in near)
        found = [one for one in near if abs((one.rect.x1 if left else one.rect.x0) - edge) < 5 * self.body]
        return sorted(found, key=lambda one: one.rect.y0)

    def _ruled(self, left: Rect, right: Rect) -> bool:
        """Whether a rule stands between."""
        y0, y1 = max(left.y0, right.y0), min(left.y1, right.y1)
        a, b = min(left.x1, right.x1), max(left.x0, right.x0)
        return any(a - 3 <= r.x0 <= b + 3 and min(r.y1, y1) - max(r.y0, y0) > 0.5 * (y1 - y0) for r in self.vertical)

    def _last_before(self, whole: Rect, story: Story) -> Block:
        """The text of a story that stands last in the column on the left."""
        limit = whole.x0 + self.body
        placed = [one for one, owner in self.owner.items() if owner is story and one.rect.x1 <= limit]
        edge = max(one.rect.x1 for one in placed)
        return max((one for one in placed if one.rect.x1 > edge - 5 * self.body), key=lambda one: one.rect.y1)
