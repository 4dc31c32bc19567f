"""Financing instruments: phrases of `data/instruments.csv`, and product names that end in 贷 (苏科贷, “设备担”贷)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from extractor.data import rows, table
from extractor.recognisers.base import Mark
from extractor.wordlist import WordList

if TYPE_CHECKING:
    from extractor.page import Page

_BEFORE = re.compile(r"[“‘《元的笔款]")  # what a product stands behind: `re` skips from one to the next
_PRODUCT = re.compile(
    r"(?<=[“‘《])[一-龥A-Za-z0-9·+]{0,10}贷[一-龥A-Za-z]{0,2}(?:款)?(?=[”’》])|(?<=[元的笔款])[一-龥A-Za-z]{1,8}贷(?![一-龥])"
)


class Instruments:
    """Instruments by their slug in GUIDELINES.md."""

    kind = "instrument"

    def find(self, page: Page) -> Iterator[Mark]:
        """Marks whose value is the slug."""
        taken = -1
        for start, end, slug in sorted(
            [*_products(page.text), *page.phrases["instrument"]], key=lambda m: (m[0], -m[1])
        ):
            if start >= taken:
                yield Mark(self.kind, start, end, slug)
                taken = end


@cache
def _phrases() -> WordList:
    return WordList(table("instruments", "phrase", "instrument"))


def _products(text: str) -> Iterator[tuple[int, int, str]]:
    last = 0
    for before in _BEFORE.finditer(text):
        match = _PRODUCT.match(text, before.end()) if before.end() >= last else None
        if match is None:
            continue
        name, last = match.group(), match.end()
        known = next((slug for _, _, slug in _phrases().find(name) if slug != "loan"), None)
        yield match.start(), last, known or _by_part(name)


def _by_part(name: str) -> str:
    """A product's kind by the first telling part of its name (`data/product_parts.csv`, in order)."""
    return next((row["instrument"] for row in rows("product_parts") if row["part"] in name), "tech_loan")
