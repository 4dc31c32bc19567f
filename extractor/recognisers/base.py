"""The contract of a recogniser: read a page, tell what stands where.

To add one: write `recognisers/x.py` with a class that has `kind` and `find`, put its words into `extractor/data/`,
give it a corpus of what must and must not match in `tests/extractor/corpus/KIND.tsv`, and add a line to `__init__.py`.
A recogniser knows no other recogniser: overlaps are settled in `extractor/mentions.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from extractor.page import Page


class Mark(NamedTuple):
    """Something recognised: its span in the plain text and its meaning (a kind of value for each kind of mark).

    `sure` is how probable a firm's name is one, by all that the article says of it (`extractor/judge.py`).
    """

    kind: str
    start: int
    end: int
    value: Any
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class BrandHit:
    """What a brand's mark means: `form` says how it was told (said, told_of, repeated, slotted, tagged)."""

    form: str


class Recogniser(Protocol):
    """One member of the catalogue. `find` yields marks of its `kind` in order, in time linear in the page."""

    kind: str

    def find(self, page: Page) -> Iterator[Mark]:
        """Every mark of this kind on the page."""
