"""Which events of many articles are the same real event, without a database: what `yinqi extract --merge` adds."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from extractor.cluster import Telling, as_telling, cluster

Row = dict[str, Any]


def add_same(rows: Iterable[tuple[Row, str | None]]) -> list[Row]:
    """Output lines ({"id", "events"}, day of publication) with a `same` id in each event, equal for the same event.

    The id is that of the group's first telling: "ARTICLE#PLACE IN ITS EVENTS".
    """
    lines = list(rows)
    by_bank: dict[str, list[tuple[Telling, Row]]] = defaultdict(list)
    for line, published in lines:
        for place, event in enumerate(line["events"]):
            event["same"] = f"{line['id']}#{place}"
            by_bank[event["bank"]].append((as_telling(line["id"], event, published), event))
    for tellings in by_bank.values():
        events = {id(telling): event for telling, event in tellings}
        for group in cluster([telling for telling, _ in tellings]):
            first = min(events[id(telling)]["same"] for telling in group)
            for telling in group:
                events[id(telling)]["same"] = first
    return [line for line, _ in lines]
