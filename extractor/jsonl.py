"""Articles in, events out, one JSON object a line; a bad line is told by input and line and stops nothing.

In:  {"id", "title", "published", "text"}; published is an ISO date or time, or null. The gold's further keys pass.
Out: {"id", "events": [event, ...]} in the gold's fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from extractor.model import Event

FIELDS = frozenset({"id", "title", "published", "text"})
GOLD_FIELDS = frozenset({"kind", "script", "source", "events", "negatives", "file", "url"})


@dataclass(frozen=True, slots=True)
class Article:
    """One article of an input; `line` counts from 1."""

    id: str
    title: str
    text: str
    published: date | datetime | None
    line: int


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong with a line; `dropped` is False where the article is read all the same (an unknown field)."""

    source: str
    line: int
    reason: str
    dropped: bool = True

    def __str__(self) -> str:
        return f"{self.source}, line {self.line}: {self.reason}"


class _Bad(Exception):
    """The line holds no article; the message says why."""


def read_articles(lines: Iterable[bytes], source: str) -> Iterator[Article | LineError]:
    """Every line's article, and every fault as a `LineError` in its place. Blank lines are passed over.

    `source` names the input in errors: a file's name, or "stdin".
    """
    first_seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _object(line)
            article = _article(row, number)
        except _Bad as bad:
            yield LineError(source, number, str(bad))
            continue
        unknown = sorted(set(row) - FIELDS - GOLD_FIELDS)
        if unknown:
            yield LineError(source, number, f"unknown field {', '.join(map(repr, unknown))}", dropped=False)
        if article.id in first_seen:
            reason = f"id {article.id!r} stands in line {first_seen[article.id]} too"
            yield LineError(source, number, reason, dropped=False)
        first_seen.setdefault(article.id, number)
        yield article


def output_line(article_id: str, events: Iterable[Event]) -> str:
    """One output line, without its line feed. Halves of broken surrogate pairs become question marks."""
    row = {"id": article_id, "events": [event.as_gold() for event in events]}
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def parse_published(told: str) -> date | datetime:
    """An ISO date or time. ValueError, saying so, for anything else."""
    try:
        return date.fromisoformat(told) if len(told) <= 10 else datetime.fromisoformat(told)
    except ValueError:
        raise ValueError(f"{told!r} is no date (2025-03-01 or 2025-03-01T08:00:00+08:00)") from None


def _object(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _Bad(f"not UTF-8 (byte {error.start + 1} of the line)") from None
    except (ValueError, RecursionError) as error:
        raise _Bad(f"not JSON ({error})") from None
    if not isinstance(row, dict):
        raise _Bad("not a JSON object")
    return row


def _article(row: dict[str, Any], line: int) -> Article:
    for field in ("id", "text"):
        if not isinstance(row.get(field), str):
            raise _Bad(f"{field} is missing or no text")
    title, published = row.get("title") or "", row.get("published")
    if not isinstance(title, str):
        raise _Bad("title is no text")
    if published is None:
        return Article(row["id"], title, row["text"], None, line)
    if not isinstance(published, str):
        raise _Bad(f"published: {published!r} is no date")
    try:
        return Article(row["id"], title, row["text"], parse_published(published), line)
    except ValueError as error:
        raise _Bad(f"published: {error}") from None
