"""The annotated articles that the judge learns from, read as the engine reads them; and further ones of our own.

Names are read by models that did not learn from the article (`train/held_out.py`).

`train/corpus/*.jsonl` holds articles for training only, in the gold's format (docs: CONTRIBUTING.md). They join the
training of every fold and are scored nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from core.instruments import INSTRUMENTS, QUALIFIERS, STATUSES
from core.periods import span
from extractor import Lexicon
from extractor.extract import Reading, read
from tests.quality.measure import Event, firm_names
from train import learner
from train.held_out import hearing

DATA = Path(__file__).resolve().parents[1] / "tests" / "quality" / "dev.jsonl"
CORPUS = Path(__file__).parent / "corpus"
_EVIDENCE_LIMIT = 200
_ARTICLE = ("id", "script", "title", "published", "text", "events")
_EVENT = (
    *("bank", "branch", "firm", "firm_aliases", "firm_description", "tech", "instrument", "instrument_text", "amount"),
    *("date", "term_months", "status", "evidence"),
)


@dataclass(frozen=True)
class Known:
    """An annotated article with the engine's reading of it."""

    id: str
    events: Sequence[Event]
    reading: Reading
    kind: str = learner.GOLD

    @cached_property
    def examples(self) -> list[learner.Example]:
        """What the learner makes of it."""
        return list(learner.examples(self.reading, self.events, self.kind))

    @cached_property
    def firms(self) -> frozenset[str]:
        """Every name of the firms that its events tell of."""
        return frozenset(name for event in self.events for name in firm_names(event))


def articles(path: Path, lexicon: Lexicon) -> Iterator[Known]:
    """The articles of a gold file."""
    for row in rows(path):
        yield Known(row["id"], row["events"], _read(row, lexicon))


def corpus(folder: Path, lexicon: Lexicon) -> list[Known]:
    """Our own further articles; raises ValueError that names an article and what is wrong with it."""
    found = [row for path in sorted(folder.glob("*.jsonl")) for row in rows(path)]
    if wrong := [f"{row.get('id')}: {fault}" for row in found for fault in faults(row)]:
        raise ValueError(f"{folder}: {'; '.join(wrong)}")
    return [Known(row["id"], row["events"], _read(row, lexicon), learner.FURTHER) for row in found]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a gold file."""
    yield from map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").splitlines()))


def _read(row: dict[str, Any], lexicon: Lexicon) -> Reading:
    day = date.fromisoformat(row["published"]) if row.get("published") else None
    return read(row["title"], row["text"], day, lexicon, hearing(row))


def faults(row: dict[str, Any]) -> Iterator[str]:
    """What in an annotated article cannot be (after GUIDELINES.md): unknown values, names not in its text."""
    if missing := [name for name in _ARTICLE if name not in row]:
        yield f"without {', '.join(missing)}"
        return
    text = "".join(row["text"].split())
    for number, event in enumerate(row["events"]):
        if missing := [name for name in _EVENT if name not in event]:
            yield f"event {number} without {', '.join(missing)}"
            continue
        told = [
            ("instrument", event["instrument"] in INSTRUMENTS),
            ("status", event["status"] in STATUSES),
            ("amount", event["amount"] is None or event["amount"]["qualifier"] in QUALIFIERS),
            ("date", event["date"] is None or span(event["date"]) is not None),
            ("firm", bool(event["firm"] or event["firm_description"])),
            ("evidence", event["evidence"] in row["text"] and len(event["evidence"]) <= _EVIDENCE_LIMIT),
        ]
        yield from (f"event {number} {name}" for name, sound in told if not sound)
        names = [event["firm"], event["instrument_text"]]
        names += event["firm_aliases"] if row["script"] != "hant" else ()
        yield from (f"event {number} {name} is not in the text" for name in _missing(names, text))


def _missing(names: Iterable[str | None], text: str) -> Iterator[str]:
    return (name for name in names if name and "".join(name.split()) not in text)
