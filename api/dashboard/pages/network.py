"""`/network`: who financed whom, as a graph and as a table of its edges."""

from typing import Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from api.dashboard import values
from api.dashboard.deps import Viewer
from api.dashboard.network_chart import option
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.wording import language_of, words
from api.deps import Db
from api.query import QueryOf
from api.resources.network import draw
from api.resources.network.schemas import NetworkQuery
from api.resources.stats.store import names
from core.instruments import INSTRUMENTS

router = page_router()
PAGE = Page("network", router, menu="/network", group="figures")


class Asked(NetworkQuery):
    """What the page draws."""

    limit: int = Field(60, ge=1, le=500)


@router.get("/network")
def show(request: Request, _: Viewer, db: Db, query: QueryOf[Asked]) -> Response:
    """The graph and its edges."""
    found = draw.network(db, query)
    t = words(language_of(request))
    nodes = {node["id"]: node for node in found["nodes"]}
    middle = nodes.get(found["around"])
    return render(
        request,
        "network.html",
        asked=query,
        found=found,
        nodes=nodes,
        banks=names(db, "bank", {one["bank"] for one in found["referrals"]}),
        middle=middle,
        around=_typed(query.around, middle),
        chart=option(t, found),
        sectors=sorted(values.sectors(t.language).items(), key=lambda one: one[1]),
        instruments=INSTRUMENTS,
        is_filtered=bool(query.model_fields_set),
    )


def _typed(around: str | None, middle: dict[str, Any] | None) -> str:
    """What stands in the field: what was typed, a name instead of an id."""
    try:
        UUID(around or "")
    except ValueError:
        return around or ""
    return middle["name"] if middle else ""
