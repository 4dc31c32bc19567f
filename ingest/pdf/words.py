"""The patterns in `data/`, a line each; `#` begins a remark."""

import re
from functools import cache, lru_cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_LONGEST_BYLINE = 60  # characters


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The patterns of a file as one."""
    lines = (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return re.compile("|".join(f"(?:{line})" for line in lines if line and not line.startswith("#")))


@lru_cache(maxsize=10_000)
def is_byline(text: str) -> bool:
    """Whether a line tells who wrote a story, and nothing else."""
    return len(text) < _LONGEST_BYLINE and pattern("byline").fullmatch(text) is not None
