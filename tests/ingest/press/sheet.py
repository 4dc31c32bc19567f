"""One sheet of paper: text set in frames as a newspaper sets it. Points, from the top left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

NOT_FIRST = frozenset("，。、；：！？”’）》〉】」』％%…—·,.;:!?)℃")
NOT_LAST = frozenset("“‘（《〈【「『(")


@dataclass(frozen=True)
class Frame:
    """A column or a part of one: lines are set from `top` down to `bottom`."""

    left: float
    top: float
    width: float
    bottom: float


@dataclass(frozen=True)
class Type:
    """How a text looks; `leading` is the distance of two lines' bases, `indent` of a paragraph's first line in em."""

    font: str
    size: float
    leading: float
    indent: float = 2.0
    justify: bool = True
    ragged_numbers: bool = False  # numbers and Latin words are never broken


class Sheet:
    def __init__(self, canvas: Canvas, width: float, height: float) -> None:
        self.canvas, self.width, self.height = canvas, width, height

    def line(
        self, left: float, top: float, text: str, font: str, size: float, *, space: float = 0, mode: int = 0
    ) -> None:
        """One line whose top is at `top`; `space` between characters; `mode` 3 is invisible."""
        told = self.canvas.beginText(left, self.height - top - 0.86 * size)
        told.setFont(font, size)
        told.setCharSpace(space)
        told.setTextRenderMode(mode)
        told.textOut(text)
        self.canvas.drawText(told)

    def centred(self, left: float, width: float, top: float, text: str, font: str, size: float) -> None:
        self.line(left + (width - measure(text, font, size)) / 2, top, text, font, size)

    def spread(self, left: float, width: float, top: float, text: str, font: str, size: float) -> None:
        """A headline set over the whole width."""
        space = (width - measure(text, font, size)) / (len(text) - 1)
        self.line(left, top, text, font, size, space=space)

    def stacked(self, left: float, top: float, text: str, font: str, size: float, step: float = 1.1) -> float:
        """A vertical line; its end."""
        for one in text:
            self.line(left, top, one, font, size)
            top += step * size
        return top

    def rule(self, x0: float, y0: float, x1: float, y1: float, thick: float = 0.5) -> None:
        self.canvas.setLineWidth(thick)
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def box(self, left: float, top: float, right: float, bottom: float, fill: float | None = None) -> None:
        if fill is not None:
            self.canvas.setFillGray(fill)
        self.canvas.rect(
            left, self.height - bottom, right - left, bottom - top, stroke=fill is None, fill=fill is not None
        )
        self.canvas.setFillGray(0)

    def picture(self, left: float, top: float, right: float, bottom: float) -> None:
        from PIL import Image

        shade = Image.linear_gradient("L").resize((32, 32)).convert("RGB")
        from reportlab.lib.utils import ImageReader

        self.canvas.drawImage(ImageReader(shade), left, self.height - bottom, right - left, bottom - top)

    def flow(self, paragraphs: Sequence[str], frames: Sequence[Frame], kind: Type, heading: str = "") -> list[str]:
        """Set paragraphs into frames, one after the other; what did not fit, its first paragraph maybe half (without
        its indent then: it begins with a zero-width space)."""
        rest = list(paragraphs)
        for at, frame in enumerate(frames):
            rest = self._fill(rest, frame, kind, heading, last=at == len(frames) - 1)
        return rest

    def _fill(self, rest: list[str], frame: Frame, kind: Type, heading: str, *, last: bool) -> list[str]:
        top = frame.top
        while rest and top + kind.size <= frame.bottom + 0.01:
            first, *others = rest
            if first.startswith("## "):
                if top + 3 * kind.leading > frame.bottom:
                    return rest
                self.centred(
                    frame.left, frame.width, top + 0.2 * kind.leading, first[3:], heading or kind.font, 1.1 * kind.size
                )
                top, rest = top + 1.5 * kind.leading, others
                continue
            goes_on = first.startswith("\u200b")
            first = first.removeprefix("\u200b")
            indent = 0 if goes_on else kind.indent * kind.size
            line, left_over = cut(first, frame.width - indent, kind)
            text = line.rstrip(" ")
            slack = frame.width - indent - measure(text, kind.font, kind.size)
            full = bool(left_over) and len(text) > 1 and (kind.justify or slack < 0)
            self.line(
                frame.left + indent, top, text, kind.font, kind.size, space=slack / (len(text) - 1) if full else 0
            )
            rest = ["\u200b" + left_over, *others] if left_over else others
            top += kind.leading
        return rest


def measure(text: str, font: str, size: float) -> float:
    return pdfmetrics.stringWidth(text, font, size)


def cut(text: str, width: float, kind: Type) -> tuple[str, str]:
    """The characters that make the next line, and the rest: no punctuation begins a line, no bracket ends one; a Latin
    word is kept whole or broken with a hyphen, numbers break anywhere unless ragged."""
    at, used = 0, 0.0
    while at < len(text):
        step = measure(text[at], kind.font, kind.size)
        if used + step > width + 0.01:
            break
        used, at = used + step, at + 1
    if at == len(text):
        return text, ""
    if (
        text[at] in NOT_FIRST
        and used + 0.5 * kind.size <= width + 0.6 * kind.size
        and (at + 1 == len(text) or text[at + 1] not in NOT_FIRST)
    ):
        return text[: at + 1], text[at + 1 :].lstrip(" ")
    while at > 1 and (text[at] in NOT_FIRST or text[at - 1] in NOT_LAST):
        at -= 1
    back = at
    while back > 1 and _binds(text[back - 1], text[back], kind):
        back -= 1
    if back > 1 and back < at:
        if (
            at - back >= 3
            and len(text) - at >= 3
            and all(one.isascii() and one.isalpha() for one in text[at - 3 : at + 3])
        ):
            return text[: at - 1] + "-", text[at - 1 :]
        at = back
        while at > 1 and text[at - 1] in NOT_LAST:
            at -= 1
    return text[:at], text[at:].lstrip(" ")


def _binds(one: str, other: str, kind: Type) -> bool:
    if kind.ragged_numbers:
        return one.isascii() and other.isascii() and " " not in (one, other)
    return one.isascii() and other.isascii() and one.isalpha() and other.isalpha()


def half(frames: Sequence[Frame], drop: float) -> list[Frame]:
    """The same frames without their upper `drop` points."""
    return [replace(one, top=one.top + drop) for one in frames]
