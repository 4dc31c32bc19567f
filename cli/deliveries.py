"""`yinqi deliveries`: what was sent, what waits and what was given up, and what to do about it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from alerts.repair import advice
from cli import deliveries_repair as repair
from cli.deliveries_chosen import ChannelName, Since, State, Until, channels, known_state, told_moment
from cli.reach import installation
from core import database
from core.errors import RejectedInput
from core.models import Attempt, Channel, Delivery, Subscriber

deliveries = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The log of alerts: what was sent, what waits, what was given up."
)
Limit = Annotated[int, typer.Option(min=1, help="At most so many, newest first.")]
_ROWS = select(Delivery, Channel.name, Subscriber.name).options(defer(Delivery.body))
_ALIKE = (
    select(Delivery.channel_id, Delivery.reason, Channel.name.label("place"), Subscriber.name.label("owner"))
    .add_columns(func.count().label("count"), func.max(Delivery.attempts).label("attempts"))
    .add_columns(func.min(Delivery.created_at).label("first"), func.max(Delivery.created_at).label("last"))
    .group_by(Delivery.channel_id, Delivery.reason, Channel.name, Subscriber.name)
)


@deliveries.command("list")
def list_(
    state: State = None,
    channel: ChannelName = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
) -> None:
    """List deliveries, newest first, with their attempts."""
    reason = Column("reason", overflow="fold", min_width=14)
    table = Table(Column("id", no_wrap=True), "type", "state", "made (UTC)", "to", reason)
    with installation(), database.transaction() as session:
        found = _chosen(session, _ROWS, known_state(state), channel, since, until)
        for row, place, owner in session.execute(found.order_by(Delivery.created_at.desc()).limit(limit)):
            state_told = row.state if row.attempts < 2 else f"{row.state} ({row.attempts})"
            made = f"{row.created_at:%m-%d %H:%M}"
            table.add_row(str(row.id), row.type, state_told, made, f"{owner}: {place}", row.reason or "")
    Console(soft_wrap=True).print(table)


@deliveries.command()
def dead(channel: ChannelName = None, since: Since = None, until: Until = None) -> None:
    """List dead letters, those of one channel and reason together, and what to do about them."""
    with installation(), database.transaction() as session:
        found = _chosen(session, _ALIKE, "failed", channel, since, until)
        alike = session.execute(found.order_by(func.max(Delivery.created_at).desc())).all()
        for one in alike:
            typer.echo(f"{one.owner}: {one.place}: {one.count} given up, made {_span(one.first, one.last)}")
            typer.echo(f"  why: {one.reason or 'unknown'}")
            typer.echo(f"  to do: {advice('failed', one.attempts, session.get_one(Channel, one.channel_id))}")
            typer.echo(f"  yinqi deliveries resend --state failed --channel {one.channel_id}")
        if not alike:
            typer.echo("there are no dead letters")


def _span(first: datetime, last: datetime) -> str:
    one, other = f"{first:%Y-%m-%d %H:%M}", f"{last:%Y-%m-%d %H:%M}"
    return f"{one} UTC" if one == other else f"{one} to {other} UTC"


def _chosen(
    session: Session, found: Any, state: str | None, channel: str | None, since: str | None, until: str | None
) -> Any:
    """What `found` selects of deliveries, with their channels and subscribers, where only some are asked for."""
    found = found.join(Channel, Channel.id == Delivery.channel_id)
    found = found.join(Subscriber, Subscriber.id == Delivery.subscriber_id)
    if state is not None:
        found = found.where(Delivery.state == state)
    if channel is not None:
        found = found.where(Delivery.channel_id.in_(channels(session, channel)))
    if (first := told_moment("--since", since)) is not None:
        found = found.where(Delivery.created_at >= first)
    if (end := told_moment("--until", until)) is not None:
        found = found.where(Delivery.created_at < end)
    return found


@deliveries.command()
def show(delivery: UUID) -> None:
    """Show one delivery: each attempt, what was answered, and the body that every attempt sends."""
    with installation(), database.transaction() as session:
        row = session.get(Delivery, delivery)
        if row is None:
            raise RejectedInput(f"{delivery}: no delivery has this id")
        told = advice(row.state, row.attempts, session.get_one(Channel, row.channel_id))
        console = Console(soft_wrap=True)
        console.print(f"{row.type}, {row.state}{f': {row.reason}' if row.reason else ''}", markup=False)
        if told:
            console.print(told, markup=False)
        console.print(_tries(row.tries))
        for one in row.tries:
            if one.answer:
                console.print(f"answer to no. {one.number}: {one.answer}", markup=False)
        console.print(f"body: {row.body}", markup=False)


def _tries(tries: list[Attempt]) -> Table:
    table = Table("no.", "began", "ms", "outcome", "status", Column("reason", overflow="fold"))
    for one in tries:
        lasted = "" if one.milliseconds is None else f"{one.milliseconds:.0f}"
        outcome = (one.outcome or "in doubt") + (" (probe)" if one.probe else "")
        status = "" if one.status_code is None else str(one.status_code)
        began = f"{one.started_at:%Y-%m-%d %H:%M:%S} UTC"
        table.add_row(str(one.number), began, lasted, outcome, status, one.reason or "")
    return table


for act in (repair.resend, repair.test, repair.pause, repair.release):
    deliveries.command()(act)
