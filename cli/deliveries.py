"""`yinqi deliveries`: what was sent, what waits and what was given up, and sending it once more."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from alerts.repair import Choice, reopen
from cli.articles import moment
from cli.reach import installation
from core import database
from core.clock import as_utc
from core.errors import RejectedInput
from core.models import Channel, Delivery, Subscriber

deliveries = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The log of alerts: what was sent, what waits, what was given up."
)
STATES = ("open", "done", "failed")
State = Annotated[str | None, typer.Option(help="Only those that are open, done or failed.")]
ChannelName = Annotated[str | None, typer.Option("--channel", help="Only those for a channel, by its name or id.")]
Since = Annotated[str | None, typer.Option(help="Made then or later: an ISO date or date-time, in China's time.")]
Until = Annotated[str | None, typer.Option(help="Made before then.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many, newest first.")]


@deliveries.command("list")
def list_(state: State = None, channel: ChannelName = None, limit: Limit = 50) -> None:
    """List deliveries, newest first, with their attempts; --state failed: dead letters."""
    reason = Column("reason", overflow="fold", min_width=14)
    table = Table(Column("id", no_wrap=True), "state", "made (UTC)", "to", reason)
    with installation(), database.transaction() as session:
        found = (
            select(Delivery, Channel.name, Subscriber.name)
            .join(Channel, Channel.id == Delivery.channel_id)
            .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
            .options(defer(Delivery.body))
            .order_by(Delivery.created_at.desc())
            .limit(limit)
        )
        if state is not None:
            found = found.where(Delivery.state == _state(state, STATES))
        if channel is not None:
            found = found.where(Delivery.channel_id.in_(_channels(session, channel)))
        for row, place, owner in session.execute(found):
            state_told = row.state if row.attempts < 2 else f"{row.state} ({row.attempts})"
            made = f"{row.created_at:%m-%d %H:%M}"
            table.add_row(str(row.id), state_told, made, f"{owner}: {place}", row.reason or "")
    Console(soft_wrap=True).print(table)


@deliveries.command()
def show(delivery: UUID) -> None:
    """Show one delivery: each attempt, what was answered, and the body that every attempt sends."""
    with installation(), database.transaction() as session:
        row = session.get(Delivery, delivery)
        if row is None:
            raise RejectedInput(f"{delivery}: no delivery has this id")
        table = Table("no.", "began", "ms", "outcome", "status", Column("reason", overflow="fold"))
        for one in row.tries:
            lasted = "" if one.milliseconds is None else f"{one.milliseconds:.0f}"
            outcome = (one.outcome or "in doubt") + (" (probe)" if one.probe else "")
            status = "" if one.status_code is None else str(one.status_code)
            table.add_row(
                str(one.number), f"{one.started_at:%Y-%m-%d %H:%M:%S} UTC", lasted, outcome, status, one.reason or ""
            )
        console = Console(soft_wrap=True)
        console.print(f"{row.type}, {row.state}{f': {row.reason}' if row.reason else ''}", markup=False)
        console.print(table)
        console.print(row.body, markup=False)


@deliveries.command()
def resend(
    delivery: Annotated[UUID | None, typer.Argument(metavar="[ID]", help="Id of one delivery.")] = None,
    state: State = None,
    channel: ChannelName = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Send one delivery once more, or all of a state, channel and time: the same ids and bodies."""
    if (delivery is None) == (state is None and since is None):
        raise RejectedInput("name one ID, or --state or --since")
    with installation(), database.transaction() as session:
        places = _channels(session, channel) if channel else [None]
        opened = [
            one
            for place in places
            for one in reopen(
                session,
                Choice(
                    delivery_id=delivery,
                    channel_id=place,
                    state=None if state is None else _state(state, STATES[1:]),
                    since=_moment("--since", since),
                    until=_moment("--until", until),
                ),
            )
        ]
    if delivery is not None and not opened:
        raise RejectedInput(f"{delivery}: no delivery has this id, or it is being sent just now")
    typer.echo(f"opened again: {len(opened)}")


def _state(given: str, known: tuple[str, ...]) -> str:
    if given not in known:
        raise RejectedInput(f"--state: {given!r} is none of {', '.join(known)}")
    return given


def _channels(session: Session, named: str) -> list[UUID]:
    found = [one.id for one in session.scalars(select(Channel)) if named in (one.name, str(one.id))]
    if not found:
        raise RejectedInput(f"--channel: no channel is called {named!r}")
    return found


def _moment(option: str, told: str | None) -> datetime | None:
    if told is None:
        return None
    try:
        found = moment(told)
    except ValueError as error:
        raise RejectedInput(f"{option}: {error}") from None
    return as_utc(datetime.combine(found, time())) if type(found) is date else as_utc(found)  # type: ignore[arg-type]
