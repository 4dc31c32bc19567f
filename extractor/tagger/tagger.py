"""The tagger: a small table of weights, learnt from the gold, that says which strings of a sentence name a firm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import rjieba

from extractor.tagger.decode import NEVER, Links, Span, best, candidates, probable
from extractor.tagger.features import between, features, graded, layout
from extractor.tagger.hints import DocumentHints, Stretch
from extractor.tagger.judge import evidence, places
from extractor.tagger.mixing import PAD, Codes
from extractor.tagger.words import Word

MODEL = Path(__file__).parents[1] / "models" / "firm_tagger.npz"

SHUT = frozenset("\n，。；：、！？,;:|")
"""No name holds one of these."""
_SHUT = np.zeros(max(map(ord, SHUT)) + 2, dtype=np.bool_)
_SHUT[[ord(sign) for sign in SHUT]] = True

_LOT = 20_000
"""Characters read at once: some 20 MB of features and what they are mixed of."""

_LIFT = 128
_BYTE, _BITS, _LANE = 0xFF, 8, 16
_MASK = (1 << _LANE) - 1
_OUTER = _BYTE | _BYTE << _LANE


@dataclass(frozen=True)
class Model:
    """What is learnt.

    `table` (rows, 4) are eight-bit weights (first, inside, last, unused) in log odds of `scale`, `links` the chain's
    (short, long, inner, name), `signs` the grades of characters, `judge` the second look's weights (may be none).
    """

    table: npt.NDArray[np.int8]
    scale: float
    links: tuple[float, float, float, float]
    signs: npt.NDArray[np.uint8]
    judge: npt.NDArray[np.float64]

    def save(self, path: Path) -> None:
        """Write the model; the same model gives the same bytes."""
        scale, links = np.float64(self.scale), np.array(self.links)
        with path.open("wb") as out:
            np.savez_compressed(out, table=self.table, scale=scale, links=links, signs=self.signs, judge=self.judge)

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a model; OSError or ValueError for a file that holds none."""
        with np.load(path) as stored:
            short, long, inner, name = map(float, stored["links"])
            links = (short, long, inner, name)
            return cls(stored["table"], float(stored["scale"]), links, stored["signs"], stored["judge"])


class Tagger:
    """A model made ready: the three weights of a row are bytes of one number; two of them are added in one sum."""

    def __init__(self, model: Model) -> None:
        self.model = model
        lifted = model.table[:, :3].astype(np.uint32) + np.uint32(_LIFT) & np.uint32(_BYTE)
        self._rows = lifted[:, 0] | lifted[:, 1] << _BITS | lifted[:, 2] << _LANE
        self._bits = len(self._rows).bit_length() - 1
        self._signs = graded(model.signs)
        self._links = Links(*model.links)

    @classmethod
    def load(cls, path: Path | None = None) -> Tagger:
        """The shipped model, or another file's; each file is read once."""
        return _load(path)

    def tag(
        self,
        sentences: Sequence[str],
        *,
        document: DocumentHints | None = None,
        threshold: float = 0.5,
        words: Sequence[Sequence[Word]] | None = None,
        starts: Sequence[int] | None = None,
    ) -> list[list[Span]]:
        """The firms' names in each folded sentence, in order and without overlaps, none less probable than `threshold`.

        `document` is the article the sentences stand in; without one the sentences are taken for the article. `words`
        are those of each sentence with jieba's tags; without them jieba is asked. `starts` tells where in the article
        each sentence begins; without it the sentences' n-grams are looked up there.
        """
        hints = document or DocumentHints.of("\n".join(sentences))
        found: list[list[Span]] = [[] for _ in sentences]
        for batch in batches(sentences):
            told = [piece.text for piece in batch]
            known = words and [words[piece.sentence] if piece.whole else rjieba.tag(piece.text) for piece in batch]
            began = starts and [starts[piece.sentence] + piece.at for piece in batch]
            spans = self.spans(told, document=hints, words=known, starts=began)
            if len(self.model.judge):
                spans = self.judged(told, spans, hints, self.model.judge)
            for piece, marked in zip(batch, spans, strict=True):
                if marked:
                    best_of = best(marked, threshold)
                    found[piece.sentence] += [Span(s.start + piece.at, s.end + piece.at, s.score) for s in best_of]
        return found

    def spans(
        self,
        sentences: Sequence[str],
        *,
        document: DocumentHints,
        words: Sequence[Sequence[Word]] | None = None,
        starts: Sequence[int] | None = None,
    ) -> list[list[Span]]:
        """The first look: every span that may be a name, however faintly, with its probability; they overlap."""
        found: list[list[Span]] = [[] for _ in sentences]
        text, codes, begins = layout(sentences)
        stretches: list[Stretch] | None = None
        if starts is not None:
            stretches = [(at, s, s + len(told)) for at, s, told in zip(begins, starts, sentences, strict=True)]
        seen = document.seen(codes, stretches)
        scores = self._scores(text, codes, seen, None if words is None else between(words))
        sentence = 0
        for start, end, score in probable(candidates(scores, self._links)):
            while sentence + 1 < len(begins) and begins[sentence + 1] <= start:
                sentence += 1
            found[sentence].append(Span(start - begins[sentence], end - begins[sentence], score))
        return found

    @staticmethod
    def judged(
        sentences: Sequence[str],
        spans: Sequence[Sequence[Span]],
        document: DocumentHints,
        weights: npt.NDArray[np.float64],
    ) -> list[list[Span]]:
        """The spans with the second look's probabilities; those too faint for it are left out."""
        found = places(sentences, spans)
        odds = evidence(sentences, found, document) @ weights
        out: list[list[Span]] = [[] for _ in sentences]
        for place, score in zip(found, (1.0 / (1.0 + np.exp(-odds))).tolist(), strict=True):
            out[place.sentence].append(Span(place.span.start, place.span.end, score))
        return out

    def _scores(self, text: str, codes: Codes, seen: Codes, words: Sequence[Word] | None) -> npt.NDArray[np.float64]:
        """Log odds of first, inside and last against outside for each character of a laid out text."""
        rows = features(text, codes, seen, self._bits, self._signs, words)
        weights = self._rows.take(rows, mode="wrap")  # no row lies outside; "raise" would look whether one does
        every = weights.sum(axis=0, dtype=np.uint32)
        weights &= _OUTER
        outer = weights.sum(axis=0, dtype=np.uint32)
        lanes = np.full((3, len(text)), NEVER)
        told = lanes[:, PAD:-PAD]
        told[0] = outer & _MASK
        told[1] = every - outer >> _BITS
        told[2] = outer >> _LANE
        told -= _LIFT * len(rows)
        told *= self.model.scale
        lanes[:, shut(codes)] = NEVER
        return lanes.T


class _Piece(NamedTuple):
    """A sentence, or a part of a very long one: where in which sentence it begins."""

    sentence: int
    at: int
    text: str
    whole: bool


def batches(sentences: Sequence[str]) -> Iterator[list[_Piece]]:
    """The sentences in lots of bounded size, so that memory stays bounded; an article is mostly one lot."""
    lot: list[_Piece] = []
    room = _LOT
    for number, sentence in enumerate(sentences):
        for at in range(0, len(sentence), _LOT):
            piece = _Piece(number, at, sentence[at : at + _LOT], len(sentence) <= _LOT)
            if lot and len(piece.text) + PAD > room:
                yield lot
                lot, room = [], _LOT
            lot.append(piece)
            room -= len(piece.text) + PAD
    if lot:
        yield lot


def shut(codes: Codes) -> npt.NDArray[np.bool_]:
    """Which of a text's characters no name holds."""
    return _SHUT.take(codes, mode="clip")


@cache
def _load(path: Path | None) -> Tagger:
    return Tagger(Model.load(path or MODEL))
