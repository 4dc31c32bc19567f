"""A story's texts in the order in which they are read: column by column, what spans several columns between."""

from collections.abc import Sequence
from itertools import pairwise

from ingest.pdf.blocks import Block
from ingest.pdf.columns import Columns

_WIDE = 1.5  # times another text's width: what is so much wider stands over several columns


def in_order(blocks: Sequence[Block], columns: Columns) -> list[Block]:
    """The texts as they are read. Where the page lets one choose, the order whose joints fit better."""
    straight = _by_column(list(blocks), columns)
    banded = [one for band in _bands(blocks) for one in _by_column(band, columns)]
    if banded == straight:
        return straight
    return max((straight, banded), key=lambda order: _fit(order, columns))


def _fit(order: Sequence[Block], columns: Columns) -> float:
    return sum(columns.junction(one, other) for one, other in pairwise(order))


def _by_column(blocks: list[Block], columns: Columns) -> list[Block]:
    wide = [one for one in blocks if _spans_several(one, blocks, columns)]
    if wide:
        first = min(wide, key=lambda one: one.rect.y0)
        above = [one for one in blocks if one is not first and one.rect.y1 <= first.rect.y0 + 0.5 * first.size]
        below = [one for one in blocks if one is not first and one not in above]
        return [*_by_column(above, columns), first, *_by_column(below, columns)]
    stacks: list[list[Block]] = []
    for one in sorted(blocks, key=lambda one: columns.span(one).x0):
        stack = next((s for s in stacks if _in_column(one, s, columns)), None)
        if stack is None:
            stacks.append([one])
        else:
            stack.append(one)
    return [one for stack in stacks for one in sorted(stack, key=lambda one: (one.rect.y0, one.rect.x0))]


def _in_column(block: Block, stack: Sequence[Block], columns: Columns) -> bool:
    span = columns.span(block)
    return any(
        span.overlap_x(columns.span(one)) > 0.5 * min(span.width, columns.span(one).width)
        for one in stack
        if one is not block
    )


def _spans_several(block: Block, blocks: Sequence[Block], columns: Columns) -> bool:
    """Whether a text stands over two others that stand side by side."""
    span = columns.span(block)
    under = [
        columns.span(one)
        for one in blocks
        if one is not block
        and span.width > _WIDE * columns.span(one).width
        and span.overlap_x(columns.span(one)) > 0.6 * columns.span(one).width
        and len(one.lines) > 1
    ]
    return any(one.overlap_x(other) < 0 for at, one in enumerate(under) for other in under[at + 1 :])


def _bands(blocks: Sequence[Block]) -> list[list[Block]]:
    """The texts above and below what interrupts all of a story's columns."""
    bands: list[list[Block]] = []
    bottom = 0.0
    for one in sorted(blocks, key=lambda one: one.rect.y0):
        if not bands or one.rect.y0 > bottom + 1.5 * one.size:
            bands.append([])
        bands[-1].append(one)
        bottom = max(bottom, one.rect.y1)
    return bands
