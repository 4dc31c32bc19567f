"""Events that the operator looked at (core/models/corrections.py): what articles that are read anew leave alone.

Fields set by hand stay as they were set. Evidence stays with its event while its quote stands in the article; what a
later engine reads there of the same is not told beside it. An event that was rejected takes further tellings in and
stays retracted; none of the three is given up for another, or retracted, by the machine.
"""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

from core.models import Evidence
from extractor.compare import likeness
from extractor.kinship import kin


class Hand(NamedTuple):
    """What the operator found of one event: the verdict, and the contract fields that were set."""

    verdict: str
    fields: frozenset[str]


class Kept(NamedTuple):
    """Evidence that an article keeps: its place among the article's, what it told, and what its event says now."""

    position: int
    facts: dict[str, Any]
    said: dict[str, Any] | None


def leave(fresh: dict[str, list[Evidence]], before: Sequence[Kept]) -> None:
    """Take out of `fresh` tellings by bank those that an article keeps already, and give the others free places."""
    if not before:
        return
    for bank, rows in list(fresh.items()):
        fresh[bank] = [row for row in rows if not any(_same(row, one) for one in before)]
        if not fresh[bank]:
            del fresh[bank]
    taken = {one.position for one in before}
    free = (place for place in count() if place not in taken)
    for row in sorted((row for rows in fresh.values() for row in rows), key=lambda row: row.position):
        row.position = next(free)


def choice(free: Iterable[UUID], standing: Iterable[UUID], hands: dict[UUID, Hand]) -> list[UUID]:
    """Which event a group of tellings goes to, the best first: one that the operator let stand (of `standing`), else
    the oldest that is free, else one that the operator rejected."""
    by_hand = sorted(standing)
    stands = [event for event in by_hand if hands[event].verdict != "rejected"]
    return [*stands, *sorted(free), *(event for event in by_hand if event not in stands)]


def says(said: dict[str, Any], row: Evidence) -> bool:
    """Whether what an event `said` is what a telling says."""
    if row.names:
        named = bool(said["firm"]) and any(kin(said["firm"], name) for name in row.names)
    else:
        named = said["firm_description"] == row.facts["firm_description"]
    return named and likeness(said, row.facts) is not None


def _same(row: Evidence, one: Kept) -> bool:
    told = [said for said in (one.facts, one.said) if said and said["bank"] == row.facts["bank"]]
    return any(says(said, row) for said in told)
