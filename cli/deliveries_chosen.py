"""How `yinqi deliveries` is told which ones: the options, and what they mean."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.articles import moment
from core.clock import as_utc
from core.errors import RejectedInput
from core.models import Channel, Subscriber

STATES = ("open", "done", "failed")
State = Annotated[str | None, typer.Option(help="Only those that are open, done or failed.")]
ChannelName = Annotated[str | None, typer.Option("--channel", help="Only those for a channel, by its name or id.")]
Since = Annotated[str | None, typer.Option(help="Made then or later: an ISO date or date-time, in China's time.")]
Until = Annotated[str | None, typer.Option(help="Made before then.")]


def known_state(given: str | None, known: tuple[str, ...] = STATES) -> str | None:
    """The state; raises RejectedInput that names the known ones."""
    if given is not None and given not in known:
        raise RejectedInput(f"--state: {given!r} is none of {', '.join(known)}")
    return given


def channels(session: Session, named: str) -> list[UUID]:
    """The channels of that name, which several subscribers may have given, or of that id."""
    found = [one.id for one in session.scalars(select(Channel)) if named in (one.name, str(one.id))]
    if not found:
        raise RejectedInput(f"--channel: no channel is called {named!r}")
    return found


def one_channel(session: Session, named: str) -> Channel:
    """The one channel of that name or id; raises RejectedInput that tells the ids where there are several."""
    rows = session.execute(select(Channel, Subscriber.name).join(Subscriber))
    found = [(one, owner) for one, owner in rows if named in (one.name, str(one.id))]
    if not found:
        raise RejectedInput(f"no channel is called {named!r}")
    if len(found) > 1:
        ids = ", ".join(f"{one.id} ({owner})" for one, owner in found)
        raise RejectedInput(f"several channels are called {named!r}: name one by its id, {ids}")
    return found[0][0]


def told_moment(option: str, told: str | None) -> datetime | None:
    """The moment that an option tells; raises RejectedInput that names the option."""
    if told is None:
        return None
    try:
        found = moment(told)
    except ValueError as error:
        raise RejectedInput(f"{option}: {error}") from None
    return as_utc(datetime.combine(found, time())) if type(found) is date else as_utc(found)  # type: ignore[arg-type]
