"""What fills an event besides its bank, firm and sum: instrument, status, date, term; and whether a firm is tech."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.data import words
from extractor.frames import Proposal
from extractor.identity import Firm
from extractor.recognisers import Mark

# GUIDELINES.md, "Settled questions": the first that holds.
ORDER = [
    "syndicated_loan",
    "merger_loan",
    "buyback_loan",
    "ip_pledge_loan",
    "equity_pledge_loan",
    "receivables_loan",
    "mortgage_loan",
    "guaranteed_loan",
    "project_loan",
    "rd_loan",
    "leasing",
    "bond",
    "letter_of_guarantee",
    "bill",
    "supply_chain_finance",
    "investment_linked_loan",
    "cross_border_loan",
    "credit_loan",
    "talent_loan",
    "tech_loan",
    "green_loan",
    "working_capital_loan",
    "equity_investment",
    "account_service",
    "advisory_service",
    "credit_line",
    "loan",
    "other",
    "cooperation",
]
_RANK = {slug: rank for rank, slug in enumerate(ORDER)}


def span(proposal: Proposal) -> tuple[int, int]:
    """The part of the sentence that tells a proposal: from its first name to the clause after its anchor."""
    sentence = proposal.scene.sentence
    inside = [ref.start for ref in (proposal.bank, proposal.firm) if ref.start >= sentence.start]
    start = min([*inside, proposal.anchor.start])
    commas = [comma for comma in sentence.commas if comma >= proposal.anchor.end]
    end = commas[1] if len(commas) > 1 else sentence.end
    others = [a.start for a in proposal.scene.within("amount") if a.start > proposal.anchor.end and proposal.amount]
    last = max(ref.end for ref in (proposal.bank, proposal.firm) if True)
    limit = min([end, *others]) if others else end
    return start, max(limit, min(last, sentence.end), proposal.anchor.end)


def instrument(proposal: Proposal) -> Mark | None:
    """The instrument told for a proposal: the first of ORDER in its part of the sentence."""
    scene, (start, end) = proposal.scene, span(proposal)
    if proposal.syndicate:
        return next((m for m in scene.within("instrument") if m.value == "syndicated_loan"), None)
    direct = [m for m in scene.within("instrument") if 0 <= m.start - proposal.anchor.end <= 8]
    if proposal.amount and direct and direct[0].value not in ("loan", "credit_line", "cooperation"):
        return direct[0]
    inside = [mark for mark in scene.within("instrument") if start <= mark.start < end]
    inside = inside or list(scene.within("instrument"))
    return min(inside, key=lambda mark: (_RANK[mark.value], mark.start), default=None)


def status(proposal: Proposal, slug: str) -> str:
    """planned, agreed, granted or cooperation: what the nearest words say, money that moved before a limit."""
    if slug == "cooperation":
        return "cooperation"
    start, end = span(proposal)
    told = [mark.value for mark in proposal.scene.marks.within("status", start, end)]
    if "planned" in told:
        return "planned"
    if slug in ("credit_line", "buyback_loan"):
        return "agreed"
    if "granted" in told:
        return "granted"
    return "agreed" if "agreed" in told else "granted"


def date(proposal: Proposal, recent: Sequence[Mark]) -> str | None:
    """The nearest date before the anchor in its sentence, else after it, else the one told just before in the block."""
    anchor = proposal.anchor
    told = proposal.scene.within("date")
    before = [mark for mark in told if mark.end <= anchor.start]
    if before:
        return str(before[-1].value)
    after = [mark for mark in told if mark.start >= anchor.end and mark.start - anchor.end < 20]
    if after:
        return str(after[0].value)
    block = proposal.scene.sentence.block
    near = [mark for mark in recent if mark.start >= block.start and anchor.start - mark.end < 90]
    return str(near[-1].value) if near else None


def term(proposal: Proposal) -> int | None:
    """The term told in the sentence nearest to the anchor, in months."""
    told = proposal.scene.within("term")
    nearest = min(told, key=lambda mark: abs(mark.start - proposal.anchor.start), default=None)
    return int(nearest.value) if nearest else None


def is_tech(firm: Firm, around: str) -> bool:
    """Whether the register or the words of and beside a firm's name show a technology company."""
    if firm.entry is not None and firm.entry.tech is not None:
        return firm.entry.tech
    told = " ".join(firm.names) or (firm.description or "")
    if any(word in told for word in words("tech_words")):
        return True
    if any(word in told for word in words("not_tech_words")):
        return False
    return any(word in around for word in words("tech_words"))
