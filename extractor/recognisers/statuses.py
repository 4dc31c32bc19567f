"""Words that say how far a grant has come: planned, agreed, granted or moved (`data/statuses.csv`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.recognisers.base import Mark

if TYPE_CHECKING:
    from extractor.page import Page


class Statuses:
    """Status words."""

    kind = "status"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is planned, agreed, granted (weak: 提供) or moved (money that moved: 到账)."""
        for start, end, status in page.phrases["status"]:
            yield Mark(self.kind, start, end, status)
