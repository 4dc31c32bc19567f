"""The `yinqi` command: a door that only names the modules beside it; each is loaded when its command is asked for."""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 14):  # a copied tree may be run by any
    sys.exit("Yinqi needs Python 3.11 to 3.14; this is %d.%d (%s)" % (*sys.version_info[:2], sys.executable))  # noqa: UP031
if sys.platform == "win32":
    sys.exit("Yinqi runs on Linux and macOS; on Windows use Docker: docker compose up")

import typer

from cli.commands import Commands

COMMANDS = {
    "up": "cli.up:up",
    "demo": "cli.demo.command:demo",
    "doctor": "cli.doctor:doctor",
    "extract": "cli.extract:extract",
    "ingest": "cli.ingest:ingest",
    "events": "cli.events:events",
    "watch": "cli.watch:watch",
    "firms": "cli.registers:firms",
    "banks": "cli.registers:banks",
    "profile": "cli.profile:profile",
    "search": "cli.search:search",
    "export": "cli.export:export",
    "stats": "cli.stats:stats",
    "registers": "cli.register_edits:registers",
    "subscriber": "cli.subscriber:subscriber",
    "sources": "cli.sources:sources",
    "indicators": "cli.indicators:indicators",
    "dossier": "cli.dossier:dossier",
    "deliveries": "cli.deliveries:deliveries",
    "mail": "cli.mail:mail",
    "retry": "cli.retry:retry",
    "rekey": "cli.rekey:rekey",
    "backup": "cli.backup:backup",
    "restore": "cli.restore:restore",
    "score": "cli.score:score",
    "gold": "cli.gold:gold",
    "init": "cli.prepare:init",
    "serve": "cli.serve:serve",
}
Commands.table = COMMANDS

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks show local variables, and those may be secrets
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def main() -> None:
    """Yinqi (银企): which bank financed which tech firm, with the sentence that says it."""
