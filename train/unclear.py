"""Which strings of the further articles may be firms though no event tells of them: python -m train.unclear [--write]

The annotation of `train/corpus` names the firms of events alone. What the engine holds for a firm's name besides counts
for nothing in training, neither as a name nor as none; it stands in `others.jsonl` as unclear.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from extractor import Lexicon
from seeds.registers import read_banks, read_firms
from train.articles import OTHERS, plain
from train.known import CORPUS, Known, corpus, rows


def unclear(known: Known) -> list[str]:
    """The names of firms that the engine reads in an article and its events do not tell."""
    told = {plain(name) for name in known.firms}
    found = {plain(name) for firm in known.reading.firms.values() for name in firm.names}
    return sorted(found - told)


def lines() -> Iterator[dict[str, Any]]:
    """`others.jsonl` anew: our own reading of the gold as it is, and what is unclear in the further articles."""
    further = corpus(CORPUS, Lexicon.build(read_banks(), read_firms()))
    own = {one.id for one in further}
    yield from (row for row in rows(OTHERS) if row["id"] not in own)
    yield from ({"id": one.id, "unclear": names} for one in further if (names := unclear(one)))


def main(arguments: list[str] | None = None) -> int:
    """Print the lines, or write them; see the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write train/others.jsonl")
    options = parser.parse_args(arguments)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in lines())
    if options.write:
        OTHERS.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
