"""Width and script made plain (core/script.py), and whether a text is in the traditional script."""

from __future__ import annotations

import re
from functools import cache

from core.script import fold
from extractor.data import word_set

__all__ = ["fold", "is_traditional"]


def is_traditional(text: str) -> bool:
    """Whether the text is written in the traditional script: three of its commonest own characters stand in it."""
    own = _own_characters()
    return own.search(text) is not None and len(set(own.findall(text))) >= 3


@cache
def _own_characters() -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(word_set('traditional')))}]")
