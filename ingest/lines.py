"""Articles as lines of JSON (JSONL), judged one by one: a bad line is told by its place and stops no other."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.clock import read_moment
from core.errors import RejectedInput

FIELDS = frozenset({"id", "title", "published", "text", "url", "source", "author"})
"""What a line may hold; the last three are for articles that are kept."""
GOLD_FIELDS = frozenset({"kind", "script", "events", "negatives", "file", "split", "note"})
"""What annotated articles hold besides; not read here, and no mistake."""
LONGEST = 5_000_000
"""Characters of an article's text, as in the table (core/models/articles.py)."""


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


def from_lines(name: str, lines: Iterable[bytes], published: date | datetime | None) -> Iterator[Outcome]:
    """The articles of JSONL lines, each with its `id`, and what is wrong with the others.

    `published` is for lines that tell none.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from from_line(f"{name}, line {number}", line, published)


def from_line(where: str, line: bytes, published: date | datetime | None, *, with_id: bool = True) -> Iterator[Outcome]:
    """The article of one line, or what is wrong with it; `with_id`: it must have one."""
    try:
        row = json.loads(decoded(where, line).removeprefix("\ufeff"))
        if not isinstance(row, dict):
            raise RejectedInput(f"{where}: not a JSON object")
        yield _given(where, row, published, with_id)
        # told, but not a reason to lose the article
        if unknown := sorted(row.keys() - FIELDS - GOLD_FIELDS):
            yield RejectedInput(f"{where}: unknown field {', '.join(map(repr, unknown))} (the rest was read)")
    except json.JSONDecodeError as error:
        yield RejectedInput(f"{where}: not JSON ({error.msg} at character {error.pos + 1})")
    except RecursionError:
        yield RejectedInput(f"{where}: not JSON that can be read (nested too deeply)")
    except RejectedInput as error:
        yield error


def moment(text: str) -> date | datetime:
    """An ISO date, or a date-time in UTC; raises ValueError that quotes what is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return read_moment(text)


def checked(where: str, text: str) -> str:
    """A text that is none too many and not too long."""
    if not text.strip():
        raise RejectedInput(f"{where}: the text is missing or empty")
    if len(text) > LONGEST:
        raise RejectedInput(f"{where}: the text has {len(text):,} characters, more than {LONGEST:,}")
    return text


def decoded(where: str, raw: bytes) -> str:
    """UTF-8, or RejectedInput that names the byte that is not."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RejectedInput(f"{where}: not UTF-8 (byte {error.start + 1} is 0x{raw[error.start]:02x})") from None


def _given(where: str, row: dict[str, Any], published: date | datetime | None, with_id: bool) -> Given:
    if with_id and not isinstance(row.get("id"), str | int):
        raise RejectedInput(f"{where}: field 'id' is missing or neither a text nor a number")
    words = {field: _string(where, row, field) for field in ("title", "published", "text", "url", "source", "author")}
    try:
        told = moment(words["published"]) if words["published"] else published
    except ValueError as error:
        raise RejectedInput(f"{where}: field 'published': {error}") from error
    more = {field: words[field] for field in ("url", "source", "author") if words[field]}
    text = checked(where, words["text"])
    return Given(where=where, id=row.get("id"), title=words["title"], text=text, published=told, more=more)


def _string(where: str, row: dict[str, Any], field: str) -> str:
    value = row.get(field)
    if value is not None and not isinstance(value, str):
        raise RejectedInput(f"{where}: field {field!r} is not a text")
    return value or ""
