"""Whether a text is Chinese as people write it, or what bytes become that are read in a wrong encoding."""

import re
from functools import cache
from itertools import islice
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "common_characters.txt"
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_ENOUGH = 2_000  # characters that are looked at
PLAUSIBLE = 0.5  # the least share of common characters in Chinese text; articles have 0.78 and more, misread ones 0.12


def common_share(text: str) -> tuple[float, int]:
    """Which share of the Chinese characters in `text` are among the commonest thousand, and how many were looked at."""
    found = [one[0] for one in islice(_HAN.finditer(text), _ENOUGH)]
    return sum(one in _common() for one in found) / max(1, len(found)), len(found)


@cache
def _common() -> frozenset[str]:
    lines = _DATA.read_text("utf-8").splitlines()
    return frozenset("".join(line for line in lines if not line.startswith("#")))
