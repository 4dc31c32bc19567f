"""The instrument that a whole article is about: a list of buyback loans names the instrument once for all its rows."""

from __future__ import annotations

from extractor.mentions import Marks
from extractor.recognisers import Mark

_TOPICS = ("buyback_loan", "merger_loan")
_LEAST, _SHARE = 3, 0.3


def topic(marks: Marks) -> Mark | None:
    """The first mark of the article's topic: a buyback or merger loan told thrice and in a third of all instruments."""
    told = marks.rest.get("instrument", ())
    if len(told) < _LEAST:
        return None
    for slug in _TOPICS:
        of = [mark for mark in told if mark.value == slug]
        if len(of) >= _LEAST and len(of) >= _SHARE * len(told):
            return of[0]
    return None
