"""Text as the fit wants it: one row of features for each character, pieces that end where no name goes on, labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from extractor.tagger.features import Signs, features, layout
from extractor.tagger.hints import DocumentHints
from extractor.tagger.mixing import PAD, Codes
from extractor.tagger.tagger import shut
from train.articles import Article
from train.chain import ANY, Batch

_BATCH = 3000
_Piece = tuple[int, npt.NDArray[np.bool_], float]


class Pile:
    """Pieces of text with their features and labels, gathered for one fit."""

    def __init__(self, bits: int, signs: Signs) -> None:
        self.bits, self.signs = bits, signs
        self.rows: list[Codes] = []
        self.pieces: list[_Piece] = []
        self.size = 0

    def add(self, article: Article, weight: float, *, everything: bool) -> None:
        """An article's sentences; without `everything` only those that hold a name."""
        kept = [s for s in article.sentences if everything or any(s[0] <= n[0] < s[1] for n in article.names)]
        if not kept:
            return
        text, codes, starts = layout([article.text[s:e] for s, e in kept])
        columns = features(text, codes, DocumentHints.of(article.text).seen(codes), self.bits, self.signs)
        allowed = np.zeros((len(text), 4), dtype=bool)
        allowed[:, 0] = True
        for (begin, end), at in zip(kept, starts, strict=True):
            _label(allowed, article, begin, end, at - begin)
        for first, last in _pieces(shut(codes)):
            self.rows.append(columns[:, first - PAD : last - PAD].T)
            self.pieces.append((self.size, allowed[first:last], weight))
            self.size += last - first

    def matrix(self, least: int) -> tuple[csr_matrix, npt.NDArray[np.int64]]:
        """Features that stand `least` times or more, one row a character; and which columns of the table they are."""
        table = np.concatenate(self.rows)
        counts = np.bincount(table.ravel(), minlength=1 << self.bits)
        columns = np.flatnonzero(counts >= least)
        renumbered = np.full(1 << self.bits, -1, dtype=np.int32)
        renumbered[columns] = np.arange(len(columns))
        new = renumbered[table]
        good = new >= 0
        ends = np.concatenate([[0], np.cumsum(good.sum(1))])
        data = np.ones(int(ends[-1]), dtype=np.float64)
        return csr_matrix((data, new[good], ends), shape=(len(table), len(columns))), columns

    def batches(self) -> list[Batch]:
        """The pieces, those of like length together."""

        def kind(piece: _Piece) -> tuple[int, bool]:
            return _room(len(piece[1])), not piece[1][:, 1:].any()

        found = []
        for (room, empty), group in groupby(sorted(self.pieces, key=lambda p: (kind(p), p[0])), key=kind):
            members = list(group)
            for k in range(0, len(members), _BATCH):
                found.append(_batch(members[k : k + _BATCH], room, empty=empty))
        return found


def _room(length: int) -> int:
    return next((room for room in (4, 8, 12, 16, 24, 32, 48, 64, 96, 128) if length <= room), 256)


def _batch(members: Sequence[_Piece], room: int, *, empty: bool) -> Batch:
    rows = np.full((len(members), room), -1, dtype=np.int64)
    allowed = np.zeros((len(members), room, 4), dtype=bool)
    allowed[:, :, 0] = True
    for k, (begin, labels, _) in enumerate(members):
        rows[k, : len(labels)] = np.arange(begin, begin + len(labels))
        allowed[k, : len(labels)] = labels
    return Batch(rows, empty, allowed, np.array([weight for _, _, weight in members]))


def _pieces(closed: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of characters that a name may stand in, of two or more, none longer than 256."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], closed, [True]]).astype(np.int8)))
    found = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        found += [(k, min(k + 256, last)) for k in range(first, last, 256) if min(k + 256, last) - k >= 2]
    return found


def _label(allowed: npt.NDArray[np.bool_], article: Article, begin: int, end: int, shift: int) -> None:
    """Write one sentence's labels: names are told, unclear spans free, all else outside."""
    for start, stop in article.unclear:
        if start < end and stop > begin:
            allowed[max(start, begin) + shift : min(stop, end) + shift] = ANY
    for start, stop in article.names:
        if begin <= start and stop <= end and stop - start >= 2:
            allowed[start + shift : stop + shift] = False
            allowed[start + shift, 1] = allowed[stop - 1 + shift, 3] = True
            allowed[start + 1 + shift : stop - 1 + shift, 2] = True
