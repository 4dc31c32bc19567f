"""Pages laid out by chance: bands of stories over a grid of columns, in the ways newspapers have."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.ingest.press.by_hand import SONG, paper, printed
from tests.ingest.press.setting import Faces, around, balanced, columns, head, put_story
from tests.ingest.press.sheet import Frame, Sheet, Type, measure
from tests.ingest.press.stories import Story, read_stories

FACES = Faces(SONG, SONG, SONG)


@dataclass
class Layout:
    """A page being set: what was chosen for all of it, and what stands on it so far."""

    chance: Random
    sheet: Sheet
    kind: Type
    count: int
    gutter: float
    left: float
    width: float
    ruled: bool
    pool: list[Story]
    told: list[Story] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, *, most: int = 2000, least: int = 0) -> Story:
        for at, story in enumerate(self.pool):
            if least <= sum(map(len, story.paragraphs)) <= most:
                self.told.append(story)
                return self.pool.pop(at)
        self.told.append(self.pool[-1])
        return self.pool.pop()

    def span(self, first: int, count: int) -> tuple[float, float]:
        """Left edge and width of some columns of the grid."""
        own = (self.width - (self.count - 1) * self.gutter) / self.count
        return self.left + first * (own + self.gutter), count * own + (count - 1) * self.gutter

    def size(self, least: float = 1.5, most: float = 2.6) -> float:
        return self.kind.size * self.chance.uniform(least, most)


@dataclass(frozen=True)
class Printed:
    """A page, its stories in no order, whether paragraphs stand in, what was chosen, and the height that it needs."""

    content: bytes
    stories: list[Story]
    indented: bool
    notes: str
    height: float


def random_page(seed: int) -> Printed:
    """The page that a number stands for."""
    return _page(seed, _page(seed, 6000).height)


def _page(seed: int, height: float) -> Printed:
    chance = Random(seed)
    size = chance.choice([9.0, 10.5, 12.0, 14.0])
    count = chance.randint(2, 5)
    gutter = size * chance.choice([1.2, 1.5, 2.0])
    width = count * size * chance.randint(11, 17) + (count - 1) * gutter
    canvas, out = paper(width + 80, height)
    stories = list(read_stories().values())
    chance.shuffle(stories)
    kind = Type(
        SONG,
        size,
        size * chance.choice([1.3, 1.4, 1.6]),
        indent=0 if chance.random() < 0.15 else 2,
        justify=chance.random() < 0.8,
        ragged_numbers=chance.random() < 0.3,
    )
    layout = Layout(
        chance, Sheet(canvas, width + 80, height), kind, count, gutter, 40, width, chance.random() < 0.6, stories
    )
    top = _masthead(layout)
    for _ in range(chance.randint(2, 4)):
        band = chance.choice(BANDS)
        if len(layout.pool) < 5 or (band in (_wrapped, _stacked, _inset) and count < 3):
            band = _single
        layout.notes.append(band.__name__)
        top = band(layout, top) + chance.uniform(1.6, 2.5) * kind.leading
        if layout.ruled:
            layout.sheet.rule(40, top - 0.8 * kind.leading, 40 + width, top - 0.8 * kind.leading)
    notes = f"{seed}: {count} columns, {kind}, gutter {gutter:.0f}, {layout.notes}, ruled {layout.ruled}"
    return Printed(printed(canvas, out), layout.told, kind.indent > 0, notes, top + 40)


def _masthead(layout: Layout) -> float:
    sheet, chance = layout.sheet, layout.chance
    date = chance.choice(["2026年3月15日 星期日", "2026.3.15 星期日", "二〇二六年三月十五日 星期日"])
    sheet.line(40, 20, chance.choice(["A02", "03版", "第4版"]), SONG, 16)
    sheet.line(120, 20, "样例日报", SONG, 18)
    sheet.line(layout.left + layout.width - 130, 24, date, SONG, 8)
    if chance.random() < 0.5:
        sheet.rule(40, 46, layout.left + layout.width, 46)
    return 58


def _single(layout: Layout, top: float) -> float:
    """One story over all columns, maybe around a picture."""
    story = layout.take()
    return _set(layout, story, 0, layout.count, top, picture=layout.chance.random() < 0.5)


def _set(layout: Layout, story: Story, first: int, count: int, top: float, *, picture: bool = False) -> float:
    left, width = layout.span(first, count)
    kind, chance, sheet = layout.kind, layout.chance, layout.sheet
    least = 1.5 if count == 1 else 1.8
    start = head(
        sheet, story, left, top, width, FACES, layout.size(least), centre=chance.random() < 0.6, byline=kind.size
    )
    frames = columns(left, width, count, layout.gutter, start, start + 1)

    def deep(depth: float) -> list[Frame]:
        return columns(left, width, count, layout.gutter, start, start + depth)

    depth = balanced(story.paragraphs, deep, kind)
    if picture and count > 1 and depth > 6 * kind.leading:
        over = chance.randint(1, count - 1)
        at = chance.randint(0, count - over)
        hole_left, hole_width = frames[at].left, over * frames[0].width + (over - 1) * layout.gutter
        y = start + chance.choice([0, 3, 4]) * kind.leading
        hole = Frame(hole_left, y, hole_width, y + chance.randint(6, 9) * kind.leading)
        layout.notes.append(f"picture {over} of {count} at {at}")
        depth = balanced(story.paragraphs, lambda d: around(deep(d), hole), kind)
        depth = max(depth, hole.bottom - start)
        assert not sheet.flow(story.paragraphs, around(deep(depth), hole), kind)
        low = hole.bottom - 1.5 * kind.leading
        sheet.picture(hole.left, y + 3, hole.left + hole.width, low)
        caption = (story.caption or "图为活动现场。 记者 方圆 摄")[: int(hole_width / (0.85 * kind.size)) + 8]
        size = min(0.85 * kind.size, 0.85 * kind.size * hole_width / measure(caption, SONG, 0.85 * kind.size))
        sheet.line(hole.left, low + 2, caption, SONG, size)
        return start + depth
    assert not sheet.flow(story.paragraphs, deep(depth), kind)
    return start + depth


def _beside(layout: Layout, top: float) -> float:
    """Two stories side by side, maybe with a rule between."""
    split = layout.chance.randint(1, layout.count - 1)
    one = _set(layout, layout.take(least=250 if split > 1 else 0), 0, split, top)
    other = _set(layout, layout.take(), split, layout.count - split, top)
    if layout.ruled:
        x = layout.span(split, 1)[0] - layout.gutter / 2
        layout.sheet.rule(x, top, x, max(one, other))
    return max(one, other)


def _stacked(layout: Layout, top: float) -> float:
    """A long story and short ones, one below the other, in the last column."""
    one = _set(layout, layout.take(least=350), 0, layout.count - 1, top, picture=layout.chance.random() < 0.4)
    at = top
    for _ in range(layout.chance.randint(1, 3)):
        if layout.pool:
            at = _set(layout, layout.take(most=220), layout.count - 1, 1, at) + 2.2 * layout.kind.leading
    return max(one, at)


def _wrapped(layout: Layout, top: float) -> float:
    """A story in the shape of an L around a box in the upper right."""
    kind, sheet, count = layout.kind, layout.sheet, layout.count
    lead, boxed = layout.take(least=430), layout.take(most=260)
    over = layout.chance.randint(1, count - 2)
    left, width = layout.span(count - over, over)
    pad = 0.8 * kind.size
    end = put_story(
        sheet,
        boxed,
        FACES,
        kind,
        left=left + pad,
        top=top + pad,
        width=width - 2 * pad,
        count=max(1, over - 1),
        gutter=layout.gutter,
        size=layout.size(),
    )
    sheet.box(left, top, left + width, end + pad)
    under = end + pad + 0.8 * kind.leading
    start = head(
        sheet, lead, 40, top, layout.span(0, count - over)[1], FACES, layout.size(1.9), centre=False, byline=kind.size
    )

    def frames(depth: float) -> list[Frame]:
        all_ = columns(40, layout.width, count, layout.gutter, start, start + depth)
        low = [Frame(one.left, under, one.width, one.bottom) for one in all_[count - over :]]
        return [*all_[: count - over], *(one for one in low if one.bottom - one.top > kind.size)]

    depth = balanced(lead.paragraphs, frames, kind)
    assert not sheet.flow(lead.paragraphs, frames(depth), kind)
    return max(start + depth, end + pad)


def _inset(layout: Layout, top: float) -> float:
    """A story whose headline stands over its last columns only; the first begins beside it."""
    story = layout.take(least=300)
    left, width = layout.span(1, layout.count - 1)
    start = head(layout.sheet, story, left, top, width, FACES, layout.size(1.9), byline=layout.kind.size)

    def frames(depth: float) -> list[Frame]:
        first, *rest = columns(40, layout.width, layout.count, layout.gutter, start, start + depth)
        return [Frame(first.left, top, first.width, first.bottom), *rest]

    depth = balanced(story.paragraphs, frames, layout.kind)
    assert not layout.sheet.flow(story.paragraphs, frames(depth), layout.kind)
    return start + depth


def _vertical(layout: Layout, top: float) -> float:
    """A vertical headline left of its story."""
    story = layout.take()
    size = layout.size(1.7, 2.2)
    at, bottom = 40.0, top
    lines = [story.kicker, *story.headline, story.subtitle]
    for line in reversed([one for one in lines if one]):
        bottom = max(bottom, layout.sheet.stacked(at, top, line.replace(" ", ""), SONG, size))
        at += 1.25 * size
    left = at + layout.kind.size
    width = layout.left + layout.width - left
    count = max(1, layout.count - 1)

    def frames(depth: float) -> list[Frame]:
        return columns(left, width, count, layout.gutter, top, top + depth)

    depth = balanced(story.paragraphs, frames, layout.kind)
    assert not layout.sheet.flow(story.paragraphs, frames(depth), layout.kind)
    return max(top + depth, bottom)


BANDS: list[Callable[[Layout, float], float]] = [_single, _beside, _stacked, _wrapped, _inset, _vertical]
