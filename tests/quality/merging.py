"""How well tellings of one event are joined, over all sets together: with the gold's events, and with our own."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from extractor.same import add_same
from tests.quality.across import Spot, merged
from tests.quality.measure import Event
from tests.quality.sets import Row


def joined(rows: Sequence[Row], told: Mapping[str, Sequence[Event]]) -> dict[str, list[Event]]:
    """The events with their `same` ids, as `yinqi extract --merge` gives them."""
    lines = [
        ({"id": row["id"], "events": copy.deepcopy(list(told.get(row["id"], ())))}, row.get("published"))
        for row in rows
    ]
    return {line["id"]: line["events"] for line in add_same(lines)}


def merging(
    rows: Sequence[Row], told: Mapping[str, Sequence[Event]], same: Sequence[Sequence[Spot]]
) -> dict[str, dict[str, Any]]:
    """B-cubed of the gold's own events, of our own, and of our own when nothing is joined at all."""
    gold = {row["id"]: row["events"] for row in rows}
    return {
        "gold events": merged(gold, joined(rows, gold), same),
        "own events": merged(gold, joined(rows, told), same),
        "own, none joined": merged(gold, told, same),
    }
