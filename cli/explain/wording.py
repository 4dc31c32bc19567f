"""The Chinese words of an explanation (words.json, and those of the alerts), and its text cut into coloured pieces."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from alerts.wording import amount_words
from alerts.wording import words as alert_words
from extractor.explanation import Choice, Explanation, Reason, Refused, Span
from extractor.model import Event

Words = dict[str, dict[str, str]]
BEFORE = (
    "bank",
    "firm",
    "short_firm",
    "brand",
    "tagged",
    "undisclosed",
    "amount",
    "term",
    "date",
    "the_bank",
    "the_firm",
)
"""Kinds that are coloured before others where spans overlap; then instruments, refusals, statuses."""
_LAST = ("instrument", "collateral", "refusal", "status")


@lru_cache
def words() -> Words:
    """Every word shown, by its group."""
    loaded: Words = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return loaded


def page_word(name: str, /, **values: object) -> str:
    """One of the page's own words."""
    return words()["page"][name].format(**values)


def meaning(span: Span) -> str:
    """What a span means, in words; empty where it says no more than it shows."""
    if span.kind == "instrument":
        return alert_words()["instrument"].get(span.means, span.means)
    if span.kind in ("status", "refusal"):
        return words()[span.kind].get(span.means, span.means)
    return "" if span.means == span.text else span.means


def kind(span: Span) -> str:
    """A span's kind."""
    return words()["kind"].get(span.kind, span.kind)


def found(how: str) -> str:
    """How a bank or firm was found."""
    return words()["from"].get(how, how)


def fate(choice: Choice, threshold: float) -> str:
    """What became of a choice."""
    return words()["fate"][choice.fate].format(event="、".join(map(str, choice.events)), threshold=threshold)


def why(refused: Refused) -> str:
    """Why a sum or instrument anchors nothing."""
    beside = "、".join(f"{span.text}（{meaning(span)}）" for span in refused.beside)
    return words()["why"][refused.why].format(beside=beside)


def feature(name: str) -> str:
    """A feature in words: whose it is, what it asks, then its values; what has no word stands as it is."""
    part, _, rest = name.partition(":")
    asked, _, told = re.sub(r"[=:]", "\n", rest, count=1).partition("\n")
    head = words()["part"].get(part, part) + words()["feature"].get(asked, asked)
    values = [_value(value) for value in re.split(r"[:|+]", told) if value]
    return f"{head}：{'·'.join(values)}" if values else head


def sides(choice: Choice) -> tuple[tuple[str, list[Reason]], tuple[str, list[Reason]]]:
    """The features for and against a choice, the weightiest first."""
    held = choice.reasons
    return ("for", [one for one in held if one.weight > 0]), ("against", [one for one in held if one.weight < 0])


def _value(value: str) -> str:
    for group in (
        words()["value"],
        words()["from"],
        alert_words()["instrument"],
        words()["refusal"],
        words()["status"],
    ):
        if value in group:
            return group[value]
    return value


def event_line(event: Event) -> str:
    """An event in a line: bank → firm, sum and instrument, what is told of day, term and status."""
    firm = event.firm or event.firm_description or page_word("undisclosed")
    what = alert_words()["instrument"].get(event.instrument, event.instrument)
    amount = amount_words(event.amount.as_dict() if event.amount else None)
    more = [event.date, page_word("months", count=event.term_months) if event.term_months else None]
    more.append(alert_words()["status"].get(event.status, event.status))
    told = "，".join(part for part in more if part)
    return f"{event.bank}{event.branch or ''} → {firm}：{amount}{what}（{told}）"


def pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, Span | None]]:
    """A text in pieces, each of one span or of none; where spans overlap the stronger kind is shown."""
    at = 0
    for span in _apart(spans):
        if span.start > at:
            yield text[at : span.start], None
        yield text[span.start : span.end], span
        at = span.end
    if at < len(text):
        yield text[at:], None


def _apart(spans: Sequence[Span]) -> list[Span]:
    order = {kind: place for place, kind in enumerate((*BEFORE, *_LAST))}
    kept: list[Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda s: (order.get(s.kind, len(order)), s.start, -s.end)):
        places = range(span.start, span.end)
        if places and taken.isdisjoint(places):
            taken.update(places)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def within(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Those that lie in a part of the text, counted from its start."""
    inside = (span for span in spans if start <= span.start and span.end <= end)
    return [Span(s.kind, s.start - start, s.end - start, s.text, s.means) for s in inside]


def words_meant(whole: Explanation) -> list[Span]:
    """The words that stand for a bank or firm told before."""
    return [span for span in whole.spans if span.kind in ("the_bank", "the_firm")]
