"""Charts of a series of figures: its values, and how they grew as articles state it and as two points show it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.dashboard.wording import Words

Option = dict[str, Any]
_LEAST = 2  # dates that make a line


def value_option(t: Words, points: Sequence[Mapping[str, Any]], unit: str) -> Option | None:
    """Values by date; those that contradict one another are dots beside the line. None for too few dates."""
    dated = sorted((one for one in points if one["date"] and one["value"] is not None), key=_at)
    dates = list(dict.fromkeys(one["date"] for one in dated))
    if len(dates) < _LEAST:
        return None
    scale, told = _scaled(t, dated, unit)
    sure = {one["date"]: one["value"] / scale for one in dated if not one["contradicted"]}
    doubted = [[one["date"], one["value"] / scale] for one in dated if one["contradicted"]]
    line = _line(t("indicators.value"), [sure.get(date) for date in dates])
    dots = {"type": "scatter", "name": t("indicators.contradicted"), "data": doubted, "symbol": "diamond"}
    return _option(dates, told, [line, *([dots] if doubted else [])])


def growth_option(t: Words, points: Sequence[Mapping[str, Any]]) -> Option | None:
    """Growth on the year before, stated and computed, each a line of its own. None for too few dates."""
    dated = sorted((one for one in points if one["date"]), key=_at)
    stated = {one["date"]: one["growth"]["value"] for one in dated if _of_year(one)}
    computed = {one["date"]: one["growth_computed"]["value"] for one in dated if one["growth_computed"]}
    dates = [date for date in dict.fromkeys(one["date"] for one in dated) if date in stated or date in computed]
    if len(dates) < _LEAST:
        return None
    lines = [
        _line(t(f"indicators.growth_{name}"), [known.get(date) for date in dates], dashed=name == "computed")
        for name, known in (("stated", stated), ("computed", computed))
        if known
    ]
    return _option(dates, "%", lines)


def _of_year(point: Mapping[str, Any]) -> bool:
    return bool(point["growth"]) and point["growth"]["base"] == "year_before" and not point["contradicted"]


def _at(point: Mapping[str, Any]) -> tuple[str, str]:
    return str(point["as_of"]), str(point["date"])


def _scaled(t: Words, points: Iterable[Mapping[str, Any]], unit: str) -> tuple[float, str]:
    """What values are divided by, and what the axis is then called."""
    if unit in ("percent", "count"):
        return 1, t(f"indicators.unit.{unit}")
    size, _, word = t("indicators.scale").partition(" ")
    largest = max(abs(point["value"]) for point in points)
    currency = t.maybe(f"format.currency.{unit}", unit)
    scale, word = (float(size), word) if largest >= float(size) else (1.0, "")
    return scale, t("indicators.axis", scale=word, currency=currency).strip()


def _line(name: str, values: list[float | None], *, dashed: bool = False) -> Option:
    told = [None if value is None else round(value, 4) for value in values]
    style = {"lineStyle": {"type": "dashed"}} if dashed else {}
    return {"type": "line", "name": name, "data": told, "connectNulls": True, "symbolSize": 8, **style}


def _option(dates: list[str], unit: str, lines: list[Option]) -> Option:
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"bottom": 0},
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 40, "containLabel": True},
        "xAxis": {"type": "category", "data": dates},
        "yAxis": {"type": "value", "name": unit, "scale": True},
        "series": lines,
    }
