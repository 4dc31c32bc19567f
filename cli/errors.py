"""How a command fails: one line that names the input and the reason, and an exit code."""

from typing import Any

import typer
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError
from typer.core import TyperGroup

from core.errors import YinqiError
from core.settings import SettingsError

EXPECTED = (YinqiError, SettingsError, FileNotFoundError, PermissionError)


class Commands(TyperGroup):
    """The commands; an error that is expected ends one with exit code 2 and without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except EXPECTED as error:
            typer.echo(f"yinqi: {error}", err=True)
        except OperationalError as error:
            typer.echo(f"yinqi: the database cannot be reached: {str(error.orig).splitlines()[0]}", err=True)
        except ProgrammingError as error:
            if not isinstance(error.orig, UndefinedTable | UndefinedColumn):
                raise
            typer.echo("yinqi: the database has not the tables of this version: run `yinqi up` or `init`", err=True)
        raise typer.Exit(2)
