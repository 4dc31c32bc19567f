"""Which deliveries are begun now: many in one transaction, in the order in which each channel's are due.

A message names one delivery; what is taken are the next ones of its channel, as many as there are slots. Their leases
and the rows of their attempts are on the disk when this returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from alerts import channels, gather, many, statements
from alerts.deliver import Begun, begin_one, hold_others, lease
from alerts.slots import Place, Slot, Slots, in_turn, place_of
from core.database import at_once, keep_now, transaction

log = structlog.get_logger(__name__)
Wanting = dict[UUID, Place]


@dataclass
class Started:
    """What is to be sent, each with its slot, and the channels that may have more."""

    begun: list[tuple[Begun, Slot]] = field(default_factory=list)
    wanting: Wanting = field(default_factory=dict)


def place(channel: Any) -> Place:
    """Where a channel's messages go."""
    return place_of(channel, paced=channels.find(channel.channel).pace is not None)


def start(hints: Sequence[UUID], released: Sequence[UUID], wanting: Wanting, slots: Slots) -> Started:
    """Begin what may begin of the channels that are `wanting` or `released` or whose deliveries are hinted at.

    A fault of one channel stops no other: it is logged, and the sweep will come back to it.
    """
    if hints or released:
        with at_once() as flight:
            found = many.WANTING(flight, ids=list(hints), channels=list(released)).fetchall()
        wanting = wanting | {row.channel_id: place(row) for row in found if _is_known(row)}
    taken = in_turn(list(wanting.values()), slots)
    started = Started(wanting={one: where for one, where in wanting.items() if one not in taken})
    # one with a pace or a circuit may lock its row: each alone, or two processes could wait for each other
    together = {one: own for one, own in taken.items() if wanting[one].most > 1}
    alone = [one for one in taken if one not in together]
    try:
        if together and not _added(started, together, wanting):
            alone += together
        for one in alone:
            _added(started, {one: taken[one]}, wanting)
    finally:
        used = {id(slot) for _, slot in started.begun}
        for slot in (slot for own in taken.values() for slot in own if id(slot) not in used):
            slots.give_back(slot)
    return started


def _is_known(channel: Any) -> bool:
    """Whether there is (still) such a kind of channel."""
    return any(kind.name == channel.channel for kind in channels.CHANNELS)


def _added(started: Started, taken: dict[UUID, list[Slot]], wanting: Wanting) -> bool:
    """Whether they were begun; a fault that is not the database's is logged."""
    try:
        _add(started, taken, wanting)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("delivery.fault", channels=[str(one) for one in taken])
        return False
    return True


def _add(started: Started, taken: dict[UUID, list[Slot]], wanting: Wanting) -> None:
    """Begin in one transaction; those that had their turn come last next time, those that have no more are gone."""
    counts = [len(own) for own in taken.values()]
    by_channel: dict[UUID, list[Any]] = {channel_id: [] for channel_id in taken}
    with transaction() as session:
        held = timedelta(seconds=lease())
        rows = many.TAKE_NEXT(session, channels=list(taken), counts=counts, held=held).fetchall()
        for row in sorted(rows, key=lambda one: (one.due_at, one.id)):
            by_channel[row.channel_id].append(row)
        found = [one for one, own in by_channel.items() if own]
        told = statements.CHANNELS(session, ids=found).fetchall() if found else []
        begun = _begun(session, told, by_channel)
        keep_now(session)  # what is told outside must not be forgotten inside
    free = {channel_id: iter(own) for channel_id, own in taken.items()}
    started.begun += [(one, next(free[one.channel.channel_id])) for one in begun]
    fresh = {channel.channel_id: place(channel) for channel in told}
    more = [one for one, own in by_channel.items() if len(own) == len(taken[one])]
    started.wanting |= {one: fresh.get(one, wanting[one]) for one in more}


def _begun(session: Session, told: Sequence[Any], by_channel: dict[UUID, list[Any]]) -> list[Begun]:
    begun: list[Begun] = []
    plain: list[tuple[Any, Any]] = []
    for channel in told:
        for delivery in by_channel[channel.channel_id]:
            if _is_well(channel):
                plain.append((channel, delivery))
            elif (one := begin_one(session, delivery, channel)) is not None:
                begun.append(one)
        hold_others(session, channel)
    letters = gather.all_started(session, [delivery for _, delivery in plain]) if plain else []
    return begun + [Begun(channel, [letter]) for (channel, _), letter in zip(plain, letters, strict=True)]


def _is_well(channel: Any) -> bool:
    """Whether nothing about the channel asks for a closer look."""
    is_well = channel.enabled and channel.confirmed_at and not channel.paused and not channel.failures
    return bool(is_well) and channels.find(channel.channel).pace is None
