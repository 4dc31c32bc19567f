"""What the tagger sees of a character: its neighbours, words, tags, word lists and the document, as hashed numbers.

Everything is numpy over all sentences of a call at once: a sentence is its characters' codes between separators, a
feature is a template's number mixed with what stands there, hashed to a row of the model's table (no dictionary).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import rjieba

from extractor.tagger import lists
from extractor.tagger.hints import DocumentHints
from extractor.tagger.mixing import K1, K2, K3, PAD, Codes, mix, mixed, shifted, stacked
from extractor.tagger.words import Word, Words, worded

Signs = npt.NDArray[np.uint32]
"""Grades, as `graded` gives them: how far names begin with a character, go on with it, end with it."""

FIRST_SIGN, LAST_SIGN = 0x4E00, 0x9FFF

_SEPARATOR = "\n" * PAD
_PADDING: list[Word] = [("\n", "x")] * PAD


def layout(sentences: Sequence[str]) -> tuple[str, list[int]]:
    """The sentences in one string with separators between, and where each begins; lone surrogates become "?"."""
    starts, at = [], PAD
    for sentence in sentences:
        starts.append(at)
        at += len(sentence) + PAD
    text = _SEPARATOR + "".join(sentence + _SEPARATOR for sentence in sentences)
    return text.encode("utf-8", "replace").decode("utf-8"), starts


def graded(signs: npt.NDArray[Any]) -> Signs:
    """A model's grades of characters (3, LAST_SIGN - FIRST_SIGN), and of all others, which count as the first."""
    return np.concatenate((signs, signs[:, :1]), axis=1, dtype=np.uint32)


def between(words: Sequence[Sequence[Word]]) -> list[Word]:
    """The words of a laid out text from those of its sentences."""
    laid = list(_PADDING)
    for told in words:
        laid += told
        laid += _PADDING
    return laid


def features(
    text: str, document: DocumentHints, bits: int, signs: Signs, words: Sequence[Word] | None = None
) -> npt.NDArray[np.int32]:
    """Rows of a table of 2**`bits` for each character of a laid out `text`: an array (templates, characters).

    `signs` says how far a character is one that names begin with, go on with and end with; `words` are those of the
    text with their tags, where somebody knows them already. What the outer separators get means nothing.
    """
    codes = _codes(text)
    w = Words.of(rjieba.tag(text) if words is None else words)
    columns = [*_signs(codes, signs, w), *worded(w), *_listed(text, codes, w), *_told(document, codes, w)]
    stack = stacked(columns)
    stack += np.arange(1, len(columns) + 1, dtype=np.uint32)[:, None] * K2
    stack *= K1
    stack ^= stack >> np.uint32(15)
    stack *= K3
    stack >>= np.uint32(32 - bits)
    rows = np.zeros((len(columns), len(text)), dtype=np.int32)
    rows[:, PAD:-PAD] = stack.view(np.int32)
    return rows


def _signs(codes: Codes, signs: Signs, w: Words) -> list[Codes]:
    """The characters around, alone and together, their classes, and how like a name's they are."""
    two = _beside(codes, codes)
    three = _beside(two, codes, 2)
    kind = _kinds(codes)
    first, second, final = signs.take(codes - FIRST_SIGN, 1, mode="clip")
    begins = shifted(first, 0) * 16 + shifted(second, 1)
    around, kinds, goes_on = mixed(
        (shifted(codes, -1), shifted(codes, 1)),
        (shifted(kind, 0), shifted(kind, 1)),
        (shifted(first, 2), shifted(second, 3)),
    )
    return [
        *(shifted(codes, k) for k in (-3, -2, -1, 0, 1, 2, 3)),
        *(shifted(two, k) for k in (-3, -2, -1, 0, 1, 2)),
        around,
        *(shifted(three, k) for k in (-3, -2, -1, 0, 1)),
        *mixed(
            (kinds, shifted(kind, -1)),
            (begins, w.where),
            (begins, goes_on),
            (shifted(first, -1) * 16 + shifted(second, 0), w.where),
            (shifted(second, -1) * 16 + shifted(final, 0), w.at),
            (shifted(first, -2) * 16 + shifted(second, -1), shifted(final, 0)),
        ),
    ]


def _beside(values: Codes, others: Codes, by: int = 1) -> Codes:
    """A whole column mixed with what stands `by` characters further on in another; the last ones mean nothing."""
    return np.concatenate((mix(values[:-by], others[by:]), values[-by:]))


def _listed(text: str, codes: Codes, w: Words) -> list[Codes]:
    """Places and words of trade around, quotation marks, and how far a legal form or the end of a trade word is."""
    d = lists.dictionary(text)
    own = shifted(d, 0)
    inside, legal, trade = (
        shifted(column, 0) for column in (lists.quoted(text), lists.to_legal_form(text), lists.to_trade_end(d))
    )
    tagged, around, ahead, behind = mixed(
        (w.tag[0], w.at),
        (own, shifted(d, 1)),
        (shifted(d, 1), shifted(d, 2)),
        (shifted(d, -1), shifted(d, -2)),
    )
    return mixed(
        (own, w.at),
        (around, shifted(d, -1)),
        (ahead, shifted(d, 3)),
        (behind, shifted(d, -3)),
        (inside, w.at),
        (inside, shifted(codes, 0)),
        (legal, w.at),
        (legal, tagged),
        (trade, w.at),
        (trade, tagged),
    )


def _told(document: DocumentHints, codes: Codes, w: Words) -> list[Codes]:
    """What the article says of the characters here: see `DocumentHints.seen`."""
    ahead, behind, named = document.seen(codes)
    here, told = shifted(ahead, 0), shifted(named, 0)
    before, beside = mixed((here, shifted(ahead, -1)), (shifted(named, -1), shifted(named, 1)))
    return mixed((here, w.at), (here, shifted(behind, 0)), (before, shifted(ahead, 1)), (told, w.at), (told, beside))


def _codes(text: str) -> Codes:
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).copy()
    codes[(codes >= 48) & (codes <= 57)] = 48
    return codes


def _kinds(codes: Codes) -> Codes:
    """Classes of characters: 1 digit, 2 Latin, 3 Chinese, 4 other, 0 separator."""
    return _KINDS.take(codes, mode="clip")


def _table_of_kinds() -> Codes:
    kinds = np.full(LAST_SIGN + 2, 4, dtype=np.uint32)
    kinds[ord("0")] = 1
    kinds[ord("A") : ord("Z") + 1] = kinds[ord("a") : ord("z") + 1] = 2
    kinds[FIRST_SIGN : LAST_SIGN + 1] = 3
    kinds[ord("\n")] = 0
    return kinds


_KINDS = _table_of_kinds()
