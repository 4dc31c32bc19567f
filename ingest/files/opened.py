"""Which folders may be watched: those that the operator opened (YINQI_FOLDERS), and what really lies in them."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit

from core.errors import RejectedInput


class Outside(RejectedInput):
    """A folder that is not open, or a file that leads out of it."""


def address(path: Path) -> str:
    """The folder as the address of a source."""
    return path.as_uri()


def check_address(url: str, opened: Sequence[str]) -> str:
    """The address in normal form; Outside where it is none, or of no opened folder. Looks at the text only."""
    return address(Path(_path(url, opened)))


def folder(url: str, opened: Sequence[str]) -> Path:
    """The folder as it really lies, all links followed; Outside where it is not open, or no folder."""
    path = Path(_path(url, opened))
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise Outside(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if not real.is_dir():
        raise Outside(f"{path}: not a folder")
    _check(real, path, opened)
    return real


def open_within(path: Path, opened: Sequence[str]) -> IO[bytes]:
    """The file, if it lies in an opened folder, by whatever links it is reached; Outside where it does not."""
    real = path.resolve(strict=True)
    _check(real, path, opened)
    fd = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        held = os.fstat(fd)
        # somebody may have put a link into its way meanwhile: what is open must be what lies inside
        if not stat.S_ISREG(held.st_mode) or path.resolve(strict=True) != real or not _same(held, os.lstat(real)):
            raise Outside(f"{path}: not a plain file within the folders that are open")
    except BaseException:
        os.close(fd)
        raise
    return os.fdopen(fd, "rb")


def _path(url: str, opened: Sequence[str]) -> str:
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or parts.query or parts.fragment:
        raise Outside(f"{url}: a watched folder's address is file:///… and its path")
    if "\0" in path or ".." in path.split("/"):
        raise Outside(f"{url}: no plain path")
    path = str(PurePosixPath("/", path.lstrip("/")))
    if not any(PurePosixPath(path).is_relative_to(root) for root in opened):
        told = ", ".join(opened) or "none is"
        raise Outside(f"{url}: not below a folder that YINQI_FOLDERS opens ({told})")
    return path


def _check(real: Path, path: Path, opened: Sequence[str]) -> None:
    if not any(real.is_relative_to(Path(root).resolve()) for root in opened):
        raise Outside(f"{path}: leads out of the folders that YINQI_FOLDERS opens")


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
