"""Who tells a figure: one bank or branch, or all banks of a region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import regions
from extractor.indicators.places import Path, places, widened
from extractor.indicators.words import Token
from extractor.page import Page

_BACK = 600  # characters looked back for the place that 全省 leans on
_LEVELS = ("all0", "all1", "all2", "all3", "all4")


@dataclass(frozen=True, slots=True)
class Owner:
    """A bank with its branch, or all banks of a region (empty: the whole country); `start` is where it is told."""

    bank: str | None = None
    branch: str | None = None
    region: Path = ()
    start: int = -1
    doubt: str | None = None


@dataclass
class Owners:
    """Remembers who was told last, over the sentences of a page."""

    page: Page
    last: Owner | None = None
    heard: Token | None = None  # a bank told since
    block: object = None
    story: int = -1

    def begin(self, story: int) -> None:
        """A block begins: another story's leans on nobody told before it."""
        if story != self.story:
            self.last, self.heard, self.story = None, None, story

    def hear(self, bank: Token, block: object) -> None:
        """A sentence was read that tells a bank."""
        self.heard, self.block = bank, block

    def of(self, tokens: Sequence[Token], start: int, end: int, block: object) -> Owner | None:
        """Who a figure from `start` to `end` is of, by its sentence's tokens, else by who was told before."""
        before = [token for token in tokens if token.start < end]
        found = self._told(before, start)
        if found is None:
            return self._told_before(tokens, block)
        self.last, self.heard, self.block = found, None, block
        return found

    def _told(self, before: Sequence[Token], start: int) -> Owner | None:
        bank = next((token for token in reversed(before) if token.kind == "bank"), None)
        at = bank.start if bank else -1
        for token in reversed([token for token in before if token.start > at]):
            if bank and "，" in self.page.text[token.end : start]:
                continue  # 该行是省内第一家…，贷款余额…: still the bank's
            if token.kind == "country":
                return Owner(start=token.start)
            if token.kind == "area" and token.value == "wide":
                return Owner(region=(self.page.text[token.start : token.end],), start=token.start)
            if token.kind in _LEVELS and (path := self._leans_on(token)):
                return Owner(region=path, start=token.start)
        place = next((token for token in reversed(before) if token.kind == "place" and token.start > at), None)
        if place:
            place = self._zoned(place, before)
        if bank:
            return self._branched(_of_bank(bank, place.value if place else ()))
        return Owner(region=place.value, start=place.start) if place else None

    def _zoned(self, place: Token, before: Sequence[Token]) -> Token:
        """北京中关村: a zone that is named without its kind."""
        zone = next((t for t in before if t.kind == "area" and t.value == "zone" and t.start == place.end), None)
        path = (*place.value, self.page.text[zone.start : zone.end]) if zone else place.value
        return Token("place", place.start, place.end, path)

    def _branched(self, owner: Owner) -> Owner:
        """工行省分行 is that of the province told last."""
        level = {"省": "all1", "市": "all2"}.get((owner.branch or "")[:1])
        if not level or owner.region:
            return owner
        path = self._leans_on(Token(level, owner.start, owner.start, level))
        return Owner(owner.bank, f"{path[-1]}{owner.branch}", path, owner.start) if path else owner

    def _leans_on(self, token: Token) -> Path | None:
        """The place told last before 全省 or 全市 that has such a level."""
        before = [*places(self.page.text, max(0, token.start - _BACK), token.start)]
        before = [*self._titled(), *before]
        paths = (widened(token.kind, place.value) for place in reversed(before))
        return next((path for path in paths if path), None)

    def _titled(self) -> list[Token]:
        return [*places(self.page.title, 0, min(len(self.page.title), _BACK))]

    def _told_before(self, tokens: Sequence[Token], block: object) -> Owner | None:
        start = tokens[0].start if tokens else 0
        if self.heard:
            self.last, self.heard = self._branched(_of_bank(self.heard, ())), None
        near = [*places(self.page.text, max(0, start - _BACK), start)]
        if self.last and (self.last.bank or not near or near[-1].start <= self.last.start):
            return _doubted(self.last, None if block is self.block else "owner_elsewhere")
        if near:
            return Owner(region=near[-1].value, start=near[-1].start, doubt="owner_elsewhere")
        titled = self._titled()
        return Owner(region=titled[-1].value, doubt="owner_title") if titled else None


def _doubted(owner: Owner, doubt: str | None) -> Owner:
    return Owner(owner.bank, owner.branch, owner.region, -1, doubt)


def _of_bank(token: Token, place: Path) -> Owner:
    bank, branch = token.value
    home = place or ((regions.within(branch) or ()) if branch else ())
    return Owner(bank, branch, home, token.start)
