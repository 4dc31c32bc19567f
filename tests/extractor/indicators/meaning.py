"""A figure in one line, as the corpus writes it: kind subject whose value date, then its growth and increment."""

from __future__ import annotations

from extractor.indicators import Change, Indicator

_SIGNS = {"exact": "", "about": "~", "at_least": ">", "at_most": "<"}


def meaning(one: Indicator) -> str:
    """loan_balance tech 江苏/苏州 521040000000 2024-09 growth 21.5 year_before"""
    subject = f"“{one.subject_text}”" if one.subject == "programme" else one.subject
    bank = "".join(part for part in (one.bank, one.branch) if part)
    whose = "@".join(part for part in (bank, "/".join(one.region)) if part) or "country"
    value = "untold" if one.value is None else f"{_SIGNS[one.qualifier or 'exact']}{_plain(one.value)}"
    words = [one.kind, subject, whose, value, one.date or "undated"]
    words += [one.period] if one.period != "end" else []
    words += _change("growth", one.growth) + _change("increment", one.increment)
    return " ".join(words)


def _change(name: str, change: Change | None) -> list[str]:
    if change is None:
        return []
    return [name, f"{_SIGNS[change.qualifier]}{_plain(change.value)}", change.base or "untold"]


def _plain(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
