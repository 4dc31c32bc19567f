"""`yinqi demo`: the whole chain on sample articles, from a live feed to signed alerts."""

import signal
from typing import Annotated

import typer

from cli.up import Port
from core.errors import RejectedInput

Once = Annotated[bool, typer.Option("--once", help="End with 0 once every expected alert arrived, else with 1.")]
Timeout = Annotated[float, typer.Option(min=1, help="Seconds until what has not arrived counts as missing.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show the services' logs too.")]


def demo(once: Once = False, timeout: Timeout = 120.0, port: Port = None, verbose: Verbose = False) -> None:
    """Show all of Yinqi on sample articles: a feed, a watchlist, a webhook and e-mails, on a data folder of its own."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from cli.demo.run import Demo  # what it needs is not installed where the embedded servers are not
    except ImportError as error:
        raise RejectedInput(f"the demo cannot run: {error} (run make setup)") from error
    try:
        code = Demo(once=once, timeout=timeout, verbose=verbose).run(port)
    except KeyboardInterrupt:
        code = 130
    raise typer.Exit(code)
