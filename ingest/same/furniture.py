"""An article without what stands around it: bylines, sources, counters, datelines (patterns in `ingest/data`)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parents[1] / "data" / "reprint_furniture.txt"
_LONGEST = 240  # characters of a line that may be furniture
_MARGIN = 80  # characters at a line's beginning and end in which it may stand
_EARLY = 32  # characters in which what makes a beginning furniture stands
_TIMES = 3  # pieces of it that may follow one another there
_DAY = re.compile(r"(?:[0-9]{1,2}月)?[0-9]{1,2}日")


@dataclass(frozen=True, slots=True)
class Body:
    """The lines that say something, and the days that datelines told (3月1日)."""

    text: str
    days: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Patterns:
    line: re.Pattern[str]
    head: re.Pattern[str]
    tail: re.Pattern[str]
    title: re.Pattern[str]
    never: re.Pattern[str]
    early: re.Pattern[str]
    late: re.Pattern[str]


def headline(title: str) -> str:
    """A headline without a site's name and the like."""
    patterns = _patterns()
    for _ in range(_TIMES):
        found = patterns.title.search(title)
        if not found or patterns.never.search(found.group()) or len(found.group()) == len(title):
            break
        title = title[: found.start()] + title[found.end() :]
    return title.strip()


@lru_cache(maxsize=4)  # an article is sketched and compared
def body(text: str) -> Body:
    """`text` without its furniture."""
    days: set[str] = set()
    lines = [_cleared(line.strip(), days) for line in text.split("\n")]
    return Body("\n".join(line for line in lines if line is not None), frozenset(days))


def _cleared(line: str, days: set[str]) -> str | None:
    """A line without furniture at its ends; None where it is nothing else."""
    patterns = _patterns()
    if line and len(line) <= _LONGEST and patterns.line.fullmatch(line) and not patterns.never.search(line):
        return None
    for _ in range(_TIMES if patterns.early.search(line, 0, _EARLY) else 0):
        found = patterns.head.match(line, 0, _MARGIN)
        if not found or patterns.never.search(found.group()):
            break
        days.update(_DAY.findall(found.group()))
        line = line[found.end() :].lstrip()
    for _ in range(_TIMES if patterns.late.search(line[-4:]) else 0):
        found = patterns.tail.search(line, max(0, len(line) - _MARGIN))
        if not found or patterns.never.search(found.group()):
            break
        line = line[: found.start()].rstrip()
    return line


@lru_cache
def _patterns() -> _Patterns:
    kinds: dict[str, list[str]] = {}
    words: dict[str, str] = {}
    for line in _DATA.read_text("utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "word":
            name, _, pattern = rest.partition(" ")
            words[name] = pattern
        elif kind and not kind.startswith("#"):
            kinds.setdefault(kind, []).append(rest)
    whole = {kind: "|".join(f"(?:{_filled(one, words)})" for one in of) for kind, of in kinds.items()}
    tail = rf"(?:{whole['tail']})\s*\Z"
    title = rf"\A(?:{whole['title']})|(?:{whole['title']})\s*\Z"
    wanted = (whole["line"], whole["head"], tail, title, *(whole[kind] for kind in ("not", "early", "late")))
    return _Patterns(*(re.compile(one) for one in wanted))


def _filled(pattern: str, words: dict[str, str]) -> str:
    for name, meant in words.items():
        pattern = pattern.replace(name, f"(?:{meant})")
    return pattern
