"""What a measurement says: rows of one table, machine facts above it, progress on a terminal's stderr."""

import os
import platform
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, its value, and what it is held against ("" where nothing)."""

    what: str
    value: str
    beside: str = ""


def show(title: str, rows: Iterable[Row]) -> None:
    """Print one table on stdout; plain and unwrapped where that is no terminal."""
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    table = Table(title=title, title_justify="left", title_style="bold", show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(row.what, row.value, row.beside)
    console.print(table)


def machine() -> str:
    """Processor, cores that this process may use, memory, system and Python, in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = psutil.virtual_memory().total / 2**30
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, {python}"


def say(text: str) -> None:
    """Progress, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def median(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def microseconds(seconds: float) -> str:
    """A time in a row's text."""
    return f"{seconds * 1e6:.0f} µs"


def listed(ratios: Sequence[float]) -> str:
    """Ratios in a row's text."""
    return ", ".join(f"{ratio:.2f}" for ratio in ratios)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of `values` do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
