"""`python -m cli` is the `yinqi` command."""

from cli.main import app

app(prog_name="yinqi")
