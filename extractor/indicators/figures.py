"""A sentence's tokens into figures: which class, measure and number, and which change belongs to which figure.

Read from left to right. A number right behind a word of change (增长, 多出) is the change of the figure before it, or
of a class and measure that were told since without a number. Any other number is a figure of the measure before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extractor.indicators.measures import HEADS, JOINT, MONEY, RATES, STOPS, Figure, Measures
from extractor.indicators.model import Change
from extractor.indicators.numbers import Number
from extractor.indicators.words import Token

_NUMBERS = frozenset(["sum", "count", "heads", "percent"])
_LISTED = re.compile(r"(?:企业|贷款)?(?:[、和与及]|以及)")
_FEW = 10  # heads below which it is a story and no figure


class Sentence(Measures):
    """Reads one sentence of a page's text."""

    def read(self, tokens: Sequence[Token]) -> list[Figure]:
        """The figures of the tokens, in order."""
        self.tokens = tokens
        for token in tokens:
            if token.kind in _NUMBERS:
                if not self.planned:
                    self._number(token)
                self.before = token
            else:
                self._word(token)
        return self.figures

    def _word(self, token: Token) -> None:
        if token.kind == "subject":
            if token.value == "-" and self.subjects and self.subjects[-1].end == token.start:
                return  # 科技型企业本外币贷款余额 is still theirs
            self.subjects = [*self.subjects, token] if self._goes_on(token) else [token]
        elif token.kind == "measure":
            self._measured(token)
        elif token.kind == "change":
            self.change = token
        elif token.kind == "base":
            self.base = token
        elif token.kind == "share":
            self.share = token
        elif token.kind == "average":
            self.average = token
        self.cumulative = self.cumulative or token.kind == "cumulative" or "累" in self.text[token.start : token.end]
        self.planned = self.planned or token.kind == "plan"

    def _goes_on(self, token: Token) -> bool:
        """Whether a class stands in a list with the one before it: 绿色贷款和制造业贷款."""
        return bool(self.subjects) and _LISTED.fullmatch(self.text, self.subjects[-1].end, token.start) is not None

    def _measured(self, token: Token) -> None:
        """余额 alone is that of what was named before it: 表内外融资，4月末余额."""
        bare = self.text[token.start : token.end] == "余额" and self.measure is not None and not self.used
        if bare and self.measure is not None and self.measure.value in MONEY - {"granted"}:
            token = Token("measure", token.start, token.end, self.measure.value)
        if token.value == "served" and self.measure and self.measure.value == "got" and not self.used:
            return  # 获得贷款支持的企业
        self.measure, self.used = token, False

    def _number(self, token: Token) -> None:
        number: Number = token.value
        if self._is_average(token):
            return
        if self._follows_change(token):
            self._next_change(token, number)
        elif self._is_change(token):
            self._changed(token, number)
        elif token.kind == "percent" and self._adjacent(self.share, token):
            return
        else:
            self._value(token, number)

    def _is_average(self, token: Token) -> bool:
        """三年复合增长四成: a growth over years, which is none of a point."""
        told = self.average
        return told is not None and token.kind == "percent" and not STOPS.search(self.text, told.end, token.start)

    def _is_change(self, token: Token) -> bool:
        if not self._adjacent(self.change, token) or self.change is None:
            return False
        told = self.text[self.change.start : self.change.end]
        return told != "多" or self._adjacent(self.base, token)

    def _follows_change(self, token: Token) -> bool:
        """分别增长21%、30%: the second number of a list of changes."""
        last = self.before
        joined = last is not None and JOINT.fullmatch(self.text, last.end, token.start)
        return bool(joined and last and last.kind == token.kind and self.turn > 0 and self.turn < len(self.group))

    def _base(self, token: Token) -> str | None:
        """The base of a change: told in its clause, or in the clause right before."""
        if self.base is None or len(STOPS.findall(self.text, self.base.end, token.start)) > 1:
            return None
        return str(self.base.value)

    def _changed(self, token: Token, number: Number) -> None:
        self.turn = 0
        fresh = [one for one in self.subjects if not self.group or one.start > self.group[-1].end]
        measured = self.measure is not None and not self.used
        if fresh or measured:
            if not self._make_bare(fresh or self.subjects or ([self.subject] if self.subject else []), number):
                return
        elif bank := self._next_bank(token):
            last = self.group[-1]
            self._keep([Figure(last.kind, last.subject, None, [bank])], inherited=True)
        self._next_change(token, number)

    def _next_bank(self, token: Token) -> Token | None:
        """A bank told after the last figure: its own change follows, of the same class and measure."""
        if not self.group:
            return None
        after = (t for t in self.tokens if t.kind == "bank" and self.group[-1].end <= t.start < token.start)
        return next(after, None)

    def _make_bare(self, subjects: Sequence[Token], number: Number) -> bool:
        """Figures of which only the change is told."""
        kind = self._bare_kind(subjects, number)
        if not kind:
            return False
        words = [self.measure] if self.measure and not self.used else []
        made = [Figure(kind, one, None, [*(one for one in [one] if one in self.tokens), *words]) for one in subjects]
        self._keep([figure for figure in made if figure.parts], inherited=subjects[0] not in self.tokens)
        self.used = True
        return True

    def _bare_kind(self, subjects: Sequence[Token], number: Number) -> str | None:
        if not subjects:
            return None
        told = str(self.measure.value) if self.measure and not self.used else ""
        if told in MONEY and number.unit != "count":
            return told
        if told in ("borrowers", "first_borrowers") or (told == "served" and number.unit == "count"):
            return told
        if told in RATES and number.unit == "percent":
            return None
        return "loan_balance" if not told and self._lends(subjects[-1]) and number.unit != "count" else "-"

    def _next_change(self, token: Token, number: Number) -> None:
        """Give a change to the figure whose turn it is."""
        if self.turn >= len(self.group):
            return
        figure = self.group[self.turn]
        self.turn += 1
        sign = float(self.change.value) if self.change else 1.0
        change = Change(sign * number.value, self._base(token), number.qualifier)
        if number.unit == "percent" and figure.growth is None and figure.kind not in RATES:
            figure.growth = change
        elif number.unit != "percent" and figure.increment is None and self._fits(figure, number):
            figure.increment = change
        else:
            return
        if figure in self.figures:
            figure.parts.append(token)

    def _fits(self, figure: Figure, number: Number) -> bool:
        return (figure.kind in HEADS) == (number.unit == "count")

    def _value(self, token: Token, number: Number) -> None:
        subjects = self._subjects(token)
        kind, doubts = self._kind(token, number)
        if kind is None or not subjects:
            return
        if kind in RATES and not self._in_clause(subjects[-1], token):
            money = [figure.subject for figure in self.figures if figure.kind in MONEY]
            subjects = [money[-1]] if money else [self.money] if self.money else subjects
        if kind in HEADS and number.value < _FEW:
            return
        inherited = subjects[0] is self.subject and subjects[0] not in self.tokens
        words = [self.measure] if self.measure and self.measure in self.tokens else []
        parts = [*([] if inherited else subjects), *words, token]
        figure = Figure(kind, self._turn_of(subjects), number, parts, doubts=doubts)
        joined = self.before is not None and JOINT.fullmatch(self.text, self.before.end, token.start)
        self._keep([figure], inherited=inherited, joins=bool(joined) and len(subjects) > 1)
        self.used = True

    def _subjects(self, token: Token) -> list[Token]:
        """The classes told since the last number; else the one right behind this one; else the one told last."""
        behind = next((t for t in self.tokens if t.kind == "subject" and self._is_behind(t, token)), None)
        if token.kind == "count" and (named := self._named_behind(token)):
            return [named]
        if behind is not None and token.kind == "count" and not self._programme():
            return [behind]
        if self.subjects:
            return self.subjects
        return [self.subject] if self.subject else []

    def _is_behind(self, subject: Token, token: Token) -> bool:
        return subject.start >= token.end and self.text[token.end : subject.start] in ("", "的", "名")

    def _turn_of(self, subjects: Sequence[Token]) -> Token:
        """Of several classes the one that this number of a list belongs to."""
        since = [one for one in self.figures if one.parts and one.subject in subjects]
        if len(subjects) > 1 and len(since) < len(subjects):
            return subjects[len(since)]
        return subjects[-1]

    def _keep(self, made: Iterable[Figure], *, inherited: bool, joins: bool = False) -> None:
        made = list(made)
        for figure in made:
            if inherited:
                figure.doubts.add("subject_elsewhere")
            if joins:
                figure.doubts.add("listed")
        self.group = [*self.group, *made] if joins and self.figures else made
        self.turn = 0
        self.figures += made
