"""Proposals into events: fill the slots, refuse what is unlikely, and make one event of every telling of one grant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from extractor import slots, when
from extractor.data import one_of, words
from extractor.features import Weights
from extractor.frames import Frame, Proposal
from extractor.identity import Firm
from extractor.instrument_choice import Chosen, choose
from extractor.model import Amount, Event, FieldSpan
from extractor.normalise import Folded
from extractor.recognisers import Mark
from extractor.scene import Ref
from extractor.weighing import THRESHOLD, Choice, weigh

_EVIDENCE_LIMIT = 200
_PROBABILITY, _PLACE = attrgetter("probability"), itemgetter(1, 2)


class Proof(NamedTuple):
    """What tells the fields of a draft in one proposal."""

    bank: Ref
    firm: Ref
    amount: Mark | None
    date: Mark | None
    term: Mark | None


@dataclass(slots=True)
class Draft:
    """An event under way: its firm still an object, its evidence still a span of the plain text."""

    bank: str
    branch: str | None
    firm: Firm
    chosen: Chosen
    amount: Amount | None
    date: str | None
    term: int | None
    status: str
    evidence: tuple[int, int]
    confidence: float
    shared: bool
    around: str
    tranche: bool
    proposals: tuple[Proposal, ...]
    proofs: tuple[Proof, ...]

    @property
    def instrument(self) -> str:
        """The slug of its instrument."""
        return self.chosen.slug


def drafts(proposals: Iterable[tuple[Proposal, float]], instruments: Mapping[str, float] | None = None) -> list[Draft]:
    """Events under way out of proposals and how sure each is, each with its slots.

    `instruments` are the weights of the choice of an instrument where not the shipped ones.
    """
    return [_draft(proposal, choose(proposal, instruments), sure) for proposal, sure in proposals]


def chosen(frames: Iterable[Frame], weights: Weights | None = None) -> Iterator[tuple[Proposal, float]]:
    """The proposals of each frame's likeliest choice, where the frame likely tells a grant: lenders by borrowers."""
    for frame in frames:
        choices = weigh(frame, weights)
        if sum([choice.probability for choice in choices]) < THRESHOLD:
            continue
        best = max(choices, key=_PROBABILITY)
        yield from ((proposal, best.probability) for proposal in proposals_of(frame, best))


def proposals_of(frame: Frame, choice: Choice) -> Iterator[Proposal]:
    """Each lender of a choice with each of its borrowers that may borrow."""
    lenders, borrowers = choice.lender.refs, choice.borrower.refs
    several = (len(lenders) > 1, len(borrowers) > 1)
    syndicate = choice.lender.how.startswith("syndicate")
    for bank in lenders:
        for firm in borrowers:
            if may_borrow(firm.firm):
                yield Proposal(frame.scene, frame.anchor, frame.amount, bank, firm, *several, frame.tranche, syndicate)


def _draft(proposal: Proposal, told: Chosen, sure: float) -> Draft:
    stage = slots.status(proposal, told.slug)
    amount = proposal.amount.value if proposal.amount and not proposal.shared_firm else None
    sentence = proposal.scene.sentence
    proof = Proof(proposal.bank, proposal.firm, proposal.amount, when.date(proposal), slots.term(proposal))
    assert proposal.bank.bank is not None and proposal.firm.firm is not None
    return Draft(
        proposal.bank.bank,
        proposal.bank.branch,
        proposal.firm.firm,
        told,
        amount,
        str(proof.date.value) if proof.date else None,
        int(proof.term.value) if proof.term else None,
        stage,
        _evidence(proposal, told.mark),
        sure,
        proposal.shared_bank and amount is not None,
        proposal.scene.page_text[sentence.block.start : min(sentence.block.end, sentence.end + 60)],
        proposal.tranche,
        (proposal,),
        (proof,),
    )


def may_borrow(firm: Firm | None) -> bool:
    """A guarantor, broker, insurer or fund is no borrower that news of bank credit tells of."""
    return firm is not None and not any(map(one_of("no_borrowers").search, firm.names))


def _evidence(proposal: Proposal, told: Mark | None) -> tuple[int, int]:
    """The shortest span of the sentence that holds what stands there of bank, firm, sum and instrument."""
    sentence = proposal.scene.sentence
    spans = [(ref.start, ref.end) for ref in (proposal.bank, proposal.firm) if ref.start >= sentence.start]
    spans += [(mark.start, mark.end) for mark in (proposal.anchor, proposal.amount, told) if mark]
    start, end = min([start for start, _ in spans]), max([end for _, end in spans])
    if end - start <= _EVIDENCE_LIMIT - 20:
        return start, end
    anchor = proposal.anchor
    return max(start, anchor.start - 80), min(end, anchor.end + 80)


def merge(found: list[Draft]) -> list[Draft]:
    """One draft for each grant: the same bank and firm, sums that do not differ, instruments that do not exclude."""
    kept: dict[tuple[str, int], list[Draft]] = {}
    for draft in found:
        told = kept.setdefault((draft.bank, id(draft.firm)), [])
        same = next((i for i, other in enumerate(told) if _same(other, draft)), None)
        if same is None:
            told.append(draft)
        else:
            told[same] = _join(told[same], draft)
    return sorted((draft for told in kept.values() for draft in told), key=lambda draft: draft.evidence)


def _same(a: Draft, b: Draft) -> bool:
    if a.branch and b.branch and a.branch != b.branch and not (a.branch in b.branch or b.branch in a.branch):
        return False
    if a.amount and b.amount:
        if a.tranche or b.tranche:
            return True
        return _sum(a.amount) == _sum(b.amount) and not _apart(a.instrument, b.instrument)
    if bool(a.amount) != bool(b.amount) and not _in_other_years(a, b) and _lends(a) and _lends(b):
        return True
    return _near(a.instrument, b.instrument)


def _lends(draft: Draft) -> bool:
    """Whether a grant is a loan: told without a sum beside one that has it, it is that one, told by its kind."""
    return draft.instrument not in words("no_loans")


def _in_other_years(a: Draft, b: Draft) -> bool:
    return a.date is not None and b.date is not None and a.date[:4] != b.date[:4]


def sums_agree(amount: Amount, told: Mapping[str, Any]) -> bool:
    """Whether an amount says what the gold's `told` says: the same bounds in the same currency."""
    other = Amount(told["min"], told["max"], told["currency"], told["qualifier"])
    return (amount.currency, amount.min, amount.max) == (other.currency, other.min, other.max)


def _sum(amount: Amount) -> tuple[str, float | int | None]:
    return amount.currency, amount.max if amount.max is not None else amount.min


def _apart(a: str, b: str) -> bool:
    """Whether two instruments are two grants even of one sum: one stands on a collateral or form of its own."""
    return not _near(a, b) and bool({a, b} & set(words("own_instruments")))


def _near(a: str, b: str) -> bool:
    loose = {"loan", "credit_line", "cooperation", "advisory_service", "other"}
    return a == b or a in loose or b in loose


def _tells_more(a: Draft, b: Draft) -> bool:
    return (bool(a.amount), not a.tranche, a.confidence) >= (bool(b.amount), not b.tranche, b.confidence)


def _join(a: Draft, b: Draft) -> Draft:
    """The more specific value of each slot, the evidence of the surer telling."""
    first, second = (a, b) if _tells_more(a, b) else (b, a)
    return replace(
        first,
        branch=max(first.branch or "", second.branch or "", key=len) or None,
        chosen=_better(first.chosen, second.chosen),
        date=max(first.date or "", second.date or "", key=len) or None,
        term=first.term or second.term,
        tranche=first.tranche and second.tranche,
        status="granted" if a.tranche or b.tranche else first.status,
        confidence=max(first.confidence, second.confidence),
        proposals=first.proposals + second.proposals,
        proofs=first.proofs + second.proofs,
    )


def _better(a: Chosen, b: Chosen) -> Chosen:
    """Of two tellings of one grant the one that names its instrument better; advice is told where no money is."""
    if a.slug != b.slug and "advisory_service" in (a.slug, b.slug) and not {a.slug, b.slug} & slots.SERVICES_BESIDE:
        return b if a.slug == "advisory_service" else a
    return max(a, b, key=_weight)


def _weight(told: Chosen) -> float:
    """What an instrument told in one place counts against one told in another: the surer, but sooner a special one."""
    costs = _LOAN_COSTS if told.slug == "loan" else _PLAIN_COSTS if told.slug in slots.PLAIN else 0.0
    return told.sure - costs


_PLAIN_COSTS, _LOAN_COSTS = 0.3, 0.5  # of a probability: a line says little of what was granted, a loan nothing


def event(draft: Draft, folded: Folded) -> Event:
    """A draft as the public event, in the article's own signs."""
    quote, start, end = quoted(folded, *draft.evidence)
    name, aliases = names(draft.firm, folded)
    entry, told = draft.firm.entry, draft.chosen.mark
    return Event(
        bank=draft.bank,
        branch=draft.branch,
        firm=name,
        firm_aliases=aliases,
        firm_description=folded.surface(*draft.firm.where) if name is None else None,
        tech=slots.is_tech(draft.firm, draft.around),
        instrument=draft.instrument,
        instrument_text=folded.surface(told.start, told.end) if told else None,
        amount=draft.amount,
        date=draft.date,
        term_months=draft.term,
        status=draft.status,
        evidence=quote,
        start=start,
        end=end,
        confidence=round(draft.confidence, 3),
        sector=entry.sector if entry else None,
        shared_amount=draft.shared,
        spans=tuple(_spans(draft, folded)),
    )


def quoted(folded: Folded, start: int, end: int) -> tuple[str, int, int]:
    """A span of the plain text as it stands in the article, and where: at most 200 characters, no blanks around."""
    start, end = _within_limit(folded.original, *folded.origin(start, end))
    return folded.original[start:end], start, end


def _spans(draft: Draft, folded: Folded) -> Iterator[FieldSpan]:
    """What proves each field, the first telling that says what the event says; in the order of the text."""
    found: dict[str, tuple[int, int]] = {}
    for proof in draft.proofs:
        for field, mark in _proofs(draft, proof):
            if mark is not None and mark.start >= 0:
                found.setdefault(field, (mark.start, mark.end))
    yield from sorted(((field, *folded.origin(*place)) for field, place in found.items()), key=_PLACE)


def _proofs(draft: Draft, proof: Proof) -> tuple[tuple[str, Mark | Ref | None], ...]:
    """The marks that may prove fields; a mark that says something else than the event is none."""
    bank, firm, amount, date, term = proof
    return (
        ("bank", bank),
        ("firm", firm),
        ("amount", amount if amount and draft.amount == amount.value else None),
        ("instrument", draft.chosen.mark),
        ("date", date if date and str(date.value) == draft.date else None),
        ("term_months", term if term and int(term.value) == draft.term else None),
    )


def _within_limit(original: str, start: int, end: int) -> tuple[int, int]:
    """At most 200 characters, without blanks at either side."""
    end = min(end, start + _EVIDENCE_LIMIT)
    while start < end and original[start].isspace():
        start += 1
    while end > start and original[end - 1].isspace():
        end -= 1
    return start, end


def names(firm: Firm, folded: Folded) -> tuple[str | None, tuple[str, ...]]:
    """The fullest name as the article writes it, and the others; for a traditional article the simplified forms too."""
    if not firm.names:
        return None, ()
    told = {name: folded.surface(*span) for name, span in firm.names.items()}
    full = told[firm.name]
    simplified = firm.names if folded.traditional else ()
    return full, tuple([name for name in dict.fromkeys([*told.values(), *simplified]) if name != full])
