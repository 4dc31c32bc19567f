"""`yinqi score`: the extractor's figures on the gold sets, where those are there."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from core.errors import RejectedInput

ROOT = Path(__file__).parent.parent
SETS = ("dev", "check", "seeds")
Gold = Annotated[Path, typer.Option(help="Folder of the gold sets and their score.py.")]


def score(gold: Gold = ROOT.parent / "shared" / "gold") -> None:
    """Extract the gold sets' articles and print precision, recall and F1."""
    sets = [gold / f"{name}.jsonl" for name in SETS if (gold / f"{name}.jsonl").exists()]
    if not sets or not (gold / "score.py").exists():
        raise RejectedInput(f"{gold}: there are no gold sets with a score.py here")
    with tempfile.TemporaryDirectory() as folder:
        for path in sets:
            typer.echo(f"\n{path.stem}")
            predicted = Path(folder) / path.name
            with predicted.open("wb") as output:
                _python("-m", "tests.quality.predict", str(path.resolve()), output=output)
            _python(str(gold / "score.py"), str(path), str(predicted))


def _python(*arguments: str, output: object = None) -> None:
    """Run this Python in the project's folder; its failure is ours."""
    ended = subprocess.run([sys.executable, *arguments], stdout=output, cwd=ROOT, check=False)  # type: ignore[call-overload] # noqa: S603
    if ended.returncode:
        raise typer.Exit(ended.returncode)
