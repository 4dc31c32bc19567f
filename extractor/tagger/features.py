"""What the tagger sees of a character: its neighbours, words, tags, word lists and the document, as hashed numbers.

Everything is numpy over all sentences of a call at once: a sentence is its characters' codes between separators, a
feature is a template's number mixed with what stands there, hashed to a row of the model's table (no dictionary).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rjieba
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractor.data import table, words
from extractor.tagger.hints import DocumentHints

Codes = npt.NDArray[np.uint32]

PAD = 4
"""Separators on either side of a sentence: no template looks further than three characters."""

_SEPARATOR = "\n" * PAD
_K1, _K2, _K3 = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D)
_LEGAL = re.compile(r"有限公司|有限责任公司|股份公司|集团公司|合伙企业|总公司|公司")
_CLAUSE = re.compile(r"[，。；：、！？“”‘’《》()\[\]【】|,;:\s—]")
_QUOTES = {"“": 1, "‘": 1, "《": 2, "(": 3, "[": 3, "【": 3}
_CLOSES = frozenset("”’》)]】")


def layout(sentences: Sequence[str]) -> tuple[str, list[int]]:
    """The sentences in one string with separators between, and where each begins."""
    starts, at = [], PAD
    for sentence in sentences:
        starts.append(at)
        at += len(sentence) + PAD
    return _SEPARATOR + "".join(sentence + _SEPARATOR for sentence in sentences), starts


def features(text: str, document: DocumentHints, bits: int) -> npt.NDArray[np.int32]:
    """Rows of a table of 2**`bits` for each character of a laid out `text`: an array (templates, characters)."""
    codes = _codes(text)
    word, where, tag, size = _words(text, len(codes))
    d = _dictionary(text, len(codes))
    inside, legal, trade = _inside(text), _next(text, _LEGAL), _next_trade(d)
    told = document.seen(codes)
    kind = _kinds(codes)
    two = _mix(codes, _shift(codes, 1))
    three = _mix(two, _shift(codes, 2))
    at = _mix(where, size)
    wordly, tagged = _mix(word, where), _mix(tag, at)
    ahead, behind = _ends(where, size)
    w_next, w_last = _jump(word, ahead), _jump(word, behind)
    t_next, t_last = _jump(tag, ahead), _jump(tag, behind)
    s_next, s_last = _jump(size, ahead), _jump(size, behind)
    columns = [
        *(_shift(codes, k) for k in (-3, -2, -1, 0, 1, 2, 3)),
        *(_shift(two, k) for k in (-3, -2, -1, 0, 1, 2)),
        _mix(_shift(codes, -1), _shift(codes, 1)),
        *(_shift(three, k) for k in (-3, -2, -1, 0, 1)),
        wordly,
        _mix(w_next, at),
        _mix(w_last, at),
        _mix(wordly, w_next),
        _mix(wordly, w_last),
        tagged,
        _mix(tagged, t_next),
        _mix(tagged, t_last),
        _mix(_mix(tagged, t_next), t_last),
        _mix(_mix(at, t_next), _jump(t_next, ahead)),
        _mix(_mix(at, t_last), _jump(t_last, behind)),
        _mix(_jump(w_next, ahead), at),
        _mix(_jump(w_last, behind), at),
        _mix(_mix(at, s_next), s_last),
        _mix(_mix(_mix(at, s_next), s_last), _mix(t_next, t_last)),
        _mix(_mix(kind, _shift(kind, 1)), _shift(kind, -1)),
        _mix(d, at),
        _mix(_mix(d, _shift(d, 1)), _shift(d, -1)),
        _mix(_mix(_shift(d, 1), _shift(d, 2)), _shift(d, 3)),
        _mix(_mix(_shift(d, -1), _shift(d, -2)), _shift(d, -3)),
        _mix(inside, at),
        _mix(inside, codes),
        _mix(legal, at),
        _mix(legal, tagged),
        _mix(trade, at),
        _mix(trade, tagged),
        _mix(told[0], at),
        _mix(told[0], told[1]),
        _mix(_mix(told[0], _shift(told[0], -1)), _shift(told[0], 1)),
        _mix(told[2], at),
        _mix(told[2], _mix(_shift(told[2], -1), _shift(told[2], 1))),
    ]
    stack = np.stack(columns)
    names = np.arange(1, len(columns) + 1, dtype=np.uint32)[:, None] * _K2
    stack += names
    stack *= _K1
    stack ^= stack >> np.uint32(15)
    stack *= _K3
    stack >>= np.uint32(32 - bits)
    return stack.view(np.int32)


def _codes(text: str) -> Codes:
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).copy()
    codes[(codes >= 48) & (codes <= 57)] = 48
    return codes


def _mix(a: Codes, b: Codes) -> Codes:
    mixed = (a * _K1) ^ (b + _K2)
    mixed *= _K3
    return mixed ^ (mixed >> np.uint32(16))


def _shift(values: npt.NDArray[Any], by: int) -> npt.NDArray[Any]:
    """What stands `by` characters further on."""
    return np.roll(values, -by)


def _jump(values: Codes, by: npt.NDArray[np.int64]) -> Codes:
    return values[np.clip(np.arange(len(values)) + by, 0, len(values) - 1)]


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


def _words(text: str, length: int) -> tuple[Codes, Codes, Codes, Codes]:
    """For each character its word's hash, its place in the word (0 only, 1 first, 2 inside, 3 last), tag and length."""
    tagged = rjieba.tag(text)
    sizes = np.fromiter((len(word) for word, _ in tagged), dtype=np.int64, count=len(tagged))
    tags = np.fromiter((_tag_number(tag) for _, tag in tagged), dtype=np.uint32, count=len(tagged))
    begins = np.cumsum(sizes) - sizes
    index = np.arange(length) - np.repeat(begins, sizes)
    codes = _codes(text)
    word = np.add.reduceat(codes * (_K1 ** (index.astype(np.uint32) + np.uint32(1))), begins)
    long = np.repeat(sizes, sizes)
    where = np.where(index == 0, 1, np.where(index == long - 1, 3, 2)).astype(np.uint32)
    where[long == 1] = 0
    size = np.minimum(long, 5).astype(np.uint32)
    return np.repeat(word.astype(np.uint32), sizes), where, np.repeat(tags, sizes), size


def _ends(where: Codes, size: Codes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """How far the next word's first and the last word's last character are from each character."""
    number = np.arange(len(where))
    first = np.where((where == 0) | (where == 1), number, 0)
    begin = np.maximum.accumulate(first)
    last = np.where((where == 0) | (where == 3), number, len(where) - 1)
    end = np.minimum.accumulate(last[::-1])[::-1]
    return end + 1 - number, begin - 1 - number


@cache
def _lists() -> tuple[AhoCorasick, AhoCorasick]:
    """Places, and words of trade that end or fill firms' names."""
    places = [name for name in table("places", "name", "kind") if len(name) >= 2]
    trades = (Path(__file__).parent / "trades.txt").read_text(encoding="utf-8").splitlines()
    trade = {word for line in trades if not line.startswith("#") for word in line.split()}
    trade |= {*words("firm_suffixes"), *words("firm_suffixes_weak"), *words("trade_words")}
    return _automaton(places), _automaton(sorted(trade))


def _automaton(patterns: list[str]) -> AhoCorasick:
    return AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)


def _dictionary(text: str, length: int) -> Codes:
    """Where places (4 to 7) and trade words (1 to 3, in units of 8) stand: first, inside, last character."""
    flags = np.zeros(length, dtype=np.uint32)
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
