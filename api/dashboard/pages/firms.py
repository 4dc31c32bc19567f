"""`/firms`: firms by any of their names; `/firms/{id}`: all that is known of one, in one place."""

from uuid import UUID

from fastapi import Request, Response

from api.dashboard import subjects, values
from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.subjects import Listed, ProfileAsked
from api.dashboard.wording import language_of
from api.deps import Db
from api.query import QueryOf
from api.resources.firms import routes, store
from api.resources.firms.schemas import FirmQuery
from api.resources.profiles import profile

router = page_router()
PAGE = Page("firm", router, menu="/firms")


class Asked(Listed, FirmQuery):
    """Filters of the list."""


@router.get("/firms")
def show_all(request: Request, _: Viewer, db: Db, query: QueryOf[Asked]) -> Response:
    """A page of the list."""
    rows, following = store.page(db, query.effective())
    sectors = sorted(values.sectors(language_of(request)).items(), key=lambda one: one[1])
    shown = [routes.shown(row) for row in rows]
    return render(request, "firms.html", what="firm", rows=shown, next=following, query=query, sectors=sectors)


@router.get("/firms/{firm_id}")
def show(request: Request, _: Viewer, db: Db, firm_id: UUID, query: QueryOf[ProfileAsked]) -> Response:
    """One firm; one that was merged into another leads there."""
    found = profile.of_firm(db, firm_id, query.counting())
    return subjects.page_of_one(request, "firm", firm_id, query, found)
