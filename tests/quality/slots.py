"""How often each slot is right where bank and firm are: python -m tests.quality.slots [GOLD] [--show SLOT].

Only proposals of a right bank–firm pair are made into events, so that the figures speak of the slots alone.
`--show date` lists what is wrong of a slot, with the sentence that tells it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractor import Lexicon
from extractor.assemble import drafts, event, merge, proposals_of
from extractor.frames import Proposal
from extractor.weighing import weigh
from seeds.registers import read_banks, read_firms
from tests.quality.measure import SLOTS, Pair, agrees, match, same_pair
from train.known import DATA, Known, articles


def right_pairs(known: Known) -> Iterator[tuple[Proposal, float]]:
    """The likeliest proposals of each frame whose bank and firm are those of a gold event."""
    for frame in known.reading.frames():
        choices = sorted(weigh(frame), key=lambda choice: -choice.probability)
        found = ([p for p in proposals_of(frame, choice) if _is_right(p, known)] for choice in choices)
        yield from ((proposal, 1.0) for proposal in next(filter(None, found), ()))


def _is_right(proposal: Proposal, known: Known) -> bool:
    firm = proposal.firm.firm
    pair = {"bank": proposal.bank.bank, "firm": known.reading.name(firm) if firm else None}
    return any(same_pair(gold, pair) for gold in known.events)


def told(known: Known) -> list[dict[str, Any]]:
    """The events of an article, made of the proposals with a right pair only."""
    reading = known.reading
    if reading.marks is None:
        return []
    return [event(draft, reading.page.folded).as_gold() for draft in merge(drafts(right_pairs(known)))]


def report(known: Known, slot: str, pair: Pair) -> str:
    """A wrong slot with what the gold tells and where."""
    gold, got = pair
    page, quote = known.reading.page, gold["evidence"]
    text = page.folded.original
    at = text.find(quote)
    around = f"{text[max(0, at - 150) : at]}【{quote}】{text[at + len(quote) :][:100]}".replace("\n", "⏎")
    head = f"{known.id} {page.published} {slot}: {gold[slot]} but told {got[slot]} ({got['status']})"
    gives = f"{gold['bank']} {gold['firm']} {gold['instrument_text']} {gold.get('ok')}"
    return f"\n{head}\n  {gives}\n  gold: {around}\n  told: {got['evidence']!r}\n"


def main(arguments: list[str] | None = None) -> int:
    """Print the figures, and with --show the wrong ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, nargs="?", default=DATA)
    parser.add_argument("--show", choices=SLOTS, action="append", default=[])
    options = parser.parse_args(arguments)
    right: Counter[str] = Counter()
    matched = wanted = 0
    for known in articles(options.gold, Lexicon.build(read_banks(), read_firms())):
        wanted += len(known.events)
        for pair in match(known.events, told(known)):
            matched += 1
            for slot in SLOTS:
                right[slot] += agrees(*pair, slot)
                if slot in options.show and not agrees(*pair, slot):
                    sys.stdout.write(report(known, slot, pair))
    shares = "  ".join(f"{slot} {right[slot] / max(matched, 1):.3f}" for slot in SLOTS)
    sys.stdout.write(f"{matched} of {wanted} events matched\n{shares}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
