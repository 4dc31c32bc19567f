"""The phrases that are looked for in every article, each in the list of its kind, all found in one pass over a text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extractor.data import rows, table, words
from extractor.wordlist import Found, WordLists

_OF_FIGURES = {
    "subject": ("indicator_subjects", "subject"),
    "measure": ("indicator_measures", "kind"),
    "change": ("indicator_changes", "sign"),
    "base": ("indicator_bases", "base"),
    "word": ("indicator_words", "kind"),
    "area": ("indicator_areas", "kind"),
}
"""Their files, by what their words are."""


def phrases(text: str) -> Mapping[str, list[Found]]:
    """(start, end, value) of the phrases in a text, in order, by the list they stand in; a list's never overlap."""
    return _lists().find(text)


@cache
def _lists() -> WordLists:
    """Each list's phrases with a value each."""
    return WordLists(
        {
            "status": table("statuses", "phrase", "status"),
            "refusal": table("refusals", "phrase", "why"),
            "instrument": table("instruments", "phrase", "instrument"),
            "bank": table("bank_short", "short", "name"),
            "trade": dict.fromkeys((*words("firm_suffixes"), *words("firm_suffixes_weak")), ""),
            "sense": _senses(),
            "figure": _of_figures(),
        }
    )


def _of_figures() -> dict[str, tuple[str, str]]:
    """The words of figures, each with its kind and its value."""
    meanings: dict[str, tuple[str, str]] = {}
    for kind, (name, column) in _OF_FIGURES.items():
        for word, value in table(name, "word", column).items():
            meanings.setdefault(word, (value if kind == "word" else kind, value))
    return meanings


def _senses() -> dict[str, tuple[str, ...]]:
    """The words of `senses.csv`, each with its senses, sorted."""
    senses: dict[str, set[str]] = {}
    for row in rows("senses"):
        for word in row["words"].split():
            senses.setdefault(word, set()).add(row["sense"])
    return {word: tuple(sorted(names)) for word, names in senses.items()}
