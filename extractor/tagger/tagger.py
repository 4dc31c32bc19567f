"""The tagger: a small table of weights, learnt from the gold, that says which strings of a sentence name a firm."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extractor.tagger.decode import Links, Span, best, candidates, probable
from extractor.tagger.features import features, layout
from extractor.tagger.hints import DocumentHints

MODEL = Path(__file__).parents[1] / "models" / "firm_tagger.npz"

SHUT = frozenset("\n，。；：、！？,;:|")
"""No name holds one of these."""


class Tagger:
    """Weights in eight bits, four to a row (first, inside, last, unused); `scale` turns them into log odds."""

    def __init__(self, table: npt.NDArray[np.int8], scale: float, links: Links) -> None:
        self._rows = np.ascontiguousarray(table).view(np.uint32).ravel()
        self._bits = int(len(self._rows)).bit_length() - 1
        self._scale, self._links = scale, links

    @classmethod
    def load(cls, path: Path | None = None) -> Tagger:
        """The shipped model, or another file's; read once."""
        return _load(path or MODEL)

    def tag(
        self, sentences: Sequence[str], *, document: DocumentHints | None = None, threshold: float = 0.5
    ) -> list[list[Span]]:
        """The firms' names in each folded sentence, in order and without overlaps, none less probable than `threshold`.

        `document` is the article the sentences stand in; without one the sentences are taken for the article.
        """
        return [best(spans, threshold) for spans in self.spans(sentences, document=document)]

    def spans(self, sentences: Sequence[str], *, document: DocumentHints | None = None) -> list[list[Span]]:
        """Every span that may be a name, however faintly, with its probability; they overlap."""
        text, starts = layout(sentences)
        found: list[list[Span]] = [[] for _ in sentences]
        if not any(sentences):
            return found
        hints = document or DocumentHints.of("\n".join(sentences))
        sentence = 0
        for span in probable(candidates(self._scores(text, hints), shut(text), self._links)):
            while sentence + 1 < len(starts) and starts[sentence + 1] <= span.start:
                sentence += 1
            found[sentence].append(Span(span.start - starts[sentence], span.end - starts[sentence], span.score))
        return found

    def _scores(self, text: str, hints: DocumentHints) -> npt.NDArray[np.float32]:
        rows = self._rows[features(text, hints, self._bits)]
        sums = rows.view(np.int8).reshape(*rows.shape, 4).sum(axis=0, dtype=np.int32)
        return sums[:, :3].astype(np.float32) * np.float32(self._scale)


def shut(text: str) -> npt.NDArray[np.bool_]:
    """Which characters no name holds."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    return np.isin(codes, np.array([ord(sign) for sign in SHUT], dtype=np.uint32))


@cache
def _load(path: Path) -> Tagger:
    with np.load(path) as stored:
        return Tagger(stored["table"], float(stored["scale"]), Links(*map(float, stored["links"])))
