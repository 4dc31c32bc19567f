"""Why pairs and slots are wrong, by cause and count: python -m train.causes [--predictions FILE] [--data GOLD]

Reads the cross-validated predictions that `python -m train.judge` leaves, and the gold's articles as the engine reads
them with models that did not learn from them. A gold pair that is missed has the first cause that holds: its bank or
its firm is found nowhere in the article, no frame offers them together, or a frame offers them and was judged to tell
nothing, or something else. A pair told in vain is told by which of its two sides stands in an event of the article.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from extractor import Lexicon
from seeds.registers import read_banks, read_firms
from tests.quality.measure import SLOTS, Event, agrees, bank_key, distinct, firm_names, match, plain, same_pair
from train import learner
from train.judge import PREDICTIONS
from train.known import DATA, Known, articles, rows


def missed(known: Known, told: Sequence[Event]) -> Iterator[str]:
    """The cause of each of an article's gold pairs that was not told."""
    reading = known.reading
    offered = list(learner.reach(reading)) if reading.marks else []
    banks = {bank_key(ref.bank) for scene in reading.scenes() for ref in scene.banks if ref.bank}
    firms = {plain(name) for firm in reading.firms.values() for name in firm.names}
    said = {(bank_key(event["bank"]), plain(event.get("firm"))) for event in told}
    for pair in distinct(known.events):
        if any(same_pair(pair, event) for event in told):
            continue
        if reading.marks is None:
            yield "the first look put the article aside"
        elif bank_key(pair["bank"]) not in banks:
            yield "its bank was not found"
        elif pair["firm"] and not firm_names(pair) & firms:
            yield "its firm was not found by name"
        elif not any(same_pair(pair, other) for other in offered):
            yield "no frame offers the two together"
        elif any(bank == bank_key(pair["bank"]) or firm in firm_names(pair) for bank, firm in said):
            yield "offered, but another bank or firm was chosen, or nothing"
        else:
            yield "offered, but judged to tell nothing"


def vain(known: Known, told: Sequence[Event]) -> Iterator[str]:
    """The kind of each pair that was told and is none of the gold's."""
    if not known.events:
        yield from ("in an article without an event" for _ in distinct(told))
        return
    banks = {bank_key(event["bank"]) for event in known.events}
    firms = {name for event in known.events for name in firm_names(event)}
    for event in distinct(told):
        if any(same_pair(gold, event) for gold in known.events):
            continue
        bank, firm = bank_key(event["bank"]) in banks, plain(event.get("firm")) in firms
        if not event.get("firm"):
            yield "an undisclosed firm"
        elif bank and firm:
            yield "bank and firm of two different events"
        elif firm:
            yield "a firm of an event with a bank of none"
        else:
            yield f"a firm of no event with a bank of {'one' if bank else 'none'}"


def slots(known: Known, told: Sequence[Event]) -> Iterator[str]:
    """The slots that are wrong where bank and firm are right, and how."""
    for gold, got in match(known.events, told):
        for slot in SLOTS:
            if not agrees(gold, got, slot):
                how = "missing" if got[slot] is None else "told, but is none" if gold[slot] is None else "another"
                yield f"{slot}: {how}"


def main(arguments: list[str] | None = None) -> int:
    """Print the counts; see the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="the gold")
    parser.add_argument("--predictions", type=Path, default=PREDICTIONS, help="the cross-validated events")
    options = parser.parse_args(arguments)
    told = {row["id"]: row["events"] for row in rows(options.predictions)}
    known = list(articles(options.data, Lexicon.build(read_banks(), read_firms())))
    for title, cause in (("pairs missed", missed), ("pairs told in vain", vain), ("slots of matched events", slots)):
        counts = Counter(why for one in known for why in cause(one, told.get(one.id, ())))
        sys.stdout.write(f"{title}: {counts.total()}\n")
        for why, count in counts.most_common():
            sys.stdout.write(f"  {count:4} {why}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
