"""Articles from files and JSONL lines; what cannot be read is told with its input and line, and stops nothing else."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from core.clock import read_moment
from core.errors import RejectedInput

FIELDS = frozenset({"id", "title", "published", "text", "url", "source", "author"})
"""What a line may hold; the last three are for `yinqi ingest`."""
GOLD_FIELDS = frozenset({"kind", "script", "events", "negatives", "file", "split", "note"})
"""What annotated articles hold besides; not read here, and no mistake."""
LONGEST = 5_000_000
"""Characters of an article's text, as in the table (core/models/articles.py)."""
FILES = (".txt", ".md")


@dataclass(frozen=True, kw_only=True)
class Given:
    """One article as given; `where` names its input for messages, `more` holds url, source and author."""

    where: str
    id: Any
    title: str
    text: str
    published: date | datetime | None
    more: dict[str, str]


Outcome = Given | RejectedInput


def from_file(path: Path, published: date | datetime | None) -> Iterator[Outcome]:
    """The articles of a .txt or .md file (one, its title the first heading of the .md) or of a .jsonl file."""
    try:
        if path.suffix == ".jsonl":
            with path.open("rb") as lines:
                yield from from_lines(str(path), lines, published)
        elif path.suffix not in FILES:
            raise RejectedInput(f"{path}: neither .txt nor .md nor .jsonl")
        else:
            title, text = _titled(path, _decoded(str(path), path.read_bytes()))
            where = str(path)
            yield Given(where=where, id=path.name, title=title, text=_text(where, text), published=published, more={})
    except OSError as error:
        yield RejectedInput(f"{path}: {error.strerror}")
    except RejectedInput as error:
        yield error


def from_lines(name: str, lines: Iterable[bytes], published: date | datetime | None) -> Iterator[Outcome]:
    """The articles of JSONL lines, and what is wrong with the others; `published` is for lines that tell none."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from _from_line(f"{name}, line {number}", line, published)


def moment(text: str) -> date | datetime:
    """An ISO date, or a date-time in UTC; raises ValueError that quotes what is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return read_moment(text)


def _from_line(where: str, line: bytes, published: date | datetime | None) -> Iterator[Outcome]:
    try:
        row = json.loads(_decoded(where, line).removeprefix("\ufeff"))
        if not isinstance(row, dict):
            raise RejectedInput(f"{where}: not a JSON object")
        yield _given(where, row, published)
        # told, but not a reason to lose the article
        if unknown := sorted(row.keys() - FIELDS - GOLD_FIELDS):
            yield RejectedInput(f"{where}: unknown field {', '.join(map(repr, unknown))} (the rest was read)")
    except json.JSONDecodeError as error:
        yield RejectedInput(f"{where}: not JSON ({error.msg} at character {error.pos + 1})")
    except RecursionError:
        yield RejectedInput(f"{where}: not JSON that can be read (nested too deeply)")
    except RejectedInput as error:
        yield error


def _given(where: str, row: dict[str, Any], published: date | datetime | None) -> Given:
    if not isinstance(row.get("id"), str | int):
        raise RejectedInput(f"{where}: field 'id' is missing or neither a text nor a number")
    words = {field: _string(where, row, field) for field in ("title", "published", "text", "url", "source", "author")}
    try:
        told = moment(words["published"]) if words["published"] else published
    except ValueError as error:
        raise RejectedInput(f"{where}: field 'published': {error}") from error
    more = {field: words[field] for field in ("url", "source", "author") if words[field]}
    text = _text(where, words["text"])
    return Given(where=where, id=row["id"], title=words["title"], text=text, published=told, more=more)


def _string(where: str, row: dict[str, Any], field: str) -> str:
    value = row.get(field)
    if value is not None and not isinstance(value, str):
        raise RejectedInput(f"{where}: field {field!r} is not a text")
    return value or ""


def _text(where: str, text: str) -> str:
    if not text.strip():
        raise RejectedInput(f"{where}: the text is missing or empty")
    if len(text) > LONGEST:
        raise RejectedInput(f"{where}: the text has {len(text):,} characters, more than {LONGEST:,}")
    return text


def _decoded(where: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RejectedInput(f"{where}: not UTF-8 (byte {error.start + 1} is 0x{raw[error.start]:02x})") from None


def _titled(path: Path, text: str) -> tuple[str, str]:
    """Title and text: the heading that a Markdown file begins with is its title."""
    head, _, rest = text.removeprefix("\ufeff").lstrip().partition("\n")
    if path.suffix == ".md" and head.startswith("# ") and rest.strip():
        return head[2:].strip(), rest
    return "", text
