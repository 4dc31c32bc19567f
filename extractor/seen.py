"""The mentions of an article: which banks and firms stand where, for those who watch any mention."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.register import BankEntry
from extractor.identity import Firm
from extractor.mentions import Marks
from extractor.model import Mention, Place
from extractor.page import Page


def seen(page: Page, where: Place, marks: Marks | None = None, firms: dict[int, Firm] | None = None) -> list[Mention]:
    """Every bank, named firm and watched word of a page; without marks (an article not read further) of the names only
    the lexicon's."""
    found = _known(page, where) if marks is None else _read(page, where, marks, firms or {})
    return [*_watched(page, where, found), *_words(page, where)]


def _words(page: Page, where: Place) -> Iterator[Mention]:
    """Every place of every watched word."""
    if page.lexicon.words is not None:
        for start, end, key in page.lexicon.words.find(page.text):
            first, last = page.folded.origin(start, end)
            yield Mention("word", key, page.folded.surface(start, end), first, last, where, watched=True)


def _read(page: Page, where: Place, marks: Marks, firms: dict[int, Firm]) -> list[Mention]:
    out = []
    for mark in marks.names:
        if mark.kind == "bank" and mark.value.name:
            out.append(_mention(page, "bank", mark.value.name, mark.start, mark.end, where))
        elif mark.kind in ("firm", "short_firm", "brand") and mark.start in firms:
            firm = firms[mark.start]
            name = firm.entry.name if firm.entry else page.folded.surface(*firm.names[firm.name])
            out.append(_mention(page, "firm", name, mark.start, mark.end, where, tuple(firm.names)))
    return out


def _watched(page: Page, where: Place, found: list[Mention]) -> list[Mention]:
    """The mentions with every watched name: one inside a mention, on jieba's word edges, makes that one watched.

    Inside a firm's name, where no register has it, it is a mention of its own too: its watchers are found by it.
    """
    spans = [(*page.folded.origin(start, end), start, end) for start, end in page.lexicon.watched_in(page.text)]
    if not spans:
        return found
    out = list(found)
    for first, last, start, end in spans:
        around = next((i for i, m in enumerate(found) if m.start < last and first < m.end), None)
        if around is not None and not (page.is_edge(start) and page.is_edge(end)):
            continue
        if around is not None:
            out[around] = replace(found[around], watched=True)
        if around is None or _is_its_own(page, found[around], first, last, page.text[start:end]):
            out.append(_mention(page, "firm", page.text[start:end], start, end, where))
    return sorted(out, key=lambda mention: mention.start)


def _is_its_own(page: Page, around: Mention, first: int, last: int, name: str) -> bool:
    inside = (around.start, around.end) != (first, last) and around.start <= first and last <= around.end
    return inside and around.kind == "firm" and page.lexicon.entry(name) is None


def _known(page: Page, where: Place) -> list[Mention]:
    out = []
    for hit in page.lexicon.find(page.text):
        kind = "bank" if isinstance(hit.entry, BankEntry) else "firm"
        name = hit.entry.name if hit.entry else hit.text
        out.append(_mention(page, kind, name, hit.start, hit.end, where))
    return out


def _mention(
    page: Page, kind: str, name: str, start: int, end: int, where: Place, others: tuple[str, ...] = ()
) -> Mention:
    first, last = page.folded.origin(start, end)
    told = page.text[start:end]
    watched = page.lexicon.is_watched(name, told, *others)
    return Mention(
        "bank" if kind == "bank" else "firm", name, page.folded.surface(start, end), first, last, where, watched
    )
