"""Charts of statistics and of the activity index, and the names of what they count."""

from collections.abc import Iterable, Sequence
from typing import Any

from api.dashboard import formats, values
from api.dashboard.wording import Words
from api.resources.stats.industries import industries
from api.resources.stats.periods import UNITS

Option = dict[str, Any]


def named(t: Words, by: str, rows: Iterable[dict[str, Any]]) -> None:
    """Give each row its `label` in the reader's language."""
    for row in rows:
        row["label"] = t("statistics.unknown") if row["key"] is None else _label(t, by, row)


def _label(t: Words, by: str, row: dict[str, Any]) -> str:
    if by in UNITS:
        return formats.of(t)["period"](row["key"])
    if by == "industry":
        return next(one.name if t.language == "zh" else one.name_en for one in industries() if one.slug == row["key"])
    if by in ("sector", "instrument", "status"):
        return str(values.of(t)[by](row["key"]))
    return str(row["name"] or row["key"])


def bars(t: Words, rows: Sequence[dict[str, Any]]) -> Option | None:
    """How many events each row has."""
    if not rows:
        return None
    data = {"type": "bar", "name": t("statistics.count"), "data": [row["count"] for row in rows], "barMaxWidth": 36}
    return _option([row["label"] for row in rows], [data])


def bars_across(t: Words, rows: Sequence[dict[str, Any]], page: str) -> Option | None:
    """How many events each row has, a line each, the largest on top; each leads to its page below `page`."""
    if not rows:
        return None
    data = [{"value": row["count"], "href": f"{page}/{row['key']}"} for row in rows]
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 32, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [row["label"] for row in rows],
            "axisLabel": {"width": 150, "overflow": "truncate"},
        },
        "series": [{"type": "bar", "name": t("statistics.count"), "data": data, "barMaxWidth": 20}],
    }


def lines(found: Sequence[dict[str, Any]], of: str) -> Option | None:
    """A line for each industry that has a figure."""
    told = [one for one in found if any(point[of] is not None for point in one["points"])]
    if not told:
        return None
    series = [
        {"type": "line", "name": one["label"], "data": [point[of] for point in one["points"]], "symbolSize": 7}
        for one in told
    ]
    return _option([point["quarter"] for point in found[0]["points"]], series)


def _option(across: list[str], series: list[Option]) -> Option:
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"bottom": 0, "type": "scroll"},
        "grid": {"left": 8, "right": 16, "top": 24, "bottom": 48, "containLabel": True},
        "xAxis": {"type": "category", "data": across},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    }
