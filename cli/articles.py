"""Articles from files, read without a database; what cannot be read is told with its input and stops nothing else."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from core.errors import RejectedInput
from ingest.lines import Given, Outcome, checked, decoded, from_lines, moment

__all__ = ["Given", "Outcome", "from_file", "from_lines", "moment"]
FILES = (".txt", ".md")


def from_file(path: Path, published: date | datetime | None) -> Iterator[Outcome]:
    """The articles of a .txt or .md file (one, its title the first heading of the .md) or of a .jsonl file."""
    try:
        if path.suffix == ".jsonl":
            with path.open("rb") as lines:
                yield from from_lines(str(path), lines, published)
        elif path.suffix not in FILES:
            raise RejectedInput(f"{path}: neither .txt nor .md nor .jsonl")
        else:
            title, text = _titled(path, decoded(str(path), path.read_bytes()))
            where = str(path)
            yield Given(where=where, id=path.name, title=title, text=checked(where, text), published=published, more={})
    except OSError as error:
        yield RejectedInput(f"{path}: {error.strerror}")
    except RejectedInput as error:
        yield error


def _titled(path: Path, text: str) -> tuple[str, str]:
    """Title and text: the heading that a Markdown file begins with is its title."""
    head, _, rest = text.removeprefix("\ufeff").lstrip().partition("\n")
    if path.suffix == ".md" and head.startswith("# ") and rest.strip():
        return head[2:].strip(), rest
    return "", text
