"""Merged log lines: the service's name in its colour, then the line as it came."""

import sys
import threading
from contextlib import suppress
from typing import TextIO

from rich.console import Console
from rich.text import Text

COLOURS = {
    "yinqi": "bold",
    "ingest": "cyan",
    "extractor": "green",
    "alerts": "magenta",
    "scheduler": "yellow",
    "api": "blue",
}
WIDTH = max(map(len, COLOURS))


class Lines:
    """Writes lines of several services to one stream; may be called from any thread."""

    def __init__(self, stream: TextIO | None = None, *, console: Console | None = None) -> None:
        self._console = console or Console(file=stream or sys.stdout)
        self._lock = threading.Lock()

    def __call__(self, service: str, line: str) -> None:
        """One line of `service`."""
        text = Text(f"{service:<{WIDTH}} ", style=COLOURS.get(service, ""), end="")
        # a closed terminal or pipe must not stop the services
        with self._lock, suppress(OSError, ValueError):
            self._console.print(text.append(line, style="default"), soft_wrap=True)

    def own(self, line: str) -> None:
        """One line of our own."""
        self("yinqi", line)
