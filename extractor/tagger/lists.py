"""Columns that tell where the places and trade words of the lists, quotations and legal forms of a text stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractor.data import table
from extractor.tagger.mixing import Codes

_LEGAL = re.compile(r"有限公司|有限责任公司|股份公司|集团公司|合伙企业|总公司|公司")
_CLAUSE = re.compile(r"[，。；：、！？“”‘’《》()\[\]【】|,;:\s—]")
_QUOTED = re.compile(r"[“‘《(\[【][^\n”’》)\]】]{1,40}[”’》)\]】]?")
_QUOTES = {"“": 1, "‘": 1, "《": 2, "(": 3, "[": 3, "【": 3}
_REACH = 24
_STEPS = bytes(span if span <= 6 else 6 + span // 4 for span in range(_REACH, 0, -1))
_FORM, _FORM_END = 30, 31
_FAR = bytes(range(9, 0, -1))


Found = Sequence[tuple[int, int, int]]
"""A word's number, and where it stands."""


def dictionary(text: str) -> tuple[Codes, Codes]:
    """Where places (1 first, 2 inside, 3 last, 4 both) and, in units of 8, trade words stand; and how far the last
    sign of the next trade word of two signs or more is, from 1, at most 9, 0 where none is so near."""
    places, trades = (automaton.find_matches_as_indexes(text) for automaton in _lists())
    return _marked(places, len(text)) + _marked(trades, len(text)) * np.uint32(8), _to_end(trades, len(text))


def _marked(found: Found, size: int) -> Codes:
    marks = bytearray(size)
    for _, start, end in found:
        marks[start:end] = b"\1" + b"\2" * (end - start - 2) + b"\3" if end - start > 1 else b"\4"
    return _column(marks)


def _to_end(found: Found, size: int) -> Codes:
    far = bytearray(size)
    last = 0
    for _, start, end in found:
        if end - start > 1:
            begin = max(last, end - len(_FAR))
            far[begin:end] = _FAR[begin - end :]
            last = end
    return _column(far)


@cache
def _lists() -> tuple[AhoCorasick, AhoCorasick]:
    """Places, and words of trade that end or fill firms' names."""
    places = [name for name in table("places", "name", "kind") if len(name) >= 2]
    trades = (Path(__file__).parent / "trades.txt").read_text(encoding="utf-8").splitlines()
    trade = {word for line in trades if not line.startswith("#") for word in line.split()}
    return _automaton(places), _automaton(sorted(trade))


def _automaton(patterns: list[str]) -> AhoCorasick:
    return AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)


def quoted(text: str) -> Codes:
    """Whether quotation marks (1), title marks (2) or brackets (3) stand around a character."""
    state = bytearray(len(text))
    for match in _QUOTED.finditer(text):
        start, end = match.span()
        state[start:end] = bytes((_QUOTES[text[start]],)) * (end - start)
    return _column(state)


def to_legal_form(text: str) -> Codes:
    """How many characters before the next legal form a character stands, in steps; 0 where none is in its clause."""
    distance = bytearray(len(text))
    for match in _LEGAL.finditer(text):
        start, end = match.span()
        begin = max(0, start - _REACH)
        for sign in _CLAUSE.finditer(text, begin, start):
            begin = sign.end()
        distance[begin:start] = _STEPS[_REACH - (start - begin) :]
        distance[start : end - 1] = bytes((_FORM,)) * (end - 1 - start)
        distance[end - 1] = _FORM_END
    return _column(distance)


def _column(marks: bytearray) -> Codes:
    return np.frombuffer(marks, dtype=np.uint8).astype(np.uint32)
