"""`yinqi doctor`: what is wrong, and for each wrong thing what to do. Works when nothing is running."""

import typer
from rich.console import Console
from rich.text import Text

from cli.checks import Finding, findings


def doctor() -> None:
    """Check everything that Yinqi stands on; exit code 1 where something is wrong."""
    console = Console(highlight=False, soft_wrap=True)
    wrong = 0
    for finding in findings():
        wrong += finding.todo is not None
        console.print(_line(finding))
    told = f"{wrong} thing{'s' * (wrong != 1)} to mend" if wrong else "all is well"
    console.print(Text(told, style="bold"))
    if wrong:
        raise typer.Exit(1)


def _line(finding: Finding) -> Text:
    if finding.todo is None:
        return Text.assemble(("ok     ", "green"), finding.what)
    return Text.assemble(("wrong  ", "bold red"), f"{finding.what}\n       → {finding.todo}")
