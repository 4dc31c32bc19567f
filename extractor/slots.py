"""What fills an event besides its bank, firm and sum: instrument, status, date, term; and whether a firm is tech."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.case_words import TRANCHE
from extractor.data import one_of
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
RANK = {slug: rank for rank, slug in enumerate(ORDER)}
PLAIN = frozenset({"loan", "credit_line", "cooperation"})
"""Instruments that say little: whatever else is told of a grant is more."""
SERVICES_BESIDE = frozenset({"account_service", "cooperation", "other", "loan"})
"""Instruments that say no more of the money than a service package does."""
REACH, _REACH_BACK = 30, 120


def instrument(proposal: Proposal) -> Mark | None:
    """By the rule alone: the first of ORDER in a proposal's part of the sentence, else the article's topic."""
    scene, (start, end) = proposal.scene, proposal.span
    told = scene.within("instrument")
    syndicated = next((mark for mark in told if mark.value == "syndicated_loan"), None)
    if proposal.syndicate or (syndicated and proposal.amount):
        return syndicated
    direct = [m for m in told if 0 <= m.start - proposal.anchor.end <= 8]
    bound = direct and "，" not in scene.page_text[proposal.anchor.end : direct[0].start]
    if proposal.amount and bound and direct[0].value not in PLAIN:
        return direct[0]
    inside = [mark for mark in told if start <= mark.start < end] or list(told)
    best = min(inside, key=lambda mark: (RANK[mark.value], mark.start), default=None)
    if scene.topic is not None and (best is None or best.value in PLAIN):
        return scene.topic
    return best


def refined(proposal: Proposal, told: Mark | None) -> tuple[str, Mark | None]:
    """The instrument as slug and mark, after what stands around it: a collateral, a purchase of own shares."""
    slug = told.value if told else "loan"
    scene, (start, end) = proposal.scene, proposal.span
    sentence = scene.sentence
    pledged = scene.marks.within("collateral", start, min(end + REACH, sentence.end))
    if pledged and (slug in PLAIN or RANK[pledged[0].value] < RANK[slug]):
        return pledged[0].value, pledged[0]
    if slug in PLAIN and buys_own_shares(proposal):
        return "buyback_loan", told
    return slug, told


def buys_own_shares(proposal: Proposal) -> bool:
    """Whether the text around a proposal tells of a firm's own shares bought."""
    block, (start, end) = proposal.scene.sentence.block, proposal.span
    first = max(block.start, start - _REACH_BACK)
    return _OWN_SHARES.search(proposal.scene.page_text, first, min(end + REACH, block.end)) is not None


_OF_SHARES, _BOUGHT = r"[^，。；]{0,12}(?:股|计划|方案|专项)", r"(?:的)?(?:回购|增持)"
_OWN_SHARES = re.compile(
    rf"回购{_OF_SHARES}|增持{_OF_SHARES}|买回{_OF_SHARES}|买自家{_OF_SHARES}"
    rf"|股票{_BOUGHT}|股份{_BOUGHT}|A股{_BOUGHT}|自家股票"
)
"""Each choice begins with a plain sign: `re` skips to them."""


def status(proposal: Proposal, slug: str) -> str:
    """planned, agreed, granted or cooperation: money that moved before a plan, a plan before a limit."""
    if slug == "cooperation":
        return "cooperation"
    scene, (start, end) = proposal.scene, proposal.span
    sentence, anchor = scene.sentence, proposal.anchor
    told = _stages(proposal, scene.marks.within("status", start, end))
    clause = sentence.clause(anchor.start)
    near = [(at, stage) for at, stage in told if abs(sentence.clause(at) - clause) <= 1]
    moved = "moved" in [stage for at, stage in told if at > anchor.start or (at, stage) in near]
    if _is_planned(told, near) and not moved:
        return "planned"
    if moved or _is_drawn(proposal):
        return "granted"
    if slug in _LIMITS or "agreed" in {stage for _, stage in near}:
        return "agreed"
    if proposal.amount is not None and proposal.amount.value.qualifier == "at_most" and slug != "bond":
        return "agreed"
    values = {stage for _, stage in told}
    return "granted" if "granted" in values or "agreed" not in values else "agreed"


Stage = tuple[int, str]
"""Where a word stands and the stage that it tells."""


def _stages(proposal: Proposal, marks: Sequence[Mark]) -> list[Stage]:
    """The stages told; what a plan governs (拟与某行签订) is planned too."""
    clause = proposal.scene.sentence.clause
    planned = {clause(mark.start): mark.start for mark in reversed(marks) if mark.value == "planned"}
    return [
        (mark.start, "planned")
        if mark.value == "agreed" and planned.get(clause(mark.start), mark.start) < mark.start
        else (mark.start, mark.value)
        for mark in marks
    ]


def _is_planned(told: Sequence[Stage], near: Sequence[Stage]) -> bool:
    """A plan (拟); a promise (将为) beside no contract; a request (申请) that nothing answers (获批)."""
    values, close = {stage for _, stage in told}, {stage for _, stage in near}
    if "planned" in close or ("planned" in values and "agreed" not in close):
        return True
    if "will" in close:
        return "agreed" not in values
    asked = [at for at, stage in near if stage == "asked"]
    return bool(asked) and not any(stage in ("agreed", "granted") for at, stage in told if at > asked[-1])


def _is_drawn(proposal: Proposal) -> bool:
    """Whether a first part of the sum is told to have been paid: 首期1.4亿元到账."""
    text, anchor = proposal.scene.page_text, proposal.anchor
    block_end = proposal.scene.sentence.block.end
    first = TRANCHE.search(text, anchor.end, min(anchor.end + _DRAWN, block_end)) if proposal.amount else None
    if first is None:
        return False
    paid = proposal.scene.marks.within("status", first.end(), min(first.end() + 30, block_end))
    return any(mark.value == "moved" for mark in paid)


_DRAWN = 60  # characters from a sum to its first part
_LIMITS = frozenset({"credit_line", "buyback_loan", "merger_loan", "syndicated_loan"})


def term(proposal: Proposal) -> Mark | None:
    """The words that tell the term, in months: of the sentence's the nearest to the anchor."""
    return min(proposal.scene.within("term"), key=lambda mark: abs(mark.start - proposal.anchor.start), default=None)


def is_tech(firm: Firm, around: str) -> bool:
    """Whether the register or the words of and beside a firm's name show a technology company."""
    if firm.entry is not None and firm.entry.tech is not None:
        return firm.entry.tech
    told = " ".join(firm.names) or (firm.description or "")
    if one_of("tech_words").search(told):
        return True
    return one_of("not_tech_words").search(told) is None and one_of("tech_words").search(around) is not None
