"""How a story is set: headline, byline and balanced columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tests.ingest.press.sheet import Frame, Sheet, Type, measure
from tests.ingest.press.stories import Story


@dataclass(frozen=True)
class Faces:
    """The fonts of a paper: body, headlines, captions and bylines."""

    song: str
    hei: str
    kai: str


class _Paper(Sheet):
    """A sheet on which nothing is printed, to see whether a text fits."""

    def __init__(self) -> None:
        super().__init__(None, 0, 0)

    def line(self, *told: object, **more: object) -> None:
        pass


def fits(paragraphs: Sequence[str], frames: Sequence[Frame], kind: Type) -> bool:
    return not _Paper().flow(paragraphs, frames, kind)


def balanced(paragraphs: Sequence[str], frames: Callable[[float], Sequence[Frame]], kind: Type) -> float:
    """The least depth (a whole number of lines) at which the text fits."""
    depth = 3
    while not fits(paragraphs, frames(depth * kind.leading), kind):
        depth += 1
        assert depth < 300
    return depth * kind.leading


def columns(left: float, width: float, count: int, gutter: float, top: float, bottom: float) -> list[Frame]:
    own = (width - (count - 1) * gutter) / count
    return [Frame(left + at * (own + gutter), top, own, bottom) for at in range(count)]


def head(
    sheet: Sheet,
    story: Story,
    left: float,
    top: float,
    width: float,
    faces: Faces,
    size: float,
    *,
    centre: bool = True,
    byline: float = 11,
) -> float:
    """Kicker, headline, subtitle and byline across `width`; where they end. A long headline is set smaller."""

    def put(text: str, font: str, size: float, top: float) -> float:
        for line in _lines(text, font, size, 0.98 * width):
            own = min(size, size * 0.98 * width / measure(line, font, size))
            (sheet.centred(left, width, top, line, font, own) if centre else sheet.line(left, top, line, font, own))
            top += 1.3 * own
        return top

    small = max(0.55 * size, 1.15 * byline)
    if story.kicker:
        top = put(story.kicker, faces.song, small, top)
    for line in story.headline:
        top = put(line, faces.hei, size, top)
    if story.subtitle:
        top = put(story.subtitle, faces.kai, small, top)
    if story.byline:
        top = put(story.byline, faces.kai, byline, top + 2) + 1
    return top + 4


def _lines(text: str, font: str, size: float, width: float) -> list[str]:
    """A headline as it is, or, where it would have to be much smaller, on several lines."""
    count = 1
    while measure(text, font, 0.85 * size) > count * width:
        count += 1
    step = -(-len(text) // count)
    return [text[at : at + step] for at in range(0, len(text), step)]


def put_story(
    sheet: Sheet,
    story: Story,
    faces: Faces,
    kind: Type,
    *,
    left: float,
    top: float,
    width: float,
    count: int,
    gutter: float,
    size: float,
    centre: bool = True,
) -> float:
    """The whole story in balanced columns under its headline; where it ends."""
    top = head(sheet, story, left, top, width, faces, size, centre=centre, byline=kind.size)
    depth = balanced(story.paragraphs, lambda deep: columns(left, width, count, gutter, top, top + deep), kind)
    rest = sheet.flow(story.paragraphs, columns(left, width, count, gutter, top, top + depth), kind, faces.hei)
    assert not rest
    return top + depth


def around(frames: Sequence[Frame], hole: Frame) -> list[Frame]:
    """The frames without a hole that a picture or box takes: above it and below it are frames of their own."""
    out: list[Frame] = []
    for one in frames:
        if one.left + one.width <= hole.left or one.left >= hole.left + hole.width:
            out.append(one)
            continue
        if hole.top - one.top > 12:
            out.append(replace(one, bottom=min(one.bottom, hole.top)))
        if one.bottom - hole.bottom > 12:
            out.append(replace(one, top=max(one.top, hole.bottom)))
    return out
