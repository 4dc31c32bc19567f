"""Train the choice of an instrument: python -m train.instruments [--data GOLD] [--measure]

It learns from the proposals that are right (bank, firm and sum are the gold's) how the gold tells their instrument; a
proposal whose options hold none of the gold's teaches nothing. Prints how often the choice is right by five folds
beside the rule alone, and writes `extractor/data/instrument_weights.csv`. Deterministic.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from extractor import Lexicon, slots
from extractor.assemble import proposals_of, sums_agree
from extractor.frames import Frame, Proposal
from extractor.instrument_choice import choose, options
from extractor.weighing import weigh
from seeds.registers import read_banks, read_firms
from tests.quality.measure import Event, agrees, same_pair
from train import learner
from train.folds import folds
from train.known import CORPUS, DATA, Known, articles, corpus
from train.labels import Label, labels, span_of

WEIGHTS = learner.MODEL.with_name("instrument_weights.csv")
_L2 = 8.0
"""The best of 1, 3 and 8 by cross-validation."""


def right(known: Known) -> Iterator[tuple[Proposal, Event]]:
    """The proposals of an article that tell a grant of the gold, each with the grant."""
    frames = list(known.reading.frames())
    for frame, label in zip(frames, labels(known.reading, frames, known.events), strict=True):
        if label is not None and label.right and not label.nothing:
            for proposal in _likeliest(frame, label):
                grant = _grant(known, proposal)
                if grant is not None:
                    yield proposal, grant


def _likeliest(frame: Frame, label: Label) -> Iterator[Proposal]:
    """The proposals of the likeliest of a frame's right choices."""
    choices, width = weigh(frame), len(frame.borrowers)
    best = max((choices[i * width + j] for i, j in sorted(label.right)), key=lambda choice: choice.probability)
    return proposals_of(frame, best)


def _grant(known: Known, proposal: Proposal) -> Event | None:
    """The one grant of the gold that a proposal tells: by its sum, else by the sentence of its evidence."""
    firm = proposal.firm.firm
    told = {"bank": proposal.bank.bank, "firm": known.reading.name(firm) if firm else None}
    found = [event for event in known.events if same_pair(event, told)]
    if proposal.amount is not None and not proposal.shared_firm:
        amount = proposal.amount.value
        found = [event for event in found if event["amount"] and sums_agree(amount, event["amount"])]
    if len(found) > 1:
        sentence = proposal.scene.sentence
        start, end = known.reading.page.folded.origin(sentence.start, sentence.end)
        spans = [span_of(known.reading, event) for event in found]
        found = [event for event, (first, last) in zip(found, spans, strict=True) if first < end and start < last]
    return found[0] if len(found) == 1 else None


def examples(known: Known) -> Iterator[learner.Example]:
    """What an article teaches."""
    for proposal, grant in right(known):
        found = options(proposal)
        good = tuple(agrees(grant, {"instrument": option.slug}, "instrument") for option in found)
        if any(good):
            yield learner.Example(tuple(frozenset(o.features) for o in found), good, nothing=False, kind=known.kind)


Lots = Mapping[str, Sequence[learner.Example]]
"""What articles teach, by article."""


def lots(known: Iterable[Known]) -> Lots:
    """What each article teaches."""
    return {one.id: list(examples(one)) for one in known}


def learnt(known: Iterable[Known], taught: Lots) -> learner.Model:
    """The weights by feature that these articles teach."""
    return learner.learn([one for article in known for one in taught[article.id]], l2=_L2, of_choices=True)


def figures(known: Sequence[Known], further: Sequence[Known], taught: Lots, same: Path) -> str:
    """How often the rule and the learnt choice are right on articles that were not learnt from."""
    ruled = chosen = asked = 0
    for part in folds([one.id for one in known], same):
        rest = [one for index, one in enumerate(known) if index not in set(part)]
        weights = learnt([*rest, *further], taught)
        for index in part:
            for proposal, grant in right(known[index]):
                rule, _ = slots.refined(proposal, slots.instrument(proposal))
                told = choose(proposal, weights).slug
                asked += 1
                ruled += agrees(grant, {"instrument": rule}, "instrument")
                chosen += agrees(grant, {"instrument": told}, "instrument")
    return f"{asked} right proposals: the rule alone {ruled / asked:.3f}, the learnt choice {chosen / asked:.3f}"


def main(arguments: list[str] | None = None) -> int:
    """Cross-validate and write; see the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="the gold to learn from and be asked")
    parser.add_argument("--measure", action="store_true", help="print the figures and write nothing")
    options = parser.parse_args(arguments)
    lexicon = Lexicon.build(read_banks(), read_firms())
    known, further = list(articles(options.data, lexicon)), corpus(CORPUS, lexicon)
    taught = lots([*known, *further])
    sys.stdout.write(figures(known, further, taught, options.data.with_name("same.jsonl")) + "\n")
    if not options.measure:
        learner.save(learnt([*known, *further], taught), WEIGHTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
