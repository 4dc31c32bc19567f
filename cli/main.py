"""The `yinqi` command: a door that only registers what the modules beside it do."""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 14):  # a copied tree may be run by any
    sys.exit("Yinqi needs Python 3.11 to 3.14; this is %d.%d (%s)" % (*sys.version_info[:2], sys.executable))  # noqa: UP031

import typer

from cli import backup, doctor, extract, ingest, prepare, restore, retry, score, serve, sources, subscriber, up
from cli.demo import command
from cli.errors import Commands

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks show local variables, and those may be secrets
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Yinqi (银企): which bank financed which tech firm, with the sentence that says it.",
)
app.command()(up.up)
app.command()(command.demo)
app.command()(extract.extract)
app.command()(ingest.ingest)
app.command()(doctor.doctor)
app.command()(score.score)
app.add_typer(subscriber.subscriber, name="subscriber")
app.add_typer(sources.sources, name="sources")
app.command()(retry.retry)
app.command()(backup.backup)
app.command()(restore.restore)
app.command()(prepare.init)
app.add_typer(serve.serve, name="serve")
