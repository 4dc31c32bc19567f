"""Front matter: what the first lines of a text tell of it, between two lines of `---`."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent.parent / "data" / "front_matter.csv"
_MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What was told, as it stood there; empty where untold."""

    title: str = ""
    published: str = ""
    updated: str = ""
    source_name: str = ""
    author: str = ""
    url: str = ""


def front_matter(text: str) -> tuple[FrontMatter, str]:
    """What the front matter tells, and the text behind it; a text without any stays whole.

    Lines that are no `key: value` of a known key (lists, tags, comments) tell nothing.
    """
    lines = text.lstrip("\ufeff").splitlines()
    end = next((at for at, line in enumerate(lines[1:_MOST_LINES], start=1) if line.strip() in {"---", "..."}), None)
    if end is None or lines[0].strip() != "---":
        return FrontMatter(), text
    told: dict[str, str] = {}
    for line in lines[1:end]:
        key, value = _pair(line)
        if key and value:
            told.setdefault(key, value)
    return (FrontMatter(**told), "\n".join(lines[end + 1 :])) if told else (FrontMatter(), text)


def _pair(line: str) -> tuple[str | None, str]:
    key, _, value = line.replace("：", ":", 1).partition(":")
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1].strip()
    return _fields().get(key.strip().lower()), value


@cache
def _fields() -> dict[str, str]:
    lines = [line for line in _DATA.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {row["key"]: row["field"] for row in csv.DictReader(lines)}
