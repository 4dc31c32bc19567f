"""Whether two tellings tell one real event, and what all tellings of an event say together.

Pure functions over *facts*: the contract fields of one telling (docs/events.md) with `published`, the ISO day of its
article, and `confidence`. Rules after GUIDELINES.md, "The same event in several articles": the same grant in other
words, rounded, or at a later stage is one event; a raise, a renewal, another instrument with an amount of its own,
or another year is not.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from core.instruments import STATUSES
from core.periods import precision, span

Facts = dict[str, Any]

# Instruments that a teller uses for any loan or line: they agree with each more specific one.
GENERIC = frozenset({"loan", "credit_line", "working_capital_loan", "other"})
STAGES_APART = timedelta(days=183)  # planned, agreed and paid lie at most half a year apart, else it is another grant
UNDATED_APART = timedelta(days=400)  # two undated tellings further apart than a year's renewal are two events …
RETOLD_APART = timedelta(days=800)  # … unless they tell the same exact sum: features retell a grant of the year before
ROUNDING = 0.1  # "about", "nearly" and "over" reach a tenth to both sides
_STAGE = {status: rank for rank, status in enumerate(("cooperation", "planned", "agreed", "granted"))}
_EXACTNESS = {"exact": 4, "range": 3, "about": 2, "at_least": 1, "at_most": 1}


def likeness(known: Facts, told: Facts) -> float | None:
    """How well two tellings of one bank and one firm agree; None where they cannot be the same event."""
    parts = (_amounts(known, told), _dates(known, told), _instruments(known, told), _branches(known, told))
    if any(part is None for part in parts):
        return None
    return sum(part for part in parts if part is not None)


def _amounts(known: Facts, told: Facts) -> float | None:
    one, other = known["amount"], told["amount"]
    if one is None or other is None:
        return 0.0
    if one["currency"] != other["currency"]:
        return None
    (low, high), (low2, high2) = _reach(one), _reach(other)
    return 4.0 if low <= high2 and low2 <= high else None


def _reach(amount: dict[str, Any]) -> tuple[float, float]:
    """The values that an amount may stand for."""
    low = amount["min"] if amount["min"] is not None else 0.0
    high = amount["max"] if amount["max"] is not None else float("inf")
    if amount["qualifier"] == "at_least":
        return low * (1 - ROUNDING), low * (1 + 5 * ROUNDING)  # "over 10 million" is not 100 million
    if amount["qualifier"] == "at_most":
        return high * (1 - 5 * ROUNDING), high * (1 + ROUNDING)
    slack = ROUNDING if amount["qualifier"] == "about" else 0.0
    return low * (1 - slack), high * (1 + slack)


def _dates(known: Facts, told: Facts) -> float | None:
    one, other = span(known["date"]), span(told["date"])
    if one and other:
        if one[0] <= other[1] and other[0] <= one[1]:
            return 2.0
        gap = max(other[0] - one[1], one[0] - other[1])
        stages = known["status"] != told["status"] and one[0].year == other[0].year
        return 0.5 if stages and gap <= STAGES_APART else None
    published, published2 = known.get("published"), told.get("published")
    if published and published2:
        apart = abs(date.fromisoformat(published) - date.fromisoformat(published2))
        limit = RETOLD_APART if known["amount"] and known["amount"] == told["amount"] else UNDATED_APART
        return 0.0 if apart <= limit else None
    return 0.0


def _branches(known: Facts, told: Facts) -> float:
    """The same branch speaks for one event; another does not speak against it (one telling names the level above)."""
    return 1.0 if known["branch"] and known["branch"] == told["branch"] else 0.0


def _instruments(known: Facts, told: Facts) -> float | None:
    one, other = known["instrument"], told["instrument"]
    if one == other:
        return 3.0
    if "cooperation" in (one, other):
        return None  # a bare cooperation is no grant
    if one in GENERIC or other in GENERIC:
        return 1.0
    both = known["amount"] is not None and known["amount"] == told["amount"]
    return 0.0 if both else None


def combine(tellings: Sequence[Facts]) -> Facts:
    """What all tellings of one event say together: for each field the most specific value told.

    The result does not depend on the order of `tellings`.
    """
    ranked = sorted(tellings, key=_rank, reverse=True) if len(tellings) > 1 else tellings
    status = max((t["status"] for t in tellings), key=lambda s: _STAGE.get(s, 0))
    latest = [*(t for t in ranked if t["status"] == status), *ranked]
    amount = max((t["amount"] for t in ranked), key=_exactness)
    instrument = min((t["instrument"] for t in ranked), key=_generality)  # among equals the surest, which is first
    return {
        "branch": max((t["branch"] or "" for t in ranked), key=lambda b: (len(b), b)) or None,
        "firm_description": next((t["firm_description"] for t in ranked if t["firm_description"]), None),
        "tech": any(t["tech"] for t in ranked),
        "instrument": instrument,
        "instrument_text": next((t["instrument_text"] for t in ranked if t["instrument"] == instrument), None),
        "amount": amount,
        "shared_amount": any(t["shared_amount"] for t in ranked if t["amount"] == amount),
        "date": max((t["date"] for t in latest), key=precision),
        "term_months": next((t["term_months"] for t in ranked if t["term_months"]), None),
        "status": status,
        "sector": next((t["sector"] for t in ranked if t.get("sector")), None),
        "confidence": max(t["confidence"] for t in ranked),
    }


def _rank(telling: Facts) -> tuple[Any, ...]:
    """An order of tellings that is the same however they arrived: surest first."""
    return telling["confidence"], telling.get("published") or "", sorted((k, str(v)) for k, v in telling.items())


def _exactness(amount: dict[str, Any] | None) -> tuple[Any, ...]:
    if amount is None:
        return (0,)
    return _EXACTNESS.get(amount["qualifier"], 0), amount["min"] or 0, amount["max"] or 0


def _generality(instrument: str) -> tuple[bool, bool, bool]:
    """Specific instruments first, 贷款 of no told kind late, other last."""
    return instrument == "other", instrument in GENERIC, instrument == "loan"


assert set(_STAGE) == set(STATUSES)
