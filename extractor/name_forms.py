"""What kind of name a string looks like, and probabilities in words: both are evidence for the judge of names."""

from __future__ import annotations

from functools import lru_cache

from extractor.data import words

_LEGAL = ("有限公司", "有限责任公司", "股份公司", "集团公司", "合伙企业", "(有限合伙)", "总公司")


@lru_cache(maxsize=20_000)
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


def bucket(probability: float) -> str:
    """A probability as one of seven words."""
    for limit, name in ((0.0, "none"), (0.2, "1"), (0.4, "2"), (0.6, "4"), (0.8, "6"), (0.95, "8")):
        if probability <= limit:
            return name
    return "9"
