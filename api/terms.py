"""What is searched, and where it stands. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import log1p
from typing import Any

import rjieba

from core.plain import grams, plain

BEFORE, AFTER = 30, 90  # characters of a snippet before and after what was found
MOST_SNIPPETS = 3
_PIECE = re.compile(r'["“”＂]([^"“”＂]*)["“”＂]|([^\s"“”＂]+)')


@dataclass(frozen=True)
class Terms:
    """Plain pieces (core/plain.py), each of two signs or more."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, query: str) -> "Terms":
        """The pieces of a query, set apart by blanks, but for a phrase in quotes, which is one; the whole as one where
        a piece alone would be too short.

        ValueError where even that has less than two signs.
        """
        told = (match.group(1) or match.group(2) or "" for match in _PIECE.finditer(query))
        pieces = [text for text in (plain(piece).text for piece in told) if text]
        if not pieces or any(len(piece) < 2 for piece in pieces):
            pieces = [plain(query).text]
        if not pieces or len(pieces[0]) < 2:
            raise ValueError("has less than two characters to search for")
        return cls(tuple(dict.fromkeys(pieces)))

    def words(self) -> "Terms | None":
        """The same cut into words by jieba, to search for where the whole stands nowhere; None where it is the same."""
        cut = [word for piece in self.pieces for word in rjieba.cut(piece) if len(word) > 1]
        return Terms(tuple(dict.fromkeys(cut))) if cut and set(cut) != set(self.pieces) else None

    @property
    def grams(self) -> list[int]:
        """The pairs of signs that a text must hold."""
        return sorted({pair for piece in self.pieces for pair in grams(piece)})

    def stand_in(self, *texts: str) -> bool:
        """Whether every piece stands in one of the texts."""
        whole = [plain(text).text for text in texts]
        return all(any(piece in text for text in whole) for piece in self.pieces)

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where they stand in a text, in order, without overlaps."""
        page = plain(text)
        places: list[tuple[int, int]] = []
        for start, end in sorted(place for piece in self.pieces for place in page.find(piece)):
            if not places or start >= places[-1][1]:
                places.append((start, end))
        return places

    def snippets(self, texts: Iterable[tuple[str, str, int]]) -> list[dict[str, Any]]:
        """The first few pieces of (where, text, where the text begins) with what was found marked in them."""
        found = (snippet for where, text, begin in texts for snippet in self._snippets(where, text, begin))
        return [snippet for snippet, _ in zip(found, range(MOST_SNIPPETS), strict=False)]

    def _snippets(self, where: str, text: str, begin: int) -> Iterable[dict[str, Any]]:
        places = self.places(text)
        while places:
            first, last = max(0, places[0][0] - BEFORE), min(len(text), places[0][1] + AFTER)
            marks = [(start - first, end - first) for start, end in places if end <= last]
            places = places[len(marks) :]
            yield {"where": where, "start": begin + first, "text": text[first:last], "marks": marks}


def score(words: Iterable[str], title: str, text: str) -> float:
    """How well an article fits: how often jieba's words of the query stand in it, the title counting tenfold."""
    head, body = plain(title).text, plain(text).text
    return sum(log1p(10 * head.count(word) + body.count(word)) for word in words) / log1p(len(body))
