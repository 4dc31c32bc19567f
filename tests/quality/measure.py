"""Our own measure of events against a gold file; it counts as the gold's `score.py` does, which need not be here.

`count` counts one article, counts of articles may be added up, and `figures` makes shares of a sum: so figures of a
part (a kind, a script) and intervals by drawing articles anew come from the same numbers. An event is a mapping with
the gold's keys (GUIDELINES.md); a key that is missing counts as null.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]
Pair = tuple[Event, Event]
MEASURES = ("pair", "event", "strict", "role")
SLOTS = ("branch", "instrument", "amount", "date", "term_months", "status", "tech")
_ROLES = ("bank", "branch", "firm", "instrument", "amount", "date", "term_months")
_WEIGHTS = {"amount": 4, "instrument": 3, "date": 2, "status": 1, "branch": 1, "term_months": 1}
_LEGAL = re.compile(r"(股份)?(有限)?(责任)?公司$")


def plain(name: str | None) -> str:
    """A name in half width, without blanks and quotation marks."""
    return re.sub(r"[\s“”\"'‘’《》「」]", "", unicodedata.normalize("NFKC", name or "")).lower()


def bank_key(name: str | None) -> str:
    """A bank's name as it is compared: without its legal form, 农商银行 for 农村商业银行."""
    return _LEGAL.sub("", plain(name)).replace("农村商业银行", "农商银行").replace("农商行", "农商银行")


def firm_names(event: Event) -> set[str]:
    """All names of an event's firm, as they are compared."""
    return {plain(name) for name in (event.get("firm"), *(event.get("firm_aliases") or ())) if name}


def same_pair(gold: Event, told: Event) -> bool:
    """Whether a told event has the gold's bank and one of its firm's names (or both tell no name)."""
    if bank_key(gold["bank"]) != bank_key(told["bank"]):
        return False
    return plain(told.get("firm")) in firm_names(gold) if gold.get("firm") else not told.get("firm")


def agrees(gold: Event, told: Event, slot: str) -> bool:
    """Whether a slot is right: the gold's value, or one of those that its `ok` lets count."""
    return _value(told, slot) in _admitted(gold, slot)


def match(gold: Sequence[Event], told: Sequence[Event]) -> list[Pair]:
    """Events of one article one to one, those of the same pair that agree best first."""
    ways = sorted(
        (-sum(weight for slot, weight in _WEIGHTS.items() if agrees(g, t, slot)), i, j)
        for i, g in enumerate(gold)
        for j, t in enumerate(told)
        if same_pair(g, t)
    )
    left, free, found = set(range(len(gold))), set(range(len(told))), []
    for _, i, j in ways:
        if i in left and j in free:
            left.remove(i)
            free.remove(j)
            found.append((gold[i], told[j]))
    return found


def distinct(events: Sequence[Event]) -> list[Event]:
    """The first event of each bank and firm."""
    kept: list[Event] = []
    for event in events:
        if not any(same_pair(other, event) or same_pair(event, other) for other in kept):
            kept.append(event)
    return kept


def pairs_found(gold: Sequence[Event], told: Sequence[Event]) -> int:
    """How many of the distinct gold pairs have a told one of their own."""
    left = list(told)
    for pair in gold:
        hit = next((other for other in left if same_pair(pair, other)), None)
        if hit is not None:
            left.remove(hit)
    return len(told) - len(left)


def count(gold: Sequence[Event], told: Sequence[Event]) -> Counter[str]:
    """One article's counts: right, told and wanted of each measure; slots right of the matched; clean of the empty."""
    pairs, said, both = distinct(gold), distinct(told), match(gold, told)
    rights = [(agrees(*pair, "amount"), agrees(*pair, "instrument")) for pair in both]
    out: Counter[str] = Counter(articles=1, matched=len(both), empty=not gold, clean=not gold and not told)
    out.update(_measure("pair", pairs_found(pairs, said), len(said), len(pairs)))
    out.update(_measure("event", sum(amount for amount, _ in rights), len(told), len(gold)))
    out.update(_measure("strict", sum(amount and kind for amount, kind in rights), len(told), len(gold)))
    out.update(_roles(gold, told, both))
    for slot in SLOTS:
        out[f"slot {slot}"] = sum(agrees(*pair, slot) for pair in both)
    out["slot evidence"] = sum(_overlap(*pair) for pair in both)
    out["aliases"] = sum(len(t.get("firm_aliases") or ()) for _, t in both)
    out["aliases right"] = sum(plain(n) in firm_names(g) for g, t in both for n in t.get("firm_aliases") or ())
    return out


def figures(counts: Mapping[str, int]) -> dict[str, Any]:
    """The shares of summed counts, in the shape that score.py prints with --json."""
    out: dict[str, Any] = {"articles": counts["articles"]}
    out |= {name: prf(*(counts[f"{name} {part}"] for part in ("right", "told", "gold"))) for name in MEASURES}
    shares: dict[str, float | None] = {
        slot: share(counts[f"slot {slot}"], counts["matched"]) or 0.0 for slot in (*SLOTS, "evidence")
    }
    shares["alias_precision"] = share(counts["aliases right"], counts["aliases"])
    out["slots"] = shares | {"matched": counts["matched"]}
    out["clean"] = share(counts["clean"], counts["empty"])
    return out


def prf(right: int, told: int, gold: int) -> dict[str, Any]:
    """Precision, recall and F1 of counts."""
    precision, recall = share(right, told) or 0.0, share(right, gold) or 0.0
    f1 = round(2 * right / (told + gold), 4) if told + gold else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "tp": right, "predicted": told, "gold": gold}


def share(part: int, whole: int) -> float | None:
    """A share in four places, None of nothing."""
    return round(part / whole, 4) if whole else None


def score(gold: Mapping[str, Sequence[Event]], told: Mapping[str, Sequence[Event]]) -> dict[str, Any]:
    """The figures of a whole gold file: its events by article against the told ones."""
    total: Counter[str] = Counter()
    for key, events in gold.items():
        total.update(count(events, told.get(key, ())))
    return figures(total)


def errors(gold: Sequence[Event], told: Sequence[Event]) -> Iterator[tuple[str, Event | None, Event | None]]:
    """What is wrong in one article: "missed" and "spurious" events, and "slots …" that differ in matched ones."""
    both = match(gold, told)
    found = {id(event) for pair in both for event in pair}
    yield from (("missed", event, None) for event in gold if id(event) not in found)
    yield from (("spurious", None, event) for event in told if id(event) not in found)
    for pair in both:
        if wrong := [slot for slot in SLOTS if not agrees(*pair, slot)]:
            yield f"slots {', '.join(wrong)}", *pair


def _measure(name: str, right: int, told: int, gold: int) -> dict[str, int]:
    return {f"{name} right": right, f"{name} told": told, f"{name} gold": gold}


def _roles(gold: Sequence[Event], told: Sequence[Event], both: Sequence[Pair]) -> dict[str, int]:
    """Filled slots as arguments; where the gold lets both an empty and a filled one count, neither side's does."""
    asked = [(g, t, role) for g, t in both for role in _ROLES if agrees(g, t, role)]
    free = [(g, t, role) for g, t, role in asked if _is_free(g, role)]
    told_free = sum(_value(t, role) is not None for _, t, role in free)
    gold_free = sum(_value(g, role) is not None for g, _, role in free)
    right = sum(_value(t, role) is not None for _, t, role in asked) - told_free
    return _measure("role", right, _filled(told) - told_free, _filled(gold) - gold_free)


def _filled(events: Sequence[Event]) -> int:
    return sum(_value(event, role) is not None for event in events for role in _ROLES)


def _is_free(gold: Event, slot: str) -> bool:
    values = _admitted(gold, slot)
    return None in values and any(value is not None for value in values)


def _admitted(gold: Event, slot: str) -> list[Any]:
    further: Sequence[Any] = (gold.get("ok") or {}).get(slot, ())
    return [_value(gold, slot), *(_value({slot: value}, slot) for value in further)]


def _value(event: Event, slot: str) -> Any:
    """A slot as it is compared; a firm counts as told or not, since its name has been compared by the pair."""
    value = event.get(slot)
    if slot == "amount":
        return _sum(value)
    if slot == "branch":
        return plain(value) or None
    if slot == "bank":
        return bank_key(value)
    return ("named" if value else None) if slot == "firm" else value


def _sum(amount: Mapping[str, Any] | None) -> tuple[str, int | None, int | None] | None:
    """Currency and bounds in whole units."""
    if not amount:
        return None
    low, high = (None if amount.get(end) is None else round(float(amount[end])) for end in ("min", "max"))
    return amount.get("currency") or "CNY", low, high


def _overlap(gold: Event, told: Event) -> bool:
    """Whether two quotes share at least half of the shorter one in one piece."""
    short, long = sorted((plain(gold.get("evidence")), plain(told.get("evidence"))), key=len)
    half = max(1, (len(short) + 1) // 2)
    return bool(short) and any(short[at : at + half] in long for at in range(len(short) - half + 1))
