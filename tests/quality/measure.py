"""Pair figures of predictions against a gold file: which bank financed which firm, by article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]
_LEGAL = re.compile(r"(股份)?(有限)?(责任)?公司$")


def plain(name: str | None) -> str:
    """A name in half width, without blanks and quotation marks."""
    return re.sub(r"[\s“”\"'‘’《》「」]", "", unicodedata.normalize("NFKC", name or "")).lower()


def bank_key(name: str | None) -> str:
    """A bank's name as it is compared: without its legal form, 农商银行 for 农村商业银行."""
    return _LEGAL.sub("", plain(name)).replace("农村商业银行", "农商银行").replace("农商行", "农商银行")


def same_pair(gold: Event, told: Event) -> bool:
    """Whether a told event has the gold's bank and one of its firm's names (or both tell no name)."""
    if bank_key(gold["bank"]) != bank_key(told["bank"]):
        return False
    names = {plain(name) for name in (gold["firm"], *(gold.get("firm_aliases") or ())) if name}
    return plain(told.get("firm")) in names if names else not told.get("firm")


def pair_f1(gold: Mapping[str, Sequence[Event]], told: Mapping[str, Sequence[Event]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of distinct (bank, firm) pairs, summed over the articles."""
    hits = wanted = made = 0
    for key, events in gold.items():
        pairs, left = _distinct(events), _distinct(told.get(key, ()))
        wanted, made = wanted + len(pairs), made + len(left)
        for pair in pairs:
            match = next((other for other in left if same_pair(pair, other)), None)
            if match is not None:
                left.remove(match)
                hits += 1
    precision, recall = hits / max(made, 1), hits / max(wanted, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _distinct(events: Sequence[Event]) -> list[Event]:
    kept: list[Event] = []
    for event in events:
        if not any(same_pair(other, event) or same_pair(event, other) for other in kept):
            kept.append(event)
    return kept
