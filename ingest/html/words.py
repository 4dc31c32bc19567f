"""The word lists of pages, read once."""

import csv
import re
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"


def lines(name: str) -> list[str]:
    """The lines of a data file that say something."""
    return [line for line in (DATA / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


@cache
def facts(fact: str, where: str) -> tuple[str, ...]:
    """The words for a fact (title, published, source, author, credit) in meta elements, labels or JSON-LD (ld)."""
    rows = csv.DictReader(lines("page_facts.csv"))
    return tuple(row["word"] for row in rows if (row["fact"], row["where"]) == (fact, where))


@cache
def patterns(name: str, kind: str) -> re.Pattern[str]:
    """All patterns of one kind in a file of kinds and patterns, as one."""
    told = [line.split("\t") for line in lines(name)]
    return re.compile("|".join(f"(?:{pattern})" for found, pattern in told if found == kind))
