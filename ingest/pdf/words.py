"""The patterns in `data/`, a line each; `#` begins a remark."""

import re
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The patterns of a file as one."""
    lines = (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return re.compile("|".join(f"(?:{line})" for line in lines if line and not line.startswith("#")))
