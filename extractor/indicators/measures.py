"""Which measure a number is of: the one told before it, or one that its class, a programme or a list implies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.indicators.model import Change
from extractor.indicators.numbers import Number
from extractor.indicators.words import Token

MONEY = frozenset(["loan_balance", "credit_line", "financing_balance", "granted"])
HEADS = frozenset(["borrowers", "first_borrowers", "served"])
RATES = frozenset(["loan_share", "first_loan_share", "unsecured_share", "interest_rate", "bad_loan_rate"])
STOPS = re.compile(r"[，。；]")
JOINT = re.compile(r"[、和与及]|以及")
_ADJACENT = re.compile(r"[^，。；,]{0,5}")
_GETS = re.compile(r"(?:的)?[^，。；\d]{0,14}?(?:获贷|获得|拿到|得到|签约|融到|获批|受益|有贷款)")
_SIGNED = re.compile(r"(?:科技)?(?:企业|客户|公司)?(?:已|共)?(?:签约|签下|签了|通过|办理|用上|获得|享受)(?:了)?")
_LENDS = re.compile(r"的?[一-龥]{0,4}(?:贷款|信贷)[^，。；]{0,3}")
_FAR = 9  # signs between a measure and its number that nothing explains


@dataclass(slots=True)
class Figure:
    """One figure being read: `parts` are the tokens that it is made of."""

    kind: str
    subject: Token
    number: Number | None
    parts: list[Token]
    growth: Change | None = None
    increment: Change | None = None
    doubts: set[str] = field(default_factory=set)

    @property
    def end(self) -> int:
        """Where its last part ends."""
        return max(part.end for part in self.parts)


class Measures:
    """What a sentence told up to a number. `subject` is the class told last before it, `kind` and `money` the measure
    and the class of the last sum."""

    def __init__(self, text: str, subject: Token | None, kind: str | None, money: Token | None) -> None:
        self.text = text
        self.subject, self.subjects = subject, list[Token]()
        self.measure: Token | None = None
        self.used = True
        self.base: Token | None = None
        self.change: Token | None = None
        self.share: Token | None = None
        self.average: Token | None = None
        self.cumulative = False
        self.planned = False
        self.figures: list[Figure] = []
        self.group: list[Figure] = []  # the figures that a change told next belongs to
        self.kind, self.money = kind, money
        self.turn = 0
        self.before: Token | None = None  # the number read last
        self.tokens: Sequence[Token] = ()

    def _adjacent(self, word: Token | None, token: Token) -> bool:
        """Whether a number stands right behind a word."""
        if word is None or word.end > token.start:
            return False
        return _ADJACENT.fullmatch(self.text, word.end, token.start) is not None

    def _lends(self, subject: Token) -> bool:
        """Whether a class is told with its loans: 科技贷款, 科技型企业贷款."""
        told = self.text[subject.start : subject.end + 2]
        return told.endswith(("贷款", "信贷")) or told[:-2].endswith(("贷款", "信贷"))

    def _in_clause(self, subject: Token, token: Token) -> bool:
        return subject in self.tokens and not STOPS.search(self.text, subject.end, token.start)

    def _programme(self) -> Token | None:
        return next((one for one in reversed(self.subjects) if str(one.value).startswith("programme:")), None)

    def _reaches(self, token: Token) -> bool:
        """Whether the measure is this number's: in its clause, with little between that nothing explains."""
        measure = self.measure
        if measure is None or measure.end > token.start or (self.used and not self._listed(token)):
            return False
        if STOPS.search(self.text, measure.end, token.start):
            return False
        inside = (t for t in self.tokens if measure.end <= t.start and t.end <= token.start)
        return token.start - measure.end - sum(t.end - t.start for t in inside) <= _FAR

    def _listed(self, token: Token) -> bool:
        last = self.before
        return last is not None and last.kind == token.kind and bool(JOINT.fullmatch(self.text, last.end, token.start))

    def _kind(self, token: Token, number: Number) -> tuple[str | None, set[str]]:
        told = str(self.measure.value) if self.measure and self._reaches(token) else ""
        if token.kind == "sum":
            return self._of_money(token, told)
        if token.kind == "percent":
            return (told if told in RATES else None), set()
        if token.kind == "heads":
            return (told if told in HEADS else None), set()
        if number.noun == "笔":
            return ("loans" if self._programme() or told == "granted" else None), {"flow"}
        return self._of_heads(token, told)

    def _of_money(self, token: Token, told: str) -> tuple[str | None, set[str]]:
        if told == "got":
            return "granted", {"flow"}
        if told in MONEY or told == "-":
            return told, {"flow"} if told == "granted" else set()
        last = self.before
        if self._programme() and last and last.kind == "count" and last.end <= token.start:
            near = _ADJACENT.fullmatch(self.text, last.end, token.start) or self._adjacent(self._programme(), token)
            return ("granted" if near else None), {"flow", "measure_implied"}
        if self.subjects and self.subjects[-1].end <= token.start:
            between = self.text[self.subjects[-1].end : token.start]
            lends = self._adjacent(self.subjects[-1], token) and self._lends(self.subjects[-1])
            if lends or _LENDS.fullmatch(between):
                return "loan_balance", {"measure_implied"}
        return self._of_next_bank(token)

    def _of_next_bank(self, token: Token) -> tuple[str | None, set[str]]:
        """民生银行1174亿元、光大银行1153亿元: further banks with the figure told of the first."""
        bank = next((t for t in reversed(self.tokens) if t.kind == "bank" and t.end <= token.start), None)
        kinds = [kind for kind in (self.kind, *(f.kind for f in self.figures)) if kind in MONEY]
        if bank and kinds and token.start - bank.end <= 2:
            return kinds[-1], {"measure_implied"}
        joined = self.before is not None and JOINT.fullmatch(self.text, self.before.end, token.start)
        return (kinds[-1] if joined and self.figures and kinds and len(self.subjects) > 1 else None), {"listed"}

    def _of_heads(self, token: Token, told: str) -> tuple[str | None, set[str]]:
        if told in ("borrowers", "first_borrowers"):
            return told, set()
        if told == "got" or _GETS.match(self.text, token.end):
            return "borrowers", set()
        if self._programme() and self._adjacent(self._programme(), token):
            return "borrowers", {"measure_implied"}
        if self._named_behind(token):
            return "borrowers", {"measure_implied"}
        return ("served", {"served"}) if told == "served" else (None, set())

    def _named_behind(self, token: Token) -> Token | None:
        """146家企业签约“腾飞贷”: the programme behind a number of heads."""
        return next(
            (
                t
                for t in self.tokens
                if t.kind == "subject"
                and t.start >= token.end
                and str(t.value).startswith("programme:")
                and _SIGNED.fullmatch(self.text, token.end, t.start)
            ),
            None,
        )
