"""Which firm recommended which to a bank: 澄砺科技向兴业银行推荐了星禾智能. Pure; words are in `referral_words.csv`.

Only sentences with such a word are looked at. In them, every bank and firm meant (also 该行, 后者) is one sign, every
such word another; a few forms of a sentence are looked for in what is left. A form names its recommender (`from`),
whom it recommended (`to`) and the `bank`; what is wished, planned or denied is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from extractor.data import rows
from extractor.identity import Firm
from extractor.scene import Ref, Scene

_BANK, _FIRM, _SOMEBODY, _CUE = "\ue000", "\ue001", "\ue002", "\ue003"
_WORD = rf"[^，。；：！？\n{_BANK}{_FIRM}{_SOMEBODY}{_CUE}]"
_ANY = rf"[^。；！？\n{_FIRM}{_SOMEBODY}{_CUE}]"
_LIST = rf"{_FIRM}(?:[、和与及]{{1,2}}{_FIRM})*"
_TO_BANK = rf"(?:了)?(?:给|至|到|与|予|进)?(?:了)?{_WORD}{{0,6}}(?P<bank>{_BANK})"


@dataclass(frozen=True, slots=True)
class Found:
    """A recommendation: its two firms, the bank, the span of the plain text that tells it, and how sure it is."""

    recommender: Firm
    recommended: Firm
    bank: str
    branch: str | None
    start: int
    end: int
    sure: float


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of a sentence, and how sure it is. `open` forms name bank and firm somewhere in `rest`, or before."""

    pattern: re.Pattern[str]
    sure: float
    open: bool = False


def may_tell(text: str) -> bool:
    """Whether a text holds a word of recommending at all: one search, on most texts in vain."""
    return _cue().search(text) is not None


def referrals(scenes: Iterable[Scene]) -> Iterator[Found]:
    """Every recommendation that the scenes tell, each pair of firms once for a bank."""
    told: set[tuple[int, int, str]] = set()
    for scene in scenes:
        sentence = scene.sentence
        if scene.firms and _cue().search(scene.page_text, sentence.start, sentence.end):
            for found in _Signs(scene).found():
                key = (id(found.recommender), id(found.recommended), found.bank)
                if key not in told:
                    told.add(key)
                    yield found


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(row["phrase"] for row in rows("referral_words") if row["kind"] == kind)


def _either(kind: str) -> str:
    return "|".join(sorted(map(re.escape, _words(kind)), key=len, reverse=True))


@cache
def _cue() -> re.Pattern[str]:
    return re.compile(_either("cue"))


@cache
def _cues() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either('cue')})(?!{_either('not')})")


@cache
def _owns() -> re.Pattern[str]:
    """What behind a firm's name says that something of it was recommended: 的产品, 生产的设备; not 这家做芯片的企业."""
    return re.compile(rf"{_either('object')}|(?![这一]){_WORD}{{0,6}}的")


@cache
def _forms() -> tuple[_Form, ...]:
    """The closed forms first: they say each part's place, an open one only where to look for bank and firm."""
    told = rf"(?P<from>{_FIRM})(?P<gap>{_ANY}{{0,60}}?)"
    by_firm = rf"(?:{_either('by')})(?![理营济于]){_WORD}{{0,4}}(?P<from>{_FIRM}){_WORD}{{0,14}}{_CUE}"
    somewhere = rf"(?P<rest>[^。；！？\n{_CUE}]{{0,80}})"
    closed = (
        (rf"{told}(?:将|把){_WORD}{{0,30}}?(?P<to>{_LIST}){_WORD}{{0,6}}{_CUE}{_TO_BANK}", 0.95),
        (rf"(?P<to>{_FIRM})(?:也|又|就|正)?(?:是|系)(?P<from>{_FIRM}){_WORD}{{0,8}}{_CUE}{_TO_BANK}", 0.95),
        (rf"(?P<to>{_FIRM}){_WORD}{{0,6}}{by_firm}{_TO_BANK}", 0.95),
        (
            rf"{told}[向给为对]{_WORD}{{0,8}}(?P<bank>{_BANK}){_WORD}{{0,10}}{_CUE}{_WORD}{{0,40}}?(?P<to>{_LIST})",
            0.93,
        ),
    )
    opened = (
        (rf"(?P<before>[{_BANK}{_FIRM}]{_WORD}{{0,4}})?{by_firm}{somewhere}", 0.85),
        (rf"(?P<from>{_FIRM})的{_WORD}{{0,4}}{_CUE}，?{_WORD}{{0,3}}(?:让|使|令|促成|帮助){somewhere}", 0.85),
        (
            rf"(?P<before>[{_BANK}{_FIRM}][和与同跟][{_BANK}{_FIRM}][^。；！？\n{_CUE}{_FIRM}]{{0,20}}?)"
            rf"(?:始于|源于|源自|缘于|起于|得益于|来自|离不开)(?P<from>{_FIRM})的?{_WORD}{{0,4}}{_CUE}",
            0.85,
        ),
    )
    return (
        *(_Form(re.compile(pattern), sure) for pattern, sure in closed),
        *(_Form(re.compile(pattern), sure, open=True) for pattern, sure in opened),
    )


class _Signs:
    """A scene with a sign for each bank, firm and word of recommending, and the place of every sign."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.refs: dict[int, Ref] = {}
        self.places: list[tuple[int, int]] = []
        signs: list[str] = []
        text, at, last = scene.page_text, scene.sentence.start, scene.sentence.end
        for start, end, sign, ref in self._marked():
            if start < at:
                continue
            signs += text[at:start]
            self.places += ((place, place + 1) for place in range(at, start))
            if ref is not None:
                self.refs[len(signs)] = ref
            signs.append(sign)
            self.places.append((start, end))
            at = end
        signs += text[at:last]
        self.places += ((place, place + 1) for place in range(at, last))
        self.text = "".join(signs)

    def _marked(self) -> list[tuple[int, int, str, Ref | None]]:
        start, end = self.scene.sentence.start, self.scene.sentence.end
        found: list[tuple[int, int, str, Ref | None]] = [
            (ref.start, ref.end, _BANK, ref) for ref in self.scene.banks if start <= ref.start < end
        ]
        for ref in self.scene.firms:
            if start <= ref.start < end:
                found.append((ref.start, ref.end, _FIRM if ref.firm and ref.firm.names else _SOMEBODY, ref))
        found += ((cue.start(), cue.end(), _CUE, None) for cue in _cues().finditer(self.scene.page_text, start, end))
        return sorted(found, key=lambda one: (one[0], -one[1]))

    def found(self) -> Iterator[Found]:
        """What the sentence tells, form by form; what one form told no other tells again."""
        taken: set[int] = set()
        for form in _forms():
            for match in form.pattern.finditer(self.text):
                cue = self.text.index(_CUE, match.start("from"))
                if cue not in taken and not self._unreal(match, cue):
                    told = list(self._open(match, form) if form.open else self._closed(match, form))
                    taken.update([cue] if told else [])
                    yield from told

    def _unreal(self, match: re.Match[str], cue: int) -> bool:
        """Whether the recommendation is wished, planned or denied."""
        told = self.text[max(0, match.start() - 4) : cue]
        return any(word in told for word in _words("unreal"))

    def _closed(self, match: re.Match[str], form: _Form) -> Iterator[Found]:
        if "gap" in match.groupdict() and self._lends(match["gap"]):
            return
        for at in range(*match.span("to")):
            if at in self.refs and not _owns().match(self.text, at + 1):
                yield from self._told(match.start("from"), at, match.start("bank"), form)

    def _lends(self, gap: str) -> bool:
        """Whether the clause of the verb has a bank for its subject: …，招商银行把…推荐给…."""
        return re.match(rf"{_WORD}{{0,2}}{_BANK}", gap.rpartition("，")[2]) is not None and "，" in gap

    def _open(self, match: re.Match[str], form: _Form) -> Iterator[Found]:
        who, cue = match.start("from"), self.text.index(_CUE, match.start("from"))
        places = [at for name in ("rest", "before") if match.groupdict().get(name) for at in range(*match.span(name))]
        near = [at for at in places if at in self.refs]
        first = next((at for at in near if at > cue), None)
        if first is not None and any(word in self.text[cue:first] for word in _words("told")):
            return
        bank = next((at for at in near if self.text[at] == _BANK), None)
        firm = next(
            (at for at in near if self.text[at] == _FIRM and self.refs[at].firm is not self.refs[who].firm), None
        )
        if bank is not None and firm is not None:
            yield from self._told(who, firm, bank, form)

    def _told(self, who: int, whom: int, at: int, form: _Form) -> Iterator[Found]:
        """The recommendation that three signs tell; nobody recommends himself."""
        recommender, recommended, bank = self.refs[who], self.refs[whom], self.refs[at]
        if recommender.firm is None or recommended.firm is None or recommender.firm is recommended.firm:
            return
        if bank.bank is None:
            return
        signs = (who, whom, at, self.text.index(_CUE, who))
        start, end = self.places[min(signs)][0], self.places[max(signs)][1]
        named = recommender.named and recommended.named
        sure = form.sure - (0.0 if named else 0.1)
        yield Found(recommender.firm, recommended.firm, bank.bank, bank.branch, start, end, round(sure, 2))
