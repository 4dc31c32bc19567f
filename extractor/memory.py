"""The memory of a document: who 该行, 公司, 它, 后者 are; each sentence comes out with its banks and firms told.

The focus is the bank and the firm named last; a section's heading names its default; a new story forgets them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from extractor.case_words import GUARANTEE, LENDS
from extractor.identity import Firm
from extractor.mentions import Marks
from extractor.page import Page
from extractor.recognisers import Mark
from extractor.scene import Ref, Scene, shared_out
from extractor.sentences import Sentence
from extractor.stories import Block

_BANK_WORD = re.compile(
    r"该行|本行|我行|这家银行|这家行|该银行|上述银行|银行(?:(?<![一-龥]银行)(?=[^业家间类卡、])|(?<=[，。；：“]银行))"
)
_NO_FIRM = "(?!们|家|债|法人|群|名单|客户|类|都|均|的需求)"
_NO_PRONOUN = "(?!中|他|实|次|们|间|余)"
_FIRM_WORD = re.compile(
    r"该公司|该企业|该集团|这家公司|这家企业|这家[一-龥]{0,10}?(?:公司|企业|厂|小巨人)"
    r"|该(?!行|银行|支行|分行)[一-龥]{2,10}?(?:公司|企业)|上述(?:公司|企业)"
    rf"|公司(?:(?<=[，。；：“为给向对让使由与和]公司)|(?<=^公司)){_NO_FIRM}"
    rf"|企业(?:(?<=[，。；：“为给向对让使由与和]企业)|(?<=^企业)){_NO_FIRM}"
    rf"|它(?:(?<=[，。；：“为给向对让使]它){_NO_PRONOUN}|(?<=[给向对为，。“]它))"
    rf"|其(?:(?<=[，。；：“为给向对让使]其){_NO_PRONOUN}|(?<=[给向对为]其))"
    r"|我们(?<=[给向对为，。“]我们)|借款人|对方"
)
"""Each choice begins with a plain sign, as those of `_BANK_WORD`: `re` skips to them."""
_FAR = 8
"""Sentences after which a bare 银行 means no longer the bank told last, but banks as such."""
_START = attrgetter("start")
_LATTER = re.compile(r"后者|前者")
_STAND_INS = ((_BANK_WORD, "the_bank", "行"), (_FIRM_WORD, "the_firm", ""), (_LATTER, "latter", "者"))
"""What stands for a bank or a firm, and a sign that all of its words hold."""
_HOLDER = re.compile(r"的?(?:控股股东|实际控制人|实控人|大股东|第一大股东)(?![一-龥]{0,8}(?:公司|集团))")


@dataclass(slots=True)
class _Focus:
    bank: Ref | None = None
    firm: Ref | None = None
    since: int = 0
    last: list[Ref] = field(default_factory=list)
    story: int = -1
    block: Block | None = None
    head: tuple[Ref | None, Ref | None] = (None, None)

    def forget(self, story: int) -> None:
        self.bank = self.firm = None
        self.since = 0
        self.last = []
        self.story = story


def remember(
    page: Page, marks: Marks, firms: dict[int, Firm], default: Firm | None, topic: Mark | None
) -> Iterator[Scene]:
    """The scenes of a page in order. `default` is the firm the title names, which every story starts with."""
    focus = _Focus()
    text = page.text
    stand_ins = [stand_in for stand_in in _STAND_INS if stand_in[2] in text]
    for sentence, own in zip(page.sentences, shared_out(marks, page.sentences), strict=True):
        fresh = sentence.block.story != focus.story
        if fresh:
            focus.forget(sentence.block.story)
            if default is not None:
                focus.firm = Ref(-1, -1, firm=default, named=False)
        if sentence.block is not focus.block:
            _forget_item(focus, sentence)
        focus.since += 1
        told: Sequence[Mark] = own.get("name", ())
        if words := _words(text, sentence, told, stand_ins):
            told = sorted([*told, *words], key=_START)
        banks, who = _resolve(text, told, firms, focus) if told else ([], [])
        yield Scene(sentence, page, text, banks, who, marks, own, fresh, default, topic)


def _forget_item(focus: _Focus, sentence: Sentence) -> None:
    """A list item leans on its heading, not on the item before it."""
    if sentence.block.kind == "item" and focus.block is not None and focus.block.kind == "item":
        focus.bank, focus.firm = focus.head
    else:
        focus.head = (focus.bank, focus.firm)
    focus.block = sentence.block


def _resolve(text: str, marks: Iterable[Mark], firms: dict[int, Firm], focus: _Focus) -> tuple[list[Ref], list[Ref]]:
    banks: list[Ref] = []
    who: list[Ref] = []
    for mark in marks:
        ref = _meant(mark, text, firms, focus)
        if ref is None:
            continue
        if ref.bank:
            banks.append(ref)
            focus.bank, focus.since = ref, 0
        else:
            who.append(ref)
            if not _is_aside(text, ref):
                focus.firm = ref
        focus.last = [*focus.last[-1:], ref]
    return banks, who


def _is_aside(text: str, ref: Ref) -> bool:
    """Whether a firm is told as what is bought or who vouches: 收购某某100%股权 leaves the buyer in focus."""
    bought = LENDS.search(text[max(0, ref.start - 8) : ref.start]) is not None
    return bought or GUARANTEE.match(text, ref.end) is not None


def _words(
    text: str, sentence: Sentence, named: Sequence[Mark], stand_ins: Iterable[tuple[re.Pattern[str], str, str]]
) -> list[Mark]:
    """Words that stand for a bank or a firm, outside every name."""
    ends: list[int] | None = None
    words: list[Mark] = []
    start, end = sentence.start, sentence.end
    for pattern, kind, sign in stand_ins:
        if text.find(sign, start, end) < 0:
            continue
        for match in pattern.finditer(text, start, end):
            if ends is None:
                ends = [mark.end for mark in named]
            index = bisect_left(ends, match.start() + 1)
            if index == len(named) or named[index].start >= match.end():
                words.append(Mark(kind, match.start(), match.end(), match.group()))
    return words


def _meant(mark: Mark, text: str, firms: dict[int, Firm], focus: _Focus) -> Ref | None:
    if mark.kind == "bank":
        return _bank(mark, focus)
    if mark.kind in ("firm", "short_firm", "brand"):
        firm = firms.get(mark.start)
        holder = _HOLDER.match(text, mark.end)
        if holder and firm:
            described = Firm(description=text[mark.start : holder.end()], where=(mark.start, holder.end()))
            return Ref(mark.start, holder.end(), firm=described)
        return Ref(mark.start, mark.end, firm=firm) if firm else None
    if mark.kind == "undisclosed":
        described = Firm(description=mark.value, where=(mark.start, mark.end))
        return Ref(mark.start, mark.end, firm=described)
    if mark.kind == "the_bank" and focus.bank and (mark.value != "银行" or focus.since <= _FAR):
        return Ref(mark.start, mark.end, bank=focus.bank.bank, branch=focus.bank.branch, named=False)
    if mark.kind == "the_firm" and focus.firm:
        return Ref(mark.start, mark.end, firm=focus.firm.firm, named=False)
    if mark.kind == "latter" and len(focus.last) == 2:
        meant = focus.last[1 if mark.value == "后者" else 0]
        return Ref(mark.start, mark.end, bank=meant.bank, branch=meant.branch, firm=meant.firm, named=False)
    return None


def _bank(mark: Mark, focus: _Focus) -> Ref | None:
    """A named bank, or a branch told alone, which belongs to the bank in focus."""
    if mark.value.name:
        return Ref(mark.start, mark.end, bank=mark.value.name, branch=mark.value.branch)
    if not focus.bank:
        return None
    branch = mark.value.branch
    if branch and focus.bank.branch and branch.endswith("支行") and focus.bank.branch.endswith("分行"):
        branch = focus.bank.branch + branch
    return Ref(mark.start, mark.end, bank=focus.bank.bank, branch=branch or focus.bank.branch, named=False)
