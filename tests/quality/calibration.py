"""Whether a confidence means what it says: of events told at 0.8, about eight in ten should be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.quality.measure import Event, agrees, match

BINS = 10
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Judged:
    """A told event's confidence, and whether the gold has it: its bank and firm, and with the amount too."""

    confidence: float
    pair: bool
    event: bool

    def right(self, of: str) -> bool:
        """By "pair" or by "event"."""
        return self.event if of == "event" else self.pair


@dataclass(frozen=True)
class Calibration:
    """All told events against the gold, of which there are `gold`."""

    judged: Sequence[Judged]
    gold: int

    def error(self, of: str = "pair") -> float:
        """Expected calibration error over ten bins of equal width: the mean gap of confidence and share of right."""
        gaps = (abs(sum(one.confidence - one.right(of) for one in held)) for held in self.bins().values())
        return sum(gaps) / max(1, len(self.judged))

    def bins(self) -> dict[float, list[Judged]]:
        """The told events by the tenth that their confidence lies in."""
        bins: dict[float, list[Judged]] = {}
        for one in sorted(self.judged, key=lambda judged: judged.confidence):
            bins.setdefault(min(int(one.confidence * BINS), BINS - 1) / BINS, []).append(one)
        return bins

    def sure(self, least: float = SURE) -> Sequence[Judged]:
        """Events told at this confidence or above."""
        return [one for one in self.judged if one.confidence >= least]

    def precision(self, of: str = "pair", least: float = SURE) -> float:
        """The share of right ones among the sure."""
        sure = self.sure(least)
        return sum(one.right(of) for one in sure) / max(1, len(sure))

    def coverage(self, of: str = "pair", least: float = SURE) -> float:
        """The share of the gold's events that the sure ones find."""
        return sum(one.right(of) for one in self.sure(least)) / max(1, self.gold)

    def lines(self) -> Iterator[str]:
        """The figures, to be read."""
        kept = len(self.sure()) / max(1, len(self.judged))
        for of in ("pair", "event"):
            yield (
                f"sure    right by {of}: ECE {self.error(of):.3f}; at confidence ≥ {SURE}: precision"
                f" {self.precision(of):.3f}, of the gold {self.coverage(of):.3f}, of the told {kept:.3f}"
            )


def calibration(gold: Mapping[str, Sequence[Event]], told: Mapping[str, Sequence[Event]]) -> Calibration:
    """Judge every told event by the gold: one that is matched one to one with a gold event of its pair is right."""
    judged = []
    for key, events in gold.items():
        rights = {id(said): agrees(wanted, said, "amount") for wanted, said in match(events, told.get(key, ()))}
        for said in told.get(key, ()):
            judged.append(Judged(float(said["confidence"]), id(said) in rights, rights.get(id(said), False)))
    return Calibration(judged, sum(map(len, gold.values())))
