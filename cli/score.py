"""`yinqi score`: the extractor's figures on the annotated sets; all counting is in tests/quality/."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from core.errors import RejectedInput

ROOT = Path(__file__).parent.parent
Sets = Annotated[list[str] | None, typer.Argument(help="dev, check, seeds; all that are there.", show_default=False)]
Gold = Annotated[
    Path | None, typer.Option(help="Folder of the sets; else ../shared/gold, else our own.", show_default=False)
]
Predicted = Annotated[
    Path | None, typer.Option(help="Predictions of one set instead of the engine's.", show_default=False)
]
Errors = Annotated[int, typer.Option(help="List the errors of the first so many articles; not of check.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")]


def score(
    sets: Sets = None, gold: Gold = None, predicted: Predicted = None, errors: Errors = 0, json: Json = False
) -> None:
    """Print what the extractor finds and misses in annotated articles."""
    if not (ROOT / "tests" / "quality").is_dir():
        raise RejectedInput("`yinqi score` needs the source tree (tests/quality); an image does not hold it")
    paths = [(name, str(path.resolve())) for name, path in (("--gold", gold), ("--predicted", predicted)) if path]
    options = [part for pair in paths for part in pair] + (["--json"] if json else [])
    command = [sys.executable, "-m", "tests.quality.report", *(sets or []), *options, "--errors", str(errors)]
    raise typer.Exit(subprocess.run(command, cwd=ROOT, check=False).returncode)  # noqa: S603 - our own module
