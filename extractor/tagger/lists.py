"""Columns that tell where the places and trade words of the lists, quotations and legal forms of a text stand."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np

from extractor.data import table
from extractor.tagger.mixing import Codes
from extractor.wordlist import WordLists

_LEGAL = re.compile(r"有限公司|有限责任公司|股份公司|集团公司|合伙企业|总公司|公司")
_CLAUSE = re.compile(r"[，。；：、！？“”‘’《》()\[\]【】|,;:\s—]")
_QUOTED = re.compile(r"[“‘《(\[【][^\n”’》)\]】]{1,40}[”’》)\]】]?")
_QUOTES = {"“": 1, "‘": 1, "《": 2, "(": 3, "[": 3, "【": 3}
_REACH = 24
_STEPS = bytes(span if span <= 6 else 6 + span // 4 for span in range(_REACH, 0, -1))
_FORM, _FORM_END = 30, 31
_FAR = bytes(range(9, 0, -1))

NAMES = ("listed", "quoted", "legal", "trade")
"""The columns in order."""


def of_lists(text: str) -> Codes:
    """The columns (`NAMES`, characters) of a text: `_dictionary`, `_quoted` and `_to_legal_form`."""
    places, trades, trade = _dictionary(text)
    marks = b"".join((places, _quoted(text), _to_legal_form(text), trade, trades))
    columns = np.frombuffer(marks, dtype=np.uint8).astype(np.uint32).reshape(-1, len(text))
    columns[0] += columns[-1]
    return columns[:-1]


def _dictionary(text: str) -> tuple[bytearray, bytearray, bytearray]:
    """Where places (1 first, 2 inside, 3 last) and, in units of 8, trade words (4 of one sign) stand; and how far the
    last sign of the next trade word of two signs or more is, from 1, at most 9, 0 where none is so near."""
    places, trades, far = (bytearray(len(text)) for _ in range(3))
    found = _lists().find(text)
    for start, end, marks in found["place"]:
        places[start:end] = marks
    last = 0
    for start, end, marks in found["trade"]:
        trades[start:end] = marks
        if end - start > 1:
            begin = max(last, end - len(_FAR))
            far[begin:end] = _FAR[begin - end :]
            last = end
    return places, trades, far


@cache
def _lists() -> WordLists:
    """Places, and words of trade that end or fill firms' names, each with what marks it."""
    places = {name: _marks(name, 1) for name in table("places", "name", "kind") if len(name) >= 2}
    trades = (Path(__file__).parent / "trades.txt").read_text(encoding="utf-8").splitlines()
    trade = {word: _marks(word, 8) for line in trades if not line.startswith("#") for word in line.split()}
    return WordLists({"place": places, "trade": trade})


def _marks(word: str, unit: int) -> bytes:
    inner = [2 * unit] * (len(word) - 2)
    return bytes([unit, *inner, 3 * unit] if len(word) > 1 else [4 * unit])


def _quoted(text: str) -> bytearray:
    """Whether quotation marks (1), title marks (2) or brackets (3) stand around a character."""
    state = bytearray(len(text))
    for match in _QUOTED.finditer(text):
        start, end = match.span()
        state[start:end] = bytes((_QUOTES[text[start]],)) * (end - start)
    return state


def _to_legal_form(text: str) -> bytearray:
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
    return distance
