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
from extractor.tagger.hints import NAMES as HINTS
from extractor.tagger.mixing import FIFTEEN, K1, K3, PAD, Codes
from extractor.tagger.templates import mixed
from extractor.tagger.words import NAMES as WORDS
from extractor.tagger.words import Word, worded

Signs = npt.NDArray[np.uint32]
"""Four bytes for each character, as `graded` gives them: how far names begin with it, go on with it, end with it, and
its class."""

FIRST_SIGN, LAST_SIGN = 0x4E00, 0x9FFF
_GRADES = np.uint32(16)
_ZERO, _TEN = np.uint32(ord("0")), np.uint32(10)
_SIGNS = ("first", "second", "final", "kind", "begins", "ends", "sign")
_NAMES = (*_SIGNS, *WORDS, *lists.NAMES, *HINTS)

_SEPARATOR = "\n" * PAD
_PADDING: list[Word] = [("\n", "x")] * PAD


def layout(sentences: Sequence[str]) -> tuple[str, Codes, list[int]]:
    """The sentences in one string with separators between, in which lone surrogates become "?"; the number of each
    character, that of 0 for every digit; and where each sentence begins."""
    starts, at = [], PAD
    for sentence in sentences:
        starts.append(at)
        at += len(sentence) + PAD
    text = _SEPARATOR.join(("", *sentences, ""))
    try:
        told = text.encode("utf-32-le")
    except UnicodeEncodeError:
        told = text.encode("utf-32-le", "replace")
        text = told.decode("utf-32-le")
    codes = np.frombuffer(told, dtype=np.uint32).copy()
    codes[codes - _ZERO < _TEN] = _ZERO
    return text, codes, starts


def graded(signs: npt.NDArray[Any]) -> Signs:
    """A model's grades of characters (3, LAST_SIGN - FIRST_SIGN), and of all others, which count as the first; with
    the classes, since a table is read as fast for one as for all four."""
    table = np.empty((LAST_SIGN + 2, 4), dtype=np.uint8)
    table[:, :3] = signs[:, 0]
    table[FIRST_SIGN:LAST_SIGN, :3] = signs.T
    table[:, 3] = _kinds()
    return table.view(np.uint32).ravel()


def between(words: Sequence[Sequence[Word]]) -> list[Word]:
    """The words of a laid out text from those of its sentences."""
    laid = list(_PADDING)
    for told in words:
        laid += told
        laid += _PADDING
    return laid


def features(
    text: str,
    codes: Codes,
    seen: Codes,
    bits: int,
    signs: Signs,
    words: Sequence[Word] | None = None,
) -> Codes:
    """Rows of a table of 2**`bits` for the characters of a laid out `text`: an array (templates, characters).

    The outer separators are left out. `codes` are the text's, and `seen` what its article's `DocumentHints` say of
    them; `signs` says how far a character is one that names begin with, go on with and end with; `words` are those of
    the text with their tags, where somebody knows them already.
    """
    of_words = worded(codes, rjieba.tag(text) if words is None else words)
    stack = mixed(_NAMES, (_of_signs(codes, signs), of_words, lists.of_lists(text), seen))
    stack *= K1
    stack ^= stack >> FIFTEEN
    stack *= K3
    stack >>= np.uint32(32 - bits)
    return stack


def _of_signs(codes: Codes, signs: Signs) -> Codes:
    """The characters, their classes, and how like a name's they are, alone and two together."""
    columns = np.empty((len(_SIGNS), len(codes)), dtype=np.uint32)
    columns[:4] = signs.take(codes, mode="clip").view(np.uint8).reshape(-1, 4).T
    _, second, final, _, begins, ends, sign = columns
    np.multiply(columns[:2], _GRADES, out=columns[4:6])
    begins[:-1] += second[1:]
    ends[:-1] += final[1:]
    sign[:] = codes
    return columns


def _kinds() -> npt.NDArray[np.uint8]:
    """Classes of characters: 1 digit, 2 Latin, 3 Chinese, 4 other, 0 separator."""
    kinds = np.full(LAST_SIGN + 2, 4, dtype=np.uint8)
    kinds[ord("0")] = 1
    kinds[ord("A") : ord("Z") + 1] = kinds[ord("a") : ord("z") + 1] = 2
    kinds[FIRST_SIGN : LAST_SIGN + 1] = 3
    kinds[ord("\n")] = 0
    return kinds
