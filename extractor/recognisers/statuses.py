"""Words that say how far a grant has come: planned, agreed, granted or moved (`data/statuses.csv`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from extractor.data import table
from extractor.recognisers.base import Mark
from extractor.wordlist import WordList

if TYPE_CHECKING:
    from extractor.page import Page


class Statuses:
    """Status words."""

    kind = "status"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is planned, agreed, granted (weak: 提供) or moved (money that moved: 到账)."""
        for start, end, status in _phrases().find(page.text):
            yield Mark(self.kind, start, end, status)


@cache
def _phrases() -> WordList:
    return WordList(table("statuses", "phrase", "status"))
