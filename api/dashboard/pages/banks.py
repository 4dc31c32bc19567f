"""`/banks`: banks by any of their names; `/banks/{id}`: all that is known of one, in one place."""

from uuid import UUID

from fastapi import Request, Response

from api.dashboard import subjects
from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.subjects import Listed, ProfileAsked
from api.dashboard.wording import language_of, words
from api.deps import Db
from api.query import QueryOf
from api.resources.banks import routes, store
from api.resources.banks.schemas import BankQuery
from api.resources.profiles import profile
from seeds.registers import BANK_KINDS

router = page_router()
PAGE = Page("bank", router, menu="/banks")


class Asked(Listed, BankQuery):
    """Filters of the list."""


@router.get("/banks")
def show_all(request: Request, _: Viewer, db: Db, query: QueryOf[Asked]) -> Response:
    """A page of the list."""
    rows, following = store.page(db, query.effective())
    t = words(language_of(request))
    kinds = [(kind, t(f"bank.kind.{kind}")) for kind in sorted(BANK_KINDS)]
    shown = [routes.shown(row) for row in rows]
    return render(request, "banks.html", what="bank", rows=shown, next=following, query=query, kinds=kinds)


@router.get("/banks/{bank_id}")
def show(request: Request, _: Viewer, db: Db, bank_id: UUID, query: QueryOf[ProfileAsked]) -> Response:
    """One bank; one that was merged into another leads there."""
    found = profile.of_bank(db, bank_id, query.counting())
    return subjects.page_of_one(request, "bank", bank_id, query, found)
