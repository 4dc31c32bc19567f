"""How a command is found, and how it fails: one line that names the input and the reason, and an exit code."""

from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command

from core.errors import YinqiError

WRONG_TABLES = "the database has not the tables of this version: run `yinqi up` or `yinqi init`"


class Commands(TyperGroup):
    """The commands of `table` (name → module:attribute), each imported when it is asked for.

    An error that is expected ends a command with exit code 2 and without a traceback.
    """

    table: ClassVar[dict[str, str]] = {}

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the library's signature
        """The names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the library's signature
        """The command of that name, None where there is none."""
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name].partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(cmd_name)(found)
            found = alone
        command = get_command(found)
        command.name = cmd_name
        return command

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if (told := _expected(error)) is None:
                raise
            typer.echo(f"yinqi: {told}", err=True)
        raise typer.Exit(2)


def _expected(error: Exception) -> str | None:
    """What to say about an error that a user can do something about, None for a fault of ours."""
    if isinstance(error, YinqiError | FileNotFoundError | PermissionError):
        return str(error)
    # by name, so that a command without a database need not load what speaks to one
    names = {kind.__name__ for kind in type(error).__mro__}
    if "SettingsError" in names:
        return str(error)
    cause = getattr(error, "orig", None)
    if "OperationalError" in names and cause is not None:
        return f"the database cannot be reached: {str(cause).splitlines()[0]}"
    if type(cause).__name__ in ("UndefinedTable", "UndefinedColumn"):
        return WRONG_TABLES
    return None
