"""The gold as training text: each article's folded text, its sentences, the names marked in it and the unclear ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor import Lexicon
from extractor.fold import fold
from extractor.normalise import normalise
from extractor.page import Page
from train.known import CORPUS, rows

Spot = tuple[int, int]
OTHERS = Path(__file__).parent / "others.jsonl"
"""Names of firms in the gold's articles that take part in no event, so that they do not count as none (own reading).
Of the further articles nobody has read that: what the engine holds for a firm there, and the annotation does not tell,
stands here as unclear (`python -m train.unclear`)."""

_NOTHING_KNOWN = Lexicon.build((), ())


@dataclass(frozen=True, slots=True)
class Article:
    """One article: `names` are spans that are firms, `unclear` spans that may be or not, both in `text`.

    `firms` are the names of each gold firm together (folded); `sentences` are spans; `proof` are those that hold
    the evidence of an event with a named firm.
    """

    id: str
    text: str
    sentences: tuple[Spot, ...]
    names: tuple[Spot, ...]
    unclear: tuple[Spot, ...]
    firms: tuple[frozenset[str], ...]
    proof: tuple[Spot, ...] = ()


def read(path: Path, others: Path = OTHERS, corpus: Path = CORPUS) -> list[Article]:
    """The articles of a gold file and of `corpus`; `others` has for some the firms that no event is about, and the
    doubtful ones."""
    further = {row["id"]: row for row in rows(others)}
    return [_article(row, further) for row in known_rows(path, corpus)]


def known_rows(path: Path, corpus: Path = CORPUS) -> list[dict[str, Any]]:
    """The lines of a gold file, then those of the further articles."""
    return [row for file in (path, *sorted(corpus.glob("*.jsonl"))) for row in rows(file)]


def plain(name: str) -> str:
    """A name as it stands in a folded text."""
    return "".join(fold(name).split())


def _article(row: dict[str, Any], others: dict[str, dict[str, list[str]]]) -> Article:
    page = Page(normalise(row["text"]), _NOTHING_KNOWN, None)
    firms = tuple(
        frozenset(plain(n) for n in [e["firm"], *(e.get("firm_aliases") or [])] if n)
        for e in row["events"]
        if e["firm"]
    )
    mine = others.get(row["id"], {})
    doubtful = set(mine.get("unclear", ()))
    known = {name for names in firms for name in names} | set(mine.get("firms", ()))
    spots = list(_occurrences(page.text, known | doubtful))
    names = [spot for spot in spots if page.text[slice(*spot)] not in doubtful]
    unclear = [spot for spot in spots if page.text[slice(*spot)] in doubtful]
    sentences = tuple((s.start, s.end) for s in page.sentences)
    proof = tuple(span for span in sentences if _proves(page, span, row))
    free = tuple(sorted(set(unclear)))
    return Article(row["id"], page.text, sentences, tuple(names), free, tuple(dict.fromkeys(firms)), proof)


def _proves(page: Page, span: Spot, row: dict[str, Any]) -> bool:
    start, end = page.folded.origin(*span)
    for event in row["events"]:
        at = row["text"].find(event["evidence"])
        if event["firm"] and start < at + len(event["evidence"]) and at < end:
            return True
    return False


def _occurrences(text: str, names: Iterable[str]) -> Iterator[Spot]:
    """Where the names stand, the longest first, without overlaps."""
    taken = bytearray(len(text))
    for name in sorted(names, key=lambda n: (-len(n), n)):
        at = text.find(name)
        while at >= 0:
            if not any(taken[at : at + len(name)]):
                taken[at : at + len(name)] = b"\1" * len(name)
                yield at, at + len(name)
            at = text.find(name, at + 1)
