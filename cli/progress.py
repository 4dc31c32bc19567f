"""How far a long reading of files is: a bar with rate and rest on a terminal, else a plain line now and then."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ingest.files.backfill import Counts
from ingest.files.walk import walk

EVERY = 10.0
"""Seconds between two plain lines."""


class Bar:
    """Shows `Counts` against the bytes of all files below `paths`, which are added up meanwhile."""

    def __init__(self, paths: Sequence[Path], *, console: Console | None = None) -> None:
        self._paths = paths
        self._console = console or Console(stderr=True)
        self._begun = self._last = time.monotonic()
        self._total: int | None = None
        self._over = threading.Event()
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task = self._bar.add_task("reading", total=None)

    def __enter__(self) -> Self:
        threading.Thread(target=self._add_up, daemon=True).start()
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._bar.stop()

    def show(self, counts: Counts) -> None:
        """Bring what is shown up to date."""
        done = counts.stored + counts.duplicate
        rate = done / max(time.monotonic() - self._begun, 0.001)
        told = f"{done:,} articles, {rate:,.0f}/s"
        self._bar.update(self._task, completed=counts.size, total=self._total, description=told)
        if not self._console.is_terminal and time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            typer.echo(f"yinqi: {told}{self._rest(counts.size)}", err=True)

    def tell(self, given: str, reason: str) -> None:
        """A problem, in a line of its own."""
        line = f"yinqi: {given}: {reason}"
        if self._console.is_terminal:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            typer.echo(line, err=True)

    def _rest(self, size: int) -> str:
        if not self._total or not size:
            return ""
        left = (time.monotonic() - self._begun) * max(0, self._total - size) / size
        minutes, seconds = divmod(round(left), 60)
        return f", {min(size / self._total, 1):.0%}, {minutes}:{seconds:02} to go"

    def _add_up(self) -> None:
        """Walk ahead of the reading, beside it: how much there is to do."""
        total = 0
        for found in walk(self._paths):
            total += found.size
            if self._over.is_set():
                return
        self._total = total
