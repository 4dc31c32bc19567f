"""Articles from files: .txt and .md hold one each, .jsonl one a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.clock import read_moment
from core.errors import RejectedInput
from ingest.charset import decode
from ingest.errors import BadArticle
from ingest.formats.plain import Plain
from ingest.push import PushedArticle

TEXT_SUFFIXES = frozenset({".txt", ".md"})
_REQUIRED = frozenset({"title", "text"})
_FIELDS = _REQUIRED | {"url", "published", "author", "source_name", "id"}


def read_files(paths: list[Path]) -> Iterator[PushedArticle | BadArticle]:
    """Every article of every file in its order; what cannot be read comes as an error that names file and line."""
    for path in paths:
        yield from _read(path)


def _read(path: Path) -> Iterator[PushedArticle | BadArticle]:
    try:
        body = path.read_bytes()
        if path.suffix.lower() in TEXT_SUFFIXES:
            item = Plain().parse(body, url=str(path), zone="").items[0]
            yield PushedArticle(title=item.title, text=item.text)
        elif path.suffix.lower() == ".jsonl":
            yield from _lines(decode(body, name=str(path)), str(path))
        else:
            raise BadArticle(f"{path}: not a .txt, .md or .jsonl file")
    except OSError as error:
        yield BadArticle(f"{path}: {error.strerror or error}")
    except ValueError as error:  # a path that holds NUL
        yield BadArticle(f"{path!s}: {error}")
    except RejectedInput as error:
        yield BadArticle(str(error))


def _lines(text: str, name: str) -> Iterator[PushedArticle | BadArticle]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _article(json.loads(line))
            except (ValueError, BadArticle, RecursionError) as error:
                yield BadArticle(f"{name} line {number}: {_told(error)}")


def _article(row: Any) -> PushedArticle:
    if not isinstance(row, dict):
        raise BadArticle("not a JSON object")
    if unknown := sorted(set(row) - _FIELDS):
        raise BadArticle(f"unknown field {', '.join(unknown)}")
    if missing := sorted(_REQUIRED - set(row)):
        raise BadArticle(f"without {', '.join(missing)}")
    if wrong := sorted(name for name, value in row.items() if value is not None and not isinstance(value, str)):
        raise BadArticle(f"{', '.join(wrong)}: not a text")
    published = row.get("published")
    return PushedArticle(
        title=row["title"] or "",
        text=row["text"] or "",
        url=row.get("url"),
        published=read_moment(published) if published else None,
        author=row.get("author"),
        source_name=row.get("source_name"),
    )


def _told(error: Exception) -> str:
    return f"not JSON: {error}" if isinstance(error, json.JSONDecodeError | RecursionError) else str(error)
