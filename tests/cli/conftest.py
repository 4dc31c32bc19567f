"""The `yinqi` command: in this process, and as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app

Yinqi = Callable[..., Result]


@pytest.fixture
def yinqi(environment: dict[str, str]) -> Yinqi:
    """Runs a command on the test's own database; `input` is standard input."""

    def run(*arguments: str, input: bytes | str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=input)

    return run


def command(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """The command as a process of its own, with `variables` in its environment."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("YINQI_")}
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        env={**clean, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
