"""Measures that look across articles: which tellings were joined as one event, and firms that no other set names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.quality.measure import Event, distinct, firm_names, match, pairs_found, share

Spot = tuple[str, int]
"""A gold event: its article and its place among the article's events."""


def merged(
    gold: Mapping[str, Sequence[Event]], told: Mapping[str, Sequence[Event]], same: Iterable[Iterable[Spot]]
) -> dict[str, Any]:
    """B-cubed agreement of the told "same" ids with the gold's clusters, over matched events of named firms."""
    cluster = {(article, place): number for number, spots in enumerate(same) for article, place in spots}
    rows: list[tuple[Any, Any]] = []
    for key, events in gold.items():
        places = {id(event): place for place, event in enumerate(events)}
        for wanted, said in match(events, told.get(key, ())):
            if wanted.get("firm"):
                spot = (key, places[id(wanted)])
                rows.append((cluster.get(spot, spot), said.get("same") or spot))
    if not rows:
        return {"precision": 0.0, "recall": 0.0, "f1": 0.0, "events": 0}
    both, by_gold, by_told = Counter(rows), Counter(row[0] for row in rows), Counter(row[1] for row in rows)
    precision = sum(both[row] / by_told[row[1]] for row in rows) / len(rows)
    recall = sum(both[row] / by_gold[row[0]] for row in rows) / len(rows)
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4), "events": len(rows)}


def unseen(
    gold: Mapping[str, Sequence[Event]], told: Mapping[str, Sequence[Event]], seen: Iterable[Sequence[Event]]
) -> dict[str, Any]:
    """Recall of pairs whose firm has none of its names in the articles of `seen`."""
    known = {name for events in seen for event in events for name in firm_names(event)}
    found = total = 0
    for key, events in gold.items():
        new = distinct([event for event in events if event.get("firm") and not firm_names(event) & known])
        total += len(new)
        found += pairs_found(new, distinct(told.get(key, ())))
    return {"recall": share(found, total) or 0.0, "pairs": total}
