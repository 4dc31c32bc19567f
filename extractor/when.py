"""Which of an article's dates is that of a grant: its sentence's, the one told just before it, its heading's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.data import one_of
from extractor.frames import Proposal
from extractor.recognisers import Mark

_NEAR, _AFTER = 90, 20  # characters from a date to the sum or instrument
_SHORT, _HEADING = 24, 40  # characters of a heading that is a date, and with the marks after it
_BEFORE_OTHER = re.compile(r"(?:截至|截止|截止到|到|比|较|超过|自|从|至)\Z")
_CUMULATIVE = re.compile(
    r"累计(?:授信|投放|发放|放款|贷款|获得|提供|支持|承销|融资|已|达|超|共|给)*[^，。；]{0,10}\Z|累计[^，。；]{0,6}\Z"
)
_CLAUSE = re.compile(r"[^，。！？；\n]*")


def date(proposal: Proposal) -> Mark | None:
    """The words that tell the date of a proposal, whose value is ISO; a cumulative sum has none (GUIDELINES.md)."""
    return None if _is_cumulative(proposal) else next(_found(proposal), None)


def _found(proposal: Proposal) -> Iterator[Mark]:
    """Dates that may be meant, the likeliest first."""
    anchor, scene = proposal.anchor, proposal.scene
    told = [mark for mark in scene.within("date") if not is_other(proposal, mark)]
    yield from reversed([mark for mark in told if mark.end <= anchor.start])
    yield from (mark for mark in told if anchor.end <= mark.start < anchor.end + _AFTER)
    sentence = scene.sentence
    earlier = scene.marks.within("date", max(sentence.block.start, anchor.start - _NEAR), sentence.start)
    for mark in reversed(earlier):
        if not is_other(proposal, mark) and anchor.start - mark.end < _NEAR:
            yield mark
    yield from _heading(proposal)


def is_other(proposal: Proposal, mark: Mark) -> bool:
    """Whether a date is that of something else: 截至6月末, 2019年成立."""
    text = proposal.scene.page_text
    if _BEFORE_OTHER.search(text, max(0, mark.start - 3), mark.start):
        return True
    clause = _CLAUSE.match(text, mark.end, mark.end + 14)
    return clause is not None and one_of("other_days").search(clause.group()) is not None


def _is_cumulative(proposal: Proposal) -> bool:
    start = proposal.scene.sentence.start
    before = proposal.scene.page_text[max(start, proposal.anchor.start - 24) : proposal.anchor.start]
    return proposal.amount is not None and _CUMULATIVE.search(before) is not None


def _heading(proposal: Proposal) -> Iterator[Mark]:
    """The date of a short line right above an item: 【3月19日 周三】."""
    text, block = proposal.scene.page_text, proposal.scene.sentence.block
    above = text[max(0, block.start - _HEADING) : block.start].rstrip("\n ▍·•◆>-")
    line = above[above.rfind("\n") + 1 :]
    end = max(0, block.start - _HEADING) + len(above)
    if 0 < len(line) <= _SHORT:
        yield from proposal.scene.marks.within("date", end - len(line), end)
