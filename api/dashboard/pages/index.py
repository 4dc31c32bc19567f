"""`/index`: the activity index of each strategic emerging industry, as chart and table."""

from typing import Literal

from fastapi import Request, Response

from api.dashboard.deps import Viewer
from api.dashboard.figures_charts import lines
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.wording import language_of, words
from api.deps import Db
from api.query import QueryOf
from api.resources.index import answer
from api.resources.index.schemas import IndexQuery

router = page_router()
PAGE = Page("index", router, menu="/index", group="figures")


class Asked(IndexQuery):
    """What the page shows: the index of counts or of amounts."""

    of: Literal["count", "amount"] = "count"


@router.get("/index")
def show(request: Request, _: Viewer, db: Db, query: QueryOf[Asked]) -> Response:
    """All industries, quarter by quarter."""
    t, found = words(language_of(request)), answer.index(db, query)
    name = "name" if t.language == "zh" else "name_en"
    named = [{**one, "label": one[name]} for one in found["industries"]]
    chart = lines(named, query.of)
    return render(request, "index.html", asked=query, found=found, industries=named, chart=chart)
