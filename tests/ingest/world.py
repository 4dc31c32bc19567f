"""The test files of feedparser, which every feed parser's test-suite knows: 2,242 real and made-up feeds.

They are in feedparser's source distribution and not in its wheel. pip fetches that once into var/feeds; they are no
part of Yinqi.
"""

import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import pytest

CACHE = Path(__file__).parent.parent.parent / "var" / "feeds"
_PATIENCE = 150  # seconds


def feeds() -> dict[str, bytes]:
    """Each test file by its path below `tests/`; skips where pip or its index cannot be reached."""
    name = f"feedparser-{version('feedparser')}.tar.gz"
    if not (CACHE / name).is_file():
        _fetch(name)
    with tarfile.open(CACHE / name) as archive:
        return dict(sorted(_files(archive)))


def _files(archive: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    for member in archive:
        parts = PurePosixPath(member.name).parts
        if member.isfile() and parts[1:2] == ("tests",) and not member.name.endswith(".py"):
            file = archive.extractfile(member)
            assert file is not None
            yield "/".join(parts[2:]), file.read()


def _fetch(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asked = ["download", "--quiet", "--no-deps", "--no-binary", "feedparser", "--dest", folder]
        for pip in _pips():
            try:
                done = subprocess.run(
                    [*pip, *asked, f"feedparser=={version('feedparser')}"],
                    capture_output=True,
                    text=True,
                    timeout=_PATIENCE,
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                pytest.skip(f"feedparser's test files cannot be fetched: {error}")
            if done.returncode == 0:
                CACHE.mkdir(parents=True, exist_ok=True)
                part = CACHE / f".{name}.{Path(folder).name}"
                shutil.copyfile(Path(folder) / name, part)
                part.rename(CACHE / name)
                return
            if "No module named pip" not in done.stderr:
                pytest.skip(f"feedparser's test files cannot be fetched: {done.stderr.strip()[-300:]}")
    pytest.skip("feedparser's test files cannot be fetched: there is no pip")


def _pips() -> Iterator[list[str]]:
    yield [sys.executable, "-m", "pip"]
    for name in ("pip", "pip3"):
        if found := shutil.which(name):
            yield [found]
