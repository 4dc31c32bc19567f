"""`yinqi subscriber delete`: a subscriber goes with all that is private to them."""

from typing import Annotated

import typer

from api.resources.subscribers import store
from cli.reach import installation
from core import database, subscribers
from core.errors import RejectedInput

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def delete(name: str, yes: Yes = False) -> None:
    """Delete a subscriber with keys, watchlists, channels and all deliveries; asks for the name once more."""
    with installation():
        with database.transaction() as session:
            found = subscribers.named(session, name)
            if found is None:
                raise RejectedInput(f"no subscriber is called {name!r}")
            subscriber_id = found.id
        if not yes and typer.prompt("The subscriber's name once more, to delete all that is theirs") != name:
            raise RejectedInput("that is another name: nothing was deleted")
        with database.transaction() as session:
            if not store.delete(session, subscriber_id):
                raise RejectedInput(f"{name!r} was deleted meanwhile")
    typer.echo(f"{name} is deleted, with all that was private")
