"""Names that the tagger marks in the sentences near a financing: the only recogniser that was learnt, not written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page
    from extractor.tagger import DocumentHints, Tagger

LEAST = 0.1
"""Marks less probable than this are not worth weighing."""


class Tagged:
    """What `extractor/tagger` says, or what the page was told that it says."""

    kind = "tagged"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is the tagger's probability."""
        for start, end, score in page.heard if page.heard is not None else _tag(page):
            yield Mark(self.kind, start, end, score)


@cache
def _tagger() -> tuple[Tagger, Callable[[str], DocumentHints]]:
    from extractor.tagger import DocumentHints, Tagger  # numpy and the model are loaded with the first article to read

    return Tagger.load(), DocumentHints.of


def _tag(page: Page) -> Iterator[tuple[int, int, float]]:
    tagger, hints_of = _tagger()
    told = [page.text[sentence.start : sentence.end] for sentence in page.sentences]
    starts = [sentence.start for sentence in page.sentences]
    hints = hints_of(page.text)
    found = tagger.tag(told, document=hints, threshold=LEAST, words=page.tagged, starts=starts)
    for at, spans in zip(starts, found, strict=True):
        yield from ((at + span.start, at + span.end, span.score) for span in spans)
