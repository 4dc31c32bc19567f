"""Texts with what proves an event's fields marked in them. Pure, but for reading rows."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from alerts import marks
from core.models import Evidence

FIELDS = (
    "bank",
    "branch",
    "firm",
    "firm_description",
    "amount",
    "instrument",
    "instrument_text",
    "date",
    "term_months",
)
"""The fields that are marked, in the order of the legend (those of a text, see `legend`)."""
_AS = {"branch": "bank", "firm_description": "firm", "instrument_text": "instrument", "term_months": "term"}
_DAY = re.compile(r"[年月日]$")


class Span(NamedTuple):
    """Characters `start` to `end` of a text: a `field` of FIELDS, or a whole quote ("")."""

    field: str
    start: int
    end: int


class Piece(NamedTuple):
    """A piece of a text: its field's colour (bank, firm, amount, instrument, date, term; "" for none), and whether it
    stands in a quote. `begins`: the index of the quote that begins with it, for a link to lead there, else None."""

    text: str
    colour: str
    is_quoted: bool
    begins: int | None = None


def fields_of(evidence: Evidence, event: dict[str, Any]) -> list[Span]:
    """What proves the fields of an event, as the extractor noted it; of older rows, what is found in the quote."""
    noted = getattr(evidence, "spans", None)
    if noted:
        return [Span(str(field), int(start), int(end)) for field, start, end in noted]
    found, at = list(_literal("instrument", event["instrument_text"], evidence)), evidence.start
    for piece in marks.of_event(evidence.quote, event):
        if piece.fact:
            found.append(Span(_guessed(piece.text, event), at, at + len(piece.text)))
        at += len(piece.text)
    return found


def _literal(field: str, words: str | None, evidence: Evidence) -> Iterator[Span]:
    """Where the words stand in the quote, the first time."""
    at = evidence.quote.find(words) if words else -1
    if words and at >= 0:
        yield Span(field, evidence.start + at, evidence.start + at + len(words))


def _guessed(text: str, event: dict[str, Any]) -> str:
    """Which fact such a piece of a quote tells."""
    firm = event["firm"]
    names = [firm["name"], *firm["aliases"]] if firm else [event["firm_description"] or ""]
    if any(text in name or (name and name in text) for name in names):
        return "firm"
    if re.search(r"\d", text):
        return "date" if _DAY.search(text) else "amount"
    return "bank"


def pieces(text: str, quotes: Iterable[tuple[int, int]], spans: Iterable[Span], *, start: int = 0) -> list[Piece]:
    """`text`, which begins at character `start` of its article, in pieces; quotes and spans count in the article."""
    size, held = len(text), list(quotes)
    marked = [Span(one.field, one.start - start, one.end - start) for one in spans]
    bounds = [(begin - start, end - start) for begin, end in held]
    edges = {0, size, *_edges(bounds, size), *_edges(((one.start, one.end) for one in marked), size)}
    places = sorted(edges)
    return [_piece(text, begin, end, bounds, marked) for begin, end in pairwise(places)]


def _edges(spans: Iterable[tuple[int, int]], size: int) -> Iterator[int]:
    for begin, end in spans:
        if begin < size and end > 0 and begin < end:
            yield from (max(begin, 0), min(end, size))


def _piece(text: str, begin: int, end: int, quotes: list[tuple[int, int]], marked: list[Span]) -> Piece:
    over = [one for one in marked if one.start <= begin and end <= one.end]
    field = min(over, key=lambda one: one.end - one.start).field if over else ""
    quoted = any(first <= begin and end <= last for first, last in quotes)
    begins = next((number for number, (first, _) in enumerate(quotes) if first == begin), None)
    return Piece(text[begin:end], _AS.get(field, field), quoted, begins)


def legend(found: Iterable[Piece]) -> list[str]:
    """The colours that a text has, in order."""
    used = {piece.colour for piece in found}
    return [colour for colour in dict.fromkeys(_AS.get(field, field) for field in FIELDS) if colour in used]
