"""`/statistics`: figures by one dimension as chart and table, a league table, and a matrix as heat table."""

from typing import Any, Literal

from fastapi import Request, Response

from api.dashboard.deps import Viewer
from api.dashboard.figures_charts import bars, named
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.wording import language_of, words
from api.deps import Db
from api.query import QueryOf
from api.resources.stats import answers
from api.resources.stats.schemas import (
    Dimension,
    LeagueQuery,
    MatrixQuery,
    PeriodIn,
    StatsFilter,
    StatsQuery,
)
from core.instruments import INSTRUMENTS, STATUSES

router = page_router()
PAGE = Page("statistics", router, menu="/statistics", group="figures")
DIMENSIONS = ("month", "quarter", "year", "bank", "sector", "industry", "region", "city", "instrument", "status")
SHADES = 5  # of a heat table's cells


class Asked(StatsFilter):
    """What the page shows: the filters of all of it, and the choices of each part."""

    by: Dimension = "month"
    of: Literal["bank", "firm"] = "bank"
    order: Literal["count", "sum"] = "count"
    period: PeriodIn | None = None
    columns: Dimension = "sector"


@router.get("/statistics")
def show(request: Request, _: Viewer, db: Db, query: QueryOf[Asked]) -> Response:
    """The three of one selection."""
    common, t = query.model_dump(include=set(StatsFilter.model_fields)), words(language_of(request))
    by = answers.by_dimension(db, StatsQuery(**common, by=query.by, limit=60))
    league = answers.league(db, LeagueQuery(**common, of=query.of, order=query.order, period=query.period, limit=15))
    matrix = answers.matrix(db, MatrixQuery(**common, columns=query.columns, most_rows=12, most_columns=8))
    for what, rows in ((query.by, by["rows"]), ("bank", matrix["rows"]), (query.columns, matrix["columns"])):
        named(t, what, rows)
    return render(
        request,
        "statistics.html",
        asked=query,
        by=by,
        league=league,
        matrix=matrix,
        cells=_shaded(matrix["cells"]),
        chart=bars(t, by["rows"]),
        dimensions=[(one, t(f"statistics.dimension.{one}")) for one in DIMENSIONS],
        instruments=INSTRUMENTS,
        statuses=STATUSES,
        is_filtered=bool(query.model_fields_set),
    )


def _shaded(cells: list[dict[str, Any]]) -> dict[tuple[str | None, str | None], dict[str, Any]]:
    """The cells by row and column, each with its `shade`: 1 to SHADES by its count beside the largest."""
    most = max((cell["count"] for cell in cells), default=1)
    shaded = ({**cell, "shade": -(-SHADES * cell["count"] // most)} for cell in cells)
    return {(cell["row"], cell["column"]): cell for cell in shaded}
