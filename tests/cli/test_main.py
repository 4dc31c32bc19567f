"""The door: which commands there are, and which Pythons it opens for."""

import runpy
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from cli.main import app

COMMANDS = (
    *("up", "demo", "extract", "ingest", "doctor", "score", "subscriber", "sources"),
    *("retry", "backup", "restore", "init", "serve"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 15, 0)])
def test_another_python_gets_a_clear_message(monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]) -> None:
    info = namedtuple("info", "major minor micro")(*version)
    monkeypatch.setattr(sys, "version_info", info)
    with pytest.raises(SystemExit, match=rf"3\.11 to 3\.14; this is 3\.{version[1]}"):
        runpy.run_path(str(Path(cli.__file__).with_name("main.py")), run_name="elsewhere")
