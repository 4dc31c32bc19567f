"""What the tagger sees of a character: its neighbours, words, tags, word lists and the document, as hashed numbers.

Everything is numpy over all sentences of a call at once: a sentence is its characters' codes between separators, a
feature is a template's number mixed with what stands there, hashed to a row of the model's table (no dictionary).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rjieba
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractor.data import table
from extractor.tagger.hints import DocumentHints

Codes = npt.NDArray[np.uint32]
Signs = npt.NDArray[np.uint32]
"""An array (3, LAST_SIGN - FIRST_SIGN) of grades: how far names begin with a character, go on with it, end with it."""

FIRST_SIGN, LAST_SIGN = 0x4E00, 0x9FFF

PAD = 4
"""Separators on either side of a sentence: no template looks further than three characters."""

_SEPARATOR = "\n" * PAD
_K1, _K2, _K3 = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D)
_LONG_WORD = 64
_POWERS = np.array([pow(0x9E3779B1, k + 1, 1 << 32) for k in range(_LONG_WORD)], dtype=np.uint32)
_LEGAL = re.compile(r"有限公司|有限责任公司|股份公司|集团公司|合伙企业|总公司|公司")
_CLAUSE = re.compile(r"[，。；：、！？“”‘’《》()\[\]【】|,;:\s—]")
_QUOTES = {"“": 1, "‘": 1, "《": 2, "(": 3, "[": 3, "【": 3}


def layout(sentences: Sequence[str]) -> tuple[str, list[int]]:
    """The sentences in one string with separators between, and where each begins; lone surrogates become "?"."""
    starts, at = [], PAD
    for sentence in sentences:
        starts.append(at)
        at += len(sentence) + PAD
    text = _SEPARATOR + "".join(sentence + _SEPARATOR for sentence in sentences)
    return text.encode("utf-8", "replace").decode("utf-8"), starts


def features(text: str, document: DocumentHints, bits: int, signs: Signs) -> npt.NDArray[np.int32]:
    """Rows of a table of 2**`bits` for each character of a laid out `text`: an array (templates, characters).

    `signs` says how far a character is one that names begin with, go on with and end with.
    """
    codes = _codes(text)
    w = _words(text)
    columns = [*_signs(codes, signs, w), *_worded(w), *_listed(text, codes, w), *_told(document, codes, w)]
    stack = np.stack(columns)
    stack += np.arange(1, len(columns) + 1, dtype=np.uint32)[:, None] * _K2
    stack *= _K1
    stack ^= stack >> np.uint32(15)
    stack *= _K3
    stack >>= np.uint32(32 - bits)
    return stack.view(np.int32)


def _signs(codes: Codes, signs: Signs, w: _Words) -> list[Codes]:
    """The characters around, alone and together, their classes, and how like a name's they are."""
    two = _mix(codes, _shift(codes, 1))
    three = _mix(two, _shift(codes, 2))
    kind = _kinds(codes)
    first, second, final = signs[:, np.where((codes >= FIRST_SIGN) & (codes < LAST_SIGN), codes - FIRST_SIGN, 0)]
    begins = first * 16 + _shift(second, 1)
    return [
        *(_shift(codes, k) for k in (-3, -2, -1, 0, 1, 2, 3)),
        *(_shift(two, k) for k in (-3, -2, -1, 0, 1, 2)),
        _mix(_shift(codes, -1), _shift(codes, 1)),
        *(_shift(three, k) for k in (-3, -2, -1, 0, 1)),
        _mix(_mix(kind, _shift(kind, 1)), _shift(kind, -1)),
        _mix(begins, w.where),
        _mix(begins, _mix(_shift(first, 2), _shift(second, 3))),
        _mix(_shift(first, -1) * 16 + second, w.where),
        _mix(_shift(second, -1) * 16 + final, w.at),
        _mix(_shift(first, -2) * 16 + _shift(second, -1), final),
    ]


def _worded(w: _Words) -> list[Codes]:
    """The word a character stands in and the two on either side: their characters, tags and lengths."""
    mine, tagged = _mix(w.word, w.where), _mix(w.tag, w.at)
    word_next, word_last = _jump(w.word, w.ahead), _jump(w.word, w.behind)
    tag_next, tag_last = _jump(w.tag, w.ahead), _jump(w.tag, w.behind)
    sizes = _mix(_mix(w.at, _jump(w.size, w.ahead)), _jump(w.size, w.behind))
    return [
        mine,
        _mix(word_next, w.at),
        _mix(word_last, w.at),
        _mix(_jump(word_next, w.ahead), w.at),
        _mix(_jump(word_last, w.behind), w.at),
        _mix(mine, word_next),
        _mix(mine, word_last),
        tagged,
        _mix(tagged, tag_next),
        _mix(tagged, tag_last),
        _mix(_mix(tagged, tag_next), tag_last),
        _mix(_mix(w.at, tag_next), _jump(tag_next, w.ahead)),
        _mix(_mix(w.at, tag_last), _jump(tag_last, w.behind)),
        sizes,
        _mix(sizes, _mix(tag_next, tag_last)),
    ]


def _listed(text: str, codes: Codes, w: _Words) -> list[Codes]:
    """Places and words of trade around, quotation marks, and how far a legal form or the end of a trade word is."""
    d = _dictionary(text)
    inside, legal, trade = _inside(text), _next(text, _LEGAL), _next_trade(d)
    tagged = _mix(w.tag, w.at)
    return [
        _mix(d, w.at),
        _mix(_mix(d, _shift(d, 1)), _shift(d, -1)),
        _mix(_mix(_shift(d, 1), _shift(d, 2)), _shift(d, 3)),
        _mix(_mix(_shift(d, -1), _shift(d, -2)), _shift(d, -3)),
        _mix(inside, w.at),
        _mix(inside, codes),
        _mix(legal, w.at),
        _mix(legal, tagged),
        _mix(trade, w.at),
        _mix(trade, tagged),
    ]


def _told(document: DocumentHints, codes: Codes, w: _Words) -> list[Codes]:
    """What the article says of the characters here: see `DocumentHints.seen`."""
    ahead, behind, named = document.seen(codes)
    return [
        _mix(ahead, w.at),
        _mix(ahead, behind),
        _mix(_mix(ahead, _shift(ahead, -1)), _shift(ahead, 1)),
        _mix(named, w.at),
        _mix(named, _mix(_shift(named, -1), _shift(named, 1))),
    ]


def _codes(text: str) -> Codes:
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).copy()
    codes[(codes >= 48) & (codes <= 57)] = 48
    return codes


def _mix(a: Codes, b: Codes) -> Codes:
    mixed = (a * _K1) ^ (b + _K2)
    mixed *= _K3
    mixed ^= mixed >> np.uint32(16)
    return mixed


def _shift(values: npt.NDArray[Any], by: int) -> npt.NDArray[Any]:
    """What stands `by` characters further on; the ends are separators, so that they may stay as they are."""
    moved: npt.NDArray[Any] = values.copy()
    if by > 0:
        moved[:-by] = values[by:]
    elif by < 0:
        moved[-by:] = values[:by]
    return moved


def _jump(values: Codes, by: npt.NDArray[np.int64]) -> Codes:
    return values.take(np.arange(len(values)) + by, mode="clip")


def _kinds(codes: Codes) -> Codes:
    """Classes of characters: 1 digit, 2 Latin, 3 Chinese, 4 other, 0 separator."""
    kinds = np.full(len(codes), 4, dtype=np.uint32)
    kinds[codes == 48] = 1
    kinds[((codes >= 65) & (codes <= 90)) | ((codes >= 97) & (codes <= 122))] = 2
    kinds[(codes >= 0x4E00) & (codes <= 0x9FFF)] = 3
    kinds[codes == 10] = 0
    return kinds


@cache
def _tag_number(tag: str) -> int:
    return int.from_bytes(tag.encode()[:3], "little")


@dataclass(frozen=True, slots=True)
class _Words:
    """For each character its word's hash, its place in the word (0 only, 1 first, 2 inside, 3 last), tag and length.

    `at` is place and length in one; `ahead` and `behind` lead to the next word and the one before.
    """

    word: Codes
    where: Codes
    tag: Codes
    size: Codes
    at: Codes
    ahead: npt.NDArray[np.int64]
    behind: npt.NDArray[np.int64]


def _words(text: str) -> _Words:
    tagged = rjieba.tag(text)
    sizes = np.fromiter((len(word) for word, _ in tagged), dtype=np.int64, count=len(tagged))
    tags = np.fromiter((_tag_number(tag) for _, tag in tagged), dtype=np.uint32, count=len(tagged))
    begins = np.cumsum(sizes) - sizes
    first, long = np.repeat(begins, sizes), np.repeat(sizes, sizes)
    number = np.arange(len(first))
    index = number - first
    word = np.add.reduceat(_codes(text) * _POWERS[np.minimum(index, _LONG_WORD - 1)], begins)
    where = np.where(index == 0, 1, np.where(index == long - 1, 3, 2)).astype(np.uint32)
    where[long == 1] = 0
    size = np.minimum(long, 5).astype(np.uint32)
    hashes = np.repeat(word.astype(np.uint32), sizes)
    return _Words(hashes, where, np.repeat(tags, sizes), size, where * 8 + size, long - index, -1 - index)


@cache
def _lists() -> tuple[AhoCorasick, AhoCorasick]:
    """Places, and words of trade that end or fill firms' names."""
    places = [name for name in table("places", "name", "kind") if len(name) >= 2]
    trades = (Path(__file__).parent / "trades.txt").read_text(encoding="utf-8").splitlines()
    trade = {word for line in trades if not line.startswith("#") for word in line.split()}
    return _automaton(places), _automaton(sorted(trade))


def _automaton(patterns: list[str]) -> AhoCorasick:
    return AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)


def _dictionary(text: str) -> Codes:
    """Where places (4 to 7) and trade words (1 to 3, in units of 8) stand: first, inside, last character."""
    flags = np.zeros(len(text), dtype=np.uint32)
    for scale, automaton in zip((1, 8), _lists(), strict=True):
        matches: Iterable[tuple[int, int, int]] = automaton.find_matches_as_indexes(text)
        for _, start, end in matches:
            flags[start] += scale
            flags[start + 1 : end - 1] += 2 * scale
            flags[end - 1] += 3 * scale
    return flags


def _inside(text: str) -> Codes:
    """Whether quotation marks or brackets stand around a character, and how near the opening one is."""
    state = np.zeros(len(text), dtype=np.uint32)
    for match in re.finditer(r"[“‘《(\[【][^\n”’》)\]】]{1,40}[”’》)\]】]?", text):
        state[match.start() : match.end()] = _QUOTES[match.group()[0]]
    return state


def _next(text: str, pattern: re.Pattern[str]) -> Codes:
    """How many characters before the next match a character stands, in steps; 0 where none follows in its clause."""
    distance = np.zeros(len(text), dtype=np.uint32)
    for match in pattern.finditer(text):
        begin = max(0, match.start() - 24)
        gap = list(_CLAUSE.finditer(text, begin, match.start()))
        begin = gap[-1].end() if gap else begin
        span = match.start() - np.arange(begin, match.start())
        distance[begin : match.start()] = np.where(span <= 6, span, 6 + span // 4)
        distance[match.start() : match.end() - 1] = 30
        distance[match.end() - 1] = 31
    return distance


def _next_trade(flags: Codes) -> Codes:
    """How far the end of the next trade word is, at most 8; 0 where none is so near."""
    number = np.arange(len(flags))
    last = np.where((flags >> np.uint32(3)) % np.uint32(8) == 3, number, len(flags) + 99)
    far = np.minimum.accumulate(last[::-1])[::-1] - number
    return np.where(far <= 8, far + 1, 0).astype(np.uint32)
