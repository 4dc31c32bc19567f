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
from extractor.tagger.mixing import K1, K3, PAD, Codes, mix
from extractor.tagger.templates import mixed
from extractor.tagger.words import Word, worded

Signs = npt.NDArray[np.uint32]
"""Four bytes for each character, as `graded` gives them: how far names begin with it, go on with it, end with it, and
its class."""

FIRST_SIGN, LAST_SIGN = 0x4E00, 0x9FFF
_GRADES = np.uint32(16)

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
    places: npt.NDArray[np.intp],
    document: DocumentHints,
    bits: int,
    signs: Signs,
    words: Sequence[Word] | None = None,
) -> Codes:
    """Rows of a table of 2**`bits` for the characters at `places` of a laid out `text`: an array (templates, places).

    None of the places lies in the outer separators. `signs` says how far a character is one that names begin with, go
    on with and end with; `words` are those of the text with their tags, where somebody knows them already.
    """
    codes = _codes(text)
    columns = _of_signs(codes, signs) | worded(codes, rjieba.tag(text) if words is None else words)
    columns |= _of_lists(text) | dict(zip(("ahead", "behind", "named"), document.seen(codes), strict=True))
    stack = mixed(columns, places)
    stack *= K1
    stack ^= stack >> np.uint32(15)
    stack *= K3
    stack >>= np.uint32(32 - bits)
    return stack


def _of_signs(codes: Codes, signs: Signs) -> dict[str, Codes]:
    """The characters, two and three of them, their classes, and how like a name's they are, alone and two together."""
    two = _beside(codes, codes)
    told = signs.take(codes, mode="clip").view(np.uint8).reshape(-1, 4)
    first, second, final, kind = told.T.astype(np.uint32, order="C")
    begins, ends = first * _GRADES, second * _GRADES
    begins[:-1] += second[1:]
    ends[:-1] += final[1:]
    grades = {"first": first, "second": second, "final": final, "begins": begins, "ends": ends}
    return grades | {"sign": codes, "two": two, "three": _beside(two, codes, 2), "kind": kind}


def _beside(values: Codes, others: Codes, by: int = 1) -> Codes:
    """A whole column mixed with what stands `by` characters further on in another; the last ones mean nothing."""
    return np.concatenate((mix(values[:-by], others[by:]), values[-by:]))


def _of_lists(text: str) -> dict[str, Codes]:
    """Places and words of trade, quotation marks, and how far a legal form or the end of a trade word is."""
    listed, trade = lists.dictionary(text)
    return {"listed": listed, "quoted": lists.quoted(text), "legal": lists.to_legal_form(text), "trade": trade}


def _codes(text: str) -> Codes:
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).copy()
    codes[(codes >= 48) & (codes <= 57)] = 48
    return codes


def _kinds() -> npt.NDArray[np.uint8]:
    """Classes of characters: 1 digit, 2 Latin, 3 Chinese, 4 other, 0 separator."""
    kinds = np.full(LAST_SIGN + 2, 4, dtype=np.uint8)
    kinds[ord("0")] = 1
    kinds[ord("A") : ord("Z") + 1] = kinds[ord("a") : ord("z") + 1] = 2
    kinds[FIRST_SIGN : LAST_SIGN + 1] = 3
    kinds[ord("\n")] = 0
    return kinds
