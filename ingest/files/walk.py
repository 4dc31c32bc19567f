"""The files that hold articles, found lazily, however many there are."""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

CONTENT_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".json": "application/json",
}
"""What a file is, by the end of its name; its format is told from its bytes, as for what comes from a site."""
LINES = (".jsonl", ".jsonl.gz")
"""Files of one article a line."""
_UNFINISHED = (".", "~$")  # hidden names and Word's locks: what programs call a file while they write it


class Found(NamedTuple):
    """A file as it was found: its size in bytes; when its content was last modified, and when anything of it last
    changed by this machine's clock (nanoseconds since 1970). `passing`: no file, and so not known again.
    """

    path: Path
    size: int
    modified: int
    changed: int = 0
    passing: bool = False

    @property
    def name(self) -> str:
        """The path as text for tables and messages; bytes that are not UTF-8 are written \\xNN."""
        return os.fsencode(self.path).decode("utf-8", "backslashreplace")


def is_lines(path: Path) -> bool:
    """Whether the file holds one article a line."""
    return path.name.lower().endswith(LINES)


def content_type(path: Path) -> str | None:
    """The content type by the end of the name, None where files of that name hold no articles."""
    return CONTENT_TYPES.get(path.suffix.lower())


def walk(
    paths: Iterable[Path], *, left_out: Counter[str] | None = None, tell: Callable[[str, str], None] | None = None
) -> Iterator[Found]:
    """The files with articles among `paths` and in the folders below them, in no particular order.

    Links to folders are not followed. `left_out` counts files of other kinds by their suffix; `tell` hears (path,
    reason) of what cannot be looked at.
    """
    for path in paths:
        try:
            if path.is_dir():
                yield from _below(path, left_out, tell)
            elif found := _found(path, path.stat(), left_out):
                yield found
        except OSError as error:
            _told(tell, path, error)


def _below(folder: Path, left_out: Counter[str] | None, tell: Callable[[str, str], None] | None) -> Iterator[Found]:
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as entries:
                for entry in entries:
                    if entry.name.startswith(_UNFINISHED):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif found := _entry(entry, left_out, tell):
                        yield found
        except OSError as error:
            _told(tell, current, error)


def _entry(
    entry: "os.DirEntry[str]", left_out: Counter[str] | None, tell: Callable[[str, str], None] | None
) -> Found | None:
    try:
        return _found(Path(entry.path), entry.stat(), left_out)
    except OSError as error:  # gone meanwhile, or a link that leads nowhere
        _told(tell, Path(entry.path), error)
        return None


def _found(path: Path, seen: os.stat_result, left_out: Counter[str] | None) -> Found | None:
    if not stat.S_ISREG(seen.st_mode):
        return None
    if is_lines(path) or content_type(path):
        return Found(path, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
    if left_out is not None:
        left_out[path.suffix.lower() or path.name] += 1
    return None


def _told(tell: Callable[[str, str], None] | None, path: Path, error: OSError) -> None:
    if tell is not None:
        tell(os.fsencode(path).decode("utf-8", "backslashreplace"), error.strerror or str(error))
