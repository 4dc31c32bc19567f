"""Run the engine over a gold file and print its predictions: python -m tests.quality.predict GOLD > PREDICTED."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from extractor import Lexicon, extract
from seeds.registers import read_banks, read_firms


def articles(gold: Path, texts: Path | None) -> Iterator[dict[str, Any]]:
    """The articles of a gold file; a line that names a file has its text in `texts` (or ../seeds beside the gold)."""
    folder = texts or gold.resolve().parent.parent / "seeds"
    for line in gold.read_text(encoding="utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            if "file" in row:
                row |= {"title": "", "text": (folder / row["file"]).read_text(encoding="utf-8")}
            yield row


def predict(rows: Iterator[dict[str, Any]], lexicon: Lexicon) -> Iterator[dict[str, Any]]:
    """One prediction for each article, as score.py reads it."""
    for row in rows:
        published = date.fromisoformat(row["published"]) if row.get("published") else None
        found = extract(title=row["title"], text=row["text"], published=published, lexicon=lexicon)
        yield {"id": row["id"], "events": [event.as_gold() for event in found.events]}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--texts", type=Path, help="the folder of the files that the gold's lines name")
    options = parser.parse_args(arguments)
    lexicon = Lexicon.build(read_banks(), read_firms())
    for row in predict(articles(options.gold, options.texts), lexicon):
        print(json.dumps(row, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
