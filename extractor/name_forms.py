"""What kind of name a string looks like, and probabilities in words: both are evidence for the judge of names."""

from __future__ import annotations

from bisect import bisect_left

from extractor.data import words
from extractor.remembered import remembered

_LEGAL = ("有限公司", "有限责任公司", "股份公司", "集团公司", "合伙企业", "(有限合伙)", "总公司")


@remembered(20_000)
def form_of(name: str) -> str:
    """What kind of name a string looks like."""
    if name.endswith(_LEGAL):
        return "full"
    if name.endswith("公司"):
        return "company"
    if name.isascii():
        return "latin"
    if name.endswith(words("firm_suffixes")):
        return "trade"
    if name.endswith(words("firm_suffixes_weak")):
        return "weak"
    return str(min(len(name), 7))


_LIMITS, LIKELY = (0.0, 0.2, 0.4, 0.6, 0.8, 0.95), ("none", "1", "2", "4", "6", "8", "9")


def bucket(probability: float) -> str:
    """A probability as one of seven words, by the least limit that it is not above."""
    return LIKELY[bisect_left(_LIMITS, probability)]
