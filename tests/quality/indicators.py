"""How well figures are read: precision, recall and F1 by field, on 60 of dev's articles annotated by hand.

    python -m tests.quality.indicators

prints both halves of `indicators.jsonl`: `develop` was looked at while the engine was written; `kept` is looked at for
its figures only, but it is no blind test: its annotator had seen its articles before. A told figure answers an
annotated one of its article where kind and value are the same (or, where no value is told, its change); a field counts
as told where it is the same besides. `floors.json` beside it keeps the floors of `kept` and `develop` (part
"indicators").
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from extractor import Lexicon, extract
from seeds.registers import read_banks, read_firms

HERE = Path(__file__).parent
GOLD = HERE / "indicators.jsonl"
HALVES = ("develop", "kept")
Row = dict[str, Any]
FIELDS: dict[str, tuple[str, ...]] = {
    "figure": (),
    "subject": ("subject", "programme"),
    "bank": ("bank",),
    "region": ("region",),
    "qualifier": ("qualifier",),
    "date": ("date",),
    "growth": ("growth",),
    "increment": ("increment",),
    "all of it": ("subject", "programme", "bank", "region", "qualifier", "date", "growth", "increment"),
}


def gold() -> list[Row]:
    """The annotated articles: id, half and indicators."""
    return [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]


def told(ids: Iterable[str]) -> dict[str, list[Row]]:
    """What the engine reads in these articles of dev, in the gold's shape."""
    wanted, lexicon = set(ids), Lexicon.build(read_banks(), read_firms())
    rows = (json.loads(line) for line in (HERE / "dev.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["id"]: list(_read(row, lexicon)) for row in rows if row["id"] in wanted}


def _read(row: Row, lexicon: Lexicon) -> Iterator[Row]:
    day = date.fromisoformat(row["published"]) if row["published"] else None
    for one in extract(title=row["title"], text=row["text"], published=day, lexicon=lexicon).indicators:
        programme = one.subject_text if one.subject == "programme" else None
        yield {**asdict(one), "region": list(one.region), "programme": programme}


def _answers(mine: Row, other: Row) -> bool:
    if mine["kind"] != other["kind"] or mine["value"] != other["value"]:
        return False
    return mine["value"] is not None or (mine["growth"], mine["increment"]) == (other["growth"], other["increment"])


def _same(mine: Row, other: Row, fields: Sequence[str]) -> bool:
    return all(mine[field] == other[field] for field in fields)


def pairs(annotated: Sequence[Row], found: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Each annotated figure with the told one that answers it, the one with the most fields the same."""
    free = list(found)
    for mine in annotated:
        fitting = [other for other in free if _answers(mine, other)]
        if fitting:
            best = max(fitting, key=lambda other: sum(_same(mine, other, FIELDS[name]) for name in FIELDS))
            free.remove(best)
            yield mine, best


def measure(annotated: Mapping[str, Sequence[Row]], found: Mapping[str, Sequence[Row]]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 by field."""
    asked, answered = sum(map(len, annotated.values())), sum(len(found.get(key, ())) for key in annotated)
    matched = [pair for key, rows in annotated.items() for pair in pairs(rows, found.get(key, ()))]
    figures = {}
    for name, fields in FIELDS.items():
        right = sum(_same(mine, other, fields) for mine, other in matched)
        precision, recall = right / answered if answered else 0.0, right / asked if asked else 0.0
        both = precision + recall
        figures[name] = {"precision": precision, "recall": recall, "f1": 2 * precision * recall / both if both else 0.0}
    return figures


def halves() -> dict[str, dict[str, dict[str, float]]]:
    """The figures of both halves, with the engine as it is."""
    rows = gold()
    found = told(row["id"] for row in rows)
    return {
        half: measure({row["id"]: row["indicators"] for row in rows if row["half"] == half}, found) for half in HALVES
    }


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; `--errors` those of the half that may be looked at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="what is missed and what is told too much, of develop")
    options = parser.parse_args(arguments)
    if options.errors:
        _print_errors()
        return 0
    for half, figures in halves().items():
        count = sum(len(row["indicators"]) for row in gold() if row["half"] == half)
        print(f"{half}: 30 articles, {count} figures")
        for name, one in figures.items():
            print(f"  {name:<10} P {one['precision']:.2f}  R {one['recall']:.2f}  F1 {one['f1']:.2f}")
    return 0


def _print_errors() -> None:
    rows = [row for row in gold() if row["half"] == "develop"]
    found = told(row["id"] for row in rows)
    for row in rows:
        matched = list(pairs(row["indicators"], found[row["id"]]))
        for mine, other in matched:
            for field in FIELDS["all of it"]:
                if mine[field] != other[field]:
                    print(row["id"], "differs", mine["kind"], mine["value"], field, mine[field], "told", other[field])
        missed = [one for one in row["indicators"] if not any(one is mine for mine, _ in matched)]
        more = [one for one in found[row["id"]] if not any(one is other for _, other in matched)]
        for word, ones in (("missed", missed), ("too much", more)):
            for one in ones:
                print(row["id"], word, one["kind"], one["subject"], one["bank"], one["value"], one["growth"])


if __name__ == "__main__":
    sys.exit(main())
