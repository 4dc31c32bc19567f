"""All SQL of the alerts service. What every alert runs is in `statements`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from alerts import many, statements, wants, watching
from alerts.circuit import State, state_of
from alerts.wants import Offer
from core import sql
from core.models import Bank, Event, Firm, FirmAlias
from core.names import fold
from core.sql import Asker
from core.views import event_view, facts


@dataclass(frozen=True)
class Told:
    """A version of an event: its old values, the event's tellings (each with its article, oldest first), what it offers
    to lists, and the shapes in which those are found."""

    event: Event
    previous: dict[str, Any] | None
    tellings: list[Any]
    offer: Offer
    shapes: list[Any]


@dataclass(frozen=True)
class Asked:
    """What matching needs to know: asked for, and read where the notice is of a kind that needs it."""

    event: Any
    tellings: Any
    shapes: Any
    new_id: Any = None


def ask(session: Asker, notice_id: UUID) -> Asked:
    """Ask for the event that a notice is of, if it is of any, in the notice's version, the latest where it has none;
    and for the id of a delivery."""
    found = statements.NOTICE_EVENT.mappings(session, notice_id=notice_id)
    told = statements.NOTICE_TELLINGS(session, notice_id=notice_id)
    return Asked(found, told, watching.shapes(session), statements.NEW_ID(session))


def ask_event(session: Asker, event_id: UUID, version: int) -> Asked:
    """The same of an event's version; nothing is to be delivered."""
    found = statements.EVENT.mappings(session, event_id=event_id, version=version)
    return Asked(found, statements.TELLINGS(session, event_id=event_id), watching.shapes(session))


def event(asked: Asked, trigger: str) -> Told:
    """The version of an event that was asked for."""
    [row], tellings, shapes = asked.event.fetchall(), asked.tellings.fetchall(), asked.shapes.fetchall()
    banks, firms, words, previous = (row.pop(name) for name in ("bank_keys", "firm_keys", "words", "previous"))
    made = _event_of(row)
    offer = wants.of_event(
        trigger,
        facts(made),
        banks=banks,
        firms=firms,
        words=words,
        regions=made.regions,
        sector=made.sector,
        confidence=made.confidence,
        changed=previous or (),
    )
    return Told(made, previous, tellings, offer, shapes)


def view(session: Asker, event_id: UUID, version: int) -> dict[str, Any]:
    """The public form of an event that has a version, with its evidence."""
    found = statements.EVENT.mappings(session, event_id=event_id, version=version)
    told = statements.TELLINGS(session, event_id=event_id)
    [row], tellings = found.fetchall(), told.fetchall()
    for name in ("bank_keys", "firm_keys", "words", "previous"):
        del row[name]
    return event_view(_event_of(row), [(one, one) for one in tellings])


def _event_of(row: dict[str, Any]) -> Event:
    bank, firm, aliases = (row.pop(name) for name in ("bank", "firm", "aliases"))
    made = sql.record(Event, **row)
    made.bank = sql.record(Bank, name=bank)
    known = [sql.record(FirmAlias, alias=name) for name in aliases]
    made.firm = sql.record(Firm, name=firm, aliases=known) if firm else None
    return made


def watching_sources(session: Asker) -> list[Any]:
    """Who wants to be told how sources are: a row for each enabled list with that trigger and each enabled channel."""
    return statements.WATCHING_SOURCES(session).fetchall()


def mentions(session: Asker, article_id: UUID) -> tuple[Any, list[tuple[Any, set[str]]]]:
    """An article and its mentions, each with all folded names of what it mentions."""
    found = statements.ARTICLE(session, article_id=article_id)
    rows = statements.MENTIONS(session, article_id=article_id)
    [article] = found
    return article, [(row, {fold(row.name), *row.keys}) for row in rows]


def around(article: Any, mention: Any) -> str:
    """The sentence that a mention stands in, at most 200 characters; the title where it stands there, and the name
    where the text is not kept any more."""
    if mention.where == "title":
        return str(article.title)
    if not article.text:
        return str(mention.name)
    left = article.text[max(0, mention.start - 100) : mention.start]
    right = article.text[mention.end : mention.end + 100]
    left = re.split(r"[。！？\n]", left)[-1]
    right = re.split(r"(?<=[。！？])|\n", right)[0]
    return str(left + article.text[mention.start : mention.end] + right)


def told(session: Asker, event_id: UUID) -> list[Any]:
    """The enabled channels that have or will have been told of an event: a row for each, and each list that asked."""
    return statements.TOLD(session, event_id=event_id).fetchall()


def add_delivery(session: Asker, **columns: Any) -> Any:
    """A new delivery's `id`; no row where this channel has one for the same event version, article or notice."""
    return statements.ADD_DELIVERY(session, **columns)


def begin_delivery(session: Asker, *, lease: float, **columns: Any) -> Any:
    """The same with an `id` that is given, and with its first attempt begun: the row of the attempt stands, and the
    delivery is held."""
    return statements.BEGIN_DELIVERY(session, held=timedelta(seconds=lease), **columns)


def channel(session: Asker, channel_id: UUID) -> Any:
    """A channel's row: kind (`channel`), config, sealed secret, and whether and why it is disabled."""
    return statements.CHANNEL(session, channel_id=channel_id).fetchone()


def start_attempt(session: Asker, delivery_id: UUID, *, probe: bool = False) -> Any:
    """Record that an attempt begins: its `number`, and how many of the earlier ones never ended (`doubtful`)."""
    return statements.START_ATTEMPT(session, delivery_id=delivery_id, probe=probe).fetchone()


def end_attempt(session: Asker, delivery_id: UUID, number: int, **columns: Any) -> None:
    """Record how an attempt ended."""
    statements.END_ATTEMPT(session, delivery_id=delivery_id, number=number, **columns)


def delivered(session: Asker, delivery_id: UUID) -> None:
    """The delivery arrived."""
    statements.DELIVERED(session, delivery_id=delivery_id)


def all_delivered(session: Asker, arrived: Sequence[tuple[Any, Any]]) -> None:
    """The same of many with their attempts: pairs of what ended (`outcome`, `milliseconds`) and which delivery's."""
    ids = [letter.delivery_id for _, letter in arrived]
    many.END_ATTEMPTS(
        session,
        ids=ids,
        numbers=[letter.number for _, letter in arrived],
        reasons=[ended.outcome.reason for ended, _ in arrived],
        milliseconds=[ended.milliseconds for ended, _ in arrived],
        status_codes=[ended.outcome.status_code for ended, _ in arrived],
        answers=[ended.outcome.answer for ended, _ in arrived],
    )
    many.ALL_DELIVERED(session, ids=ids)


def turns(session: Asker, channel_id: UUID, *, most: int = 1000) -> tuple[list[datetime], datetime, int]:
    """When a channel was sent its last messages, the present moment, and how many other deliveries wait (up to `most`).

    The channel's row is held until the transaction ends.
    """
    [row] = statements.TURNS(session, channel_id=channel_id, most=most)
    return list(row.recent), row.moment, int(row.others)


def keep_turns(session: Asker, channel_id: UUID, moments: list[datetime]) -> None:
    """Remember when a channel was sent messages."""
    statements.KEEP_TURNS(session, channel_id=channel_id, turns=moments)


def address_turns(session: Asker, address: str) -> list[datetime]:
    """When an e-mail address (in lower case) was sent its last messages; its row is held until the transaction ends."""
    [row] = statements.ADDRESS_TURNS(session, address=address)
    return list(row.recent)


def keep_address_turns(session: Asker, address: str, moments: list[datetime]) -> None:
    """Remember when an address was sent messages."""
    statements.KEEP_ADDRESS_TURNS(session, address=address, turns=moments)


def take_waiting(session: Asker, channel_id: UUID, *, most: int, lease: float) -> list[Any]:
    """Claim up to `most` deliveries of a channel that wait, oldest first, as core.work does: each counts an attempt."""
    found = statements.TAKE_WAITING(session, channel_id=channel_id, most=most, held=timedelta(seconds=lease))
    return sorted(found.fetchall(), key=lambda row: row.id)


def put_off(session: Asker, ids: list[UUID], pause: float, reason: str) -> None:
    """Give claimed deliveries back for `pause` seconds; the attempt that was counted is not."""
    statements.PUT_OFF(session, ids=ids, pause=timedelta(seconds=pause), reason=reason)


def hold_back(session: Asker, channel_id: UUID, pause: float, reason: str) -> None:
    """Let all that is due to a channel and held by nobody wait for `pause` seconds."""
    statements.HOLD_BACK(session, channel_id=channel_id, pause=timedelta(seconds=pause), reason=reason)


def take_probe(session: Asker, channel_id: UUID, pause: timedelta) -> bool:
    """Whether the turn to probe a failing channel is ours; the next one comes after `pause`."""
    return statements.TAKE_PROBE(session, channel_id=channel_id, pause=pause).fetchone() is not None


def circuit(session: Asker, channel_id: UUID) -> tuple[State, datetime] | None:
    """A channel's circuit, held until the transaction ends, and the present moment; None where it was deleted."""
    row = statements.LOCK_CIRCUIT(session, channel_id=channel_id).fetchone()
    return None if row is None else (state_of(row), row.moment)


def keep_circuit(session: Asker, channel_id: UUID, state: State, *, release: bool) -> None:
    """Write a channel's circuit; `release` makes all that waits for it due."""
    statements.KEEP_CIRCUIT(
        session,
        channel_id=channel_id,
        failures=state.failures,
        failing_since=state.failing_since,
        probe_at=state.probe_at,
    )
    if release:
        release_waiting(session, channel_id)


def release_waiting(session: Asker, channel_id: UUID) -> None:
    """Make all that waits for a channel due."""
    statements.RELEASE(session, channel_id=channel_id)
