"""Figures as tables to be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from tests.quality.breakdown import Instrument, Slot
from tests.quality.calibration import SURE, Calibration
from tests.quality.figures import Figures
from tests.quality.intervals import Interval
from tests.quality.measure import MEASURES, Event, errors
from tests.quality.sets import Row


def tables(of: Figures) -> Iterator[Table | str]:
    """Every table of one set, and lines that stand above one."""
    yield _measures(of)
    yield _parts("by kind of article", of.kinds)
    yield _parts("by script", of.scripts)
    yield _slots(of.slots)
    yield _instruments(of.instruments)
    yield "\n".join(_sure_lines(of.sure))
    yield _sure(of.sure)


def _measures(of: Figures) -> Table:
    title = f"{of.name}: {of.whole['articles']} articles, {of.events} events (measured by {of.by})"
    table = _table(title, "measure", "precision", "recall", "F1", "95 % of draws", "right", "told", "gold")
    for name in MEASURES:
        one = of.whole[name]
        row = (_number(one["precision"]), _number(one["recall"]), _number(one["f1"]), _range(of.spread[name]))
        table.add_row(name, *row, str(one["tp"]), str(one["predicted"]), str(one["gold"]))
    empty = ("", "", "", "")
    clean = _range(of.spread["clean"])
    table.add_row("clean", "", "", _number(of.whole["clean"]), clean, "", "", "")
    for told, found in ((f"firms not in {'/'.join(of.seen)}", of.new), ("firms not in the register", of.unlisted)):
        if found is not None:
            table.add_row(told, "", _number(found["recall"]), *empty, f"{found['pairs']} pairs")
    return table


def _parts(title: str, parts: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table(title, "", "articles", *(f"{name} F1" for name in MEASURES), "pair P", "pair R", "clean")
    for name, one in parts.items():
        f1 = [_number(one[measure]["f1"]) for measure in MEASURES]
        pair = (_number(one["pair"]["precision"]), _number(one["pair"]["recall"]))
        table.add_row(name, str(one["articles"]), *f1, *pair, _number(one["clean"]))
    return table


def _slots(slots: Mapping[str, Slot]) -> Table:
    title = "slots of events whose bank and firm are right"
    table = _table(title, "slot", "right", "of", "left empty", "made up", "another value")
    for name, one in slots.items():
        counts = (one.matched, one.missing, one.made_up, one.other)
        table.add_row(name, _share(one.right, one.matched), *map(str, counts))
    return table


def _instruments(parts: Mapping[str, Instrument]) -> Table:
    heads = ("gold", "pair found", "amount too", "so named", "told", "rightly")
    table = _table("by instrument", "instrument", *heads)
    for name, one in parts.items():
        found = (_share(one.found, one.gold), _share(one.event, one.gold), _share(one.named, one.gold))
        table.add_row(name, str(one.gold), *found, str(one.told), _share(one.right, one.told))
    return table


def _sure(sure: Calibration) -> Table:
    table = _table("by confidence", "told at", "events", "pair right", "amount too")
    for low, held in sure.bins().items():
        right = (sum(one.pair for one in held), sum(one.event for one in held))
        table.add_row(f"{low:.1f}–{low + 0.1:.1f}", str(len(held)), *(_share(n, len(held)) for n in right))
    return table


def _sure_lines(sure: Calibration) -> Iterator[str]:
    for of in ("pair", "event"):
        precision, coverage = sure.precision(of), sure.coverage(of)
        yield (
            f"confidence, right by {of}: calibration error (ECE) {sure.error(of):.3f};"
            f" at ≥ {SURE} precision {precision:.3f}, {coverage:.3f} of the gold"
        )


def merging_table(parts: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> Table:
    """B-cubed of joining tellings."""
    title = f"merging over {' and '.join(names)} (B-cubed)"
    table = _table(title, "input", "precision", "recall", "F1", "events")
    for name, one in parts.items():
        table.add_row(name, *(_number(one[part]) for part in ("precision", "recall", "f1")), str(one["events"]))
    return table


def error_lines(rows: Sequence[Row], told: Mapping[str, Sequence[Event]]) -> Iterator[str]:
    """What is wrong, article by article."""
    for row in rows:
        wrong = list(errors(row["events"], told.get(row["id"], ())))
        if wrong:
            yield f"\n{row['id']} ({row.get('kind') or '–'}) {row.get('title') or ''}".rstrip()
        for what, wanted, got in wrong:
            yield f"  {what}"
            yield from (f"    {side} {_event(event)}" for side, event in (("gold", wanted), ("told", got)) if event)


def _event(event: Event) -> str:
    held = ("bank", "branch", "firm", "firm_description", "instrument", "date", "term_months", "status", "tech")
    told = [str(event[name]) for name in held if event.get(name) not in (None, "")]
    amount = event.get("amount")
    told += [f"{amount['qualifier']} {amount['min']}–{amount['max']} {amount['currency']}"] if amount else []
    told += [f"[{event['confidence']:.2f}]"] if "confidence" in event else []
    evidence = " ".join(str(event.get("evidence") or "").split())
    return f"{' | '.join(told)} | {json.dumps(evidence, ensure_ascii=False)}"


def _table(title: str, first: str, *numbers: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column(first)
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _share(part: int, whole: int) -> str:
    return _number(part / whole if whole else None)


def _range(interval: Interval | None) -> str:
    return "–" if interval is None else f"{interval[0]:.3f}–{interval[1]:.3f}"
