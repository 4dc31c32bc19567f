"""How often each slot is right where bank and firm are: python -m tests.quality.slots GOLD [--show SLOT].

Only proposals of a right bank–firm pair are made into events, so that the figures speak of the slots alone.
`--show date` lists what is wrong of a slot, with the sentence that tells it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extractor.assemble import drafts, event, merge
from extractor.extract import Reading
from extractor.frames import Proposal
from tests.quality.measure import plain, same_pair
from tests.quality.train import articles

SLOTS = ("branch", "instrument", "amount", "date", "term_months", "status", "tech")
_WEIGHTS = {"amount": 4, "instrument": 3, "date": 2, "status": 1, "branch": 1, "term_months": 1, "tech": 0}
Told = Mapping[str, Any]


def value(told: Told, slot: str) -> Any:
    """A slot as it is compared: a sum without its qualifier, a branch without blanks."""
    if slot == "amount":
        sums = told[slot]
        return sums and (sums["currency"], *(None if v is None else round(v) for v in (sums["min"], sums["max"])))
    return plain(told[slot]) or None if slot == "branch" else told[slot]


def agree(gold: Told, told: Told, slot: str) -> bool:
    """Whether a slot is the gold's, or one of the values that its `ok` admits."""
    right = [gold, *({slot: other} for other in (gold.get("ok") or {}).get(slot, ()))]
    return value(told, slot) in [value(event, slot) for event in right]


def match(gold: Sequence[Told], told: Sequence[Told]) -> list[tuple[Told, Told]]:
    """Gold and told events of one pair, one to one, the best agreement first."""
    ways = sorted(
        (-sum(weight for slot, weight in _WEIGHTS.items() if agree(g, t, slot)), i, j)
        for i, g in enumerate(gold)
        for j, t in enumerate(told)
        if same_pair(g, t)
    )
    left, right, out = set(range(len(gold))), set(range(len(told))), []
    for _, i, j in ways:
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            out.append((gold[i], told[j]))
    return out


def right_pairs(article: dict[str, Any], reading: Reading) -> Iterator[Proposal]:
    """The proposals whose bank and firm are those of a gold event."""
    for proposal in reading.proposals():
        assert proposal.firm.firm is not None
        pair = {"bank": proposal.bank.bank, "firm": reading.name(proposal.firm.firm)}
        if any(same_pair(gold, pair) for gold in article["events"]):
            yield proposal


def told(article: dict[str, Any], reading: Reading) -> list[dict[str, Any]]:
    """The events of an article, made of the proposals with a right pair only."""
    if reading.marks is None:
        return []
    found = merge(drafts(right_pairs(article, reading), reading.marks))
    return [event(draft, reading.page.folded).as_gold() for draft in found]


def _context(article: dict[str, Any], quote: str) -> str:
    """The lines around an evidence."""
    text = article["text"]
    at = text.find(quote)
    return str(text[max(0, at - 150) : at] + "【" + quote + "】" + text[at + len(quote) :][:100]).replace("\n", "⏎")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--show", choices=SLOTS, action="append", default=[])
    options = parser.parse_args(arguments)
    right: Counter[str] = Counter()
    matched = wanted = 0
    for article, reading in articles(options.gold):
        wanted += len(article["events"])
        for gold, got in match(article["events"], told(article, reading)):
            matched += 1
            for slot in SLOTS:
                right[slot] += agree(gold, got, slot)
                if slot in options.show and not agree(gold, got, slot):
                    print(f"\n{article['id']} {article['published']} {slot}: {gold[slot]} but told {got[slot]}")
                    print(f"  {gold['bank']} {gold['firm']} {gold['instrument_text']} {gold.get('ok')}")
                    print(f"  gold: {_context(article, gold['evidence'])}\n  told: {got['evidence']!r}")
    print(f"{matched} of {wanted} events matched")
    print("  ".join(f"{slot} {right[slot] / max(matched, 1):.3f}" for slot in SLOTS))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
