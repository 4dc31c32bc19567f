"""Rows of figures as rows of tables."""

from collections.abc import Iterable

from rich.table import Column, Table

from alerts.wording import amount_words, words
from yinqi.stats import Figures, Row, Sum


def table(first: str, *before: Column) -> Table:
    """A table of figures by what is called `first`, after columns of its own."""
    right = [Column(name, justify="right") for name in ("笔数", "其中多家合计", "未披露金额")]
    return Table(*before, Column(first, overflow="fold"), *right, Column("金额", overflow="fold"))


def named(row: Row, dimension: str) -> str:
    """What a row is about, in words."""
    if row.name is None:
        return "（未知）"
    return words().get(dimension, {}).get(row.name, row.name)


def cells(figures: Figures) -> Iterable[str]:
    """Counts, and the sums from least to most, those that are open above marked."""
    sums = [figures.converted] if figures.converted else figures.sums
    return [
        str(figures.count),
        str(figures.shared or ""),
        str(figures.without_amount or ""),
        "；".join(_sum(one) for one in sums if one.count),
    ]


def _sum(one: Sum) -> str:
    qualifier = "exact" if one.min == one.max else "range"
    told = amount_words({"min": one.min, "max": one.max, "currency": one.currency, "qualifier": qualifier})
    return told + ("以上" if one.at_least else "")
