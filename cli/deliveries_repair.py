"""`yinqi deliveries resend | test | pause | release`: alerts are sent once more, tried out, held back and let go."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

import typer

from alerts.repair import Choice, reopen
from alerts.store import release_waiting
from alerts.trial import trial
from cli.deliveries_chosen import (
    STATES,
    ChannelName,
    Since,
    State,
    Until,
    channels,
    known_state,
    one_channel,
    told_moment,
)
from cli.reach import installation
from core import database, work
from core.errors import RejectedInput

Which = Annotated[str, typer.Argument(metavar="CHANNEL", help="A channel by its name or id.")]


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
    chosen = Choice(
        delivery_id=delivery,
        state=known_state(state, STATES[1:]),
        since=told_moment("--since", since),
        until=told_moment("--until", until),
    )
    with installation(), database.transaction() as session:
        places = channels(session, channel) if channel else [None]
        opened = [one for place in places for one in reopen(session, replace(chosen, channel_id=place))]
    if delivery is not None and not opened:
        raise RejectedInput(f"{delivery}: no delivery has this id, or it is being sent just now")
    typer.echo(f"opened again: {len(opened)}")


def test(channel: Which) -> None:
    """Send a test alert to a channel, the way of every other."""
    with installation(), database.transaction() as session:
        found = one_channel(session, channel)
        if not found.enabled:
            raise RejectedInput(f"the channel is disabled: {found.disabled_reason or 'by its owner'}")
        delivery = trial(found)
        session.add(delivery)
        session.flush()
        work.announce(session, work.DELIVER, delivery.id)
    typer.echo(f"a test alert is on its way; what came of it: yinqi deliveries show {delivery.id}")


def pause(channel: Which) -> None:
    """Hold back what is for a channel; it waits and loses nothing."""
    with installation(), database.transaction() as session:
        found = one_channel(session, channel)
        found.paused = True
        typer.echo(f"paused: {found.name}")


def release(channel: Which) -> None:
    """End a channel's pause: all that waited is sent at once."""
    with installation(), database.transaction() as session:
        found = one_channel(session, channel)
        found.paused = False
        session.flush()
        release_waiting(session, found.id)
        typer.echo(f"released: {found.name}")
