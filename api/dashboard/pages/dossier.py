"""`/dossier`: which banks stand behind the firms that one names, as a page and as documents to take away."""

import re
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import BeforeValidator, Field

from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.wording import language_of
from api.deps import Db
from api.naming import search as naming
from api.query import QueryOf
from api.resources.dossier.answer import saved
from api.resources.dossier.compose import dossier
from api.resources.dossier.schemas import MOST_FIRMS, DossierOut, DossierQuery, Format
from api.resources.events.filters import EventFilter
from api.schemas import Name
from core.instruments import INSTRUMENTS

SUGGESTED = 8
_BETWEEN = re.compile(r"[\n\r\t、，；;]")  # no firm's name holds one of these; a comma may stand before "Ltd"
router = page_router()
PAGE = Page("dossier", router, menu="/dossier", group="figures")


def _lines(given: Any) -> Any:
    """Each name of what was typed into one field, a name a line, or sent one by one."""
    if not isinstance(given, list):
        return given
    return [name for text in given for part in _BETWEEN.split(str(text)) if (name := part.strip())]


class Asked(EventFilter):
    """The firms as they were typed, and any filter of events."""

    firm: Annotated[list[Name], BeforeValidator(_lines)] = Field([], max_length=MOST_FIRMS)

    def query(self, **more: str) -> DossierQuery:
        """The same as the API takes it."""
        return DossierQuery.model_validate(self.model_dump(exclude_unset=True) | more)


class AskedFile(Asked):
    """The same, and the form of the file."""

    firm: Annotated[list[Name], BeforeValidator(_lines)] = Field(min_length=1, max_length=MOST_FIRMS)
    format: Format = "md"


@router.get("/dossier")
def show(request: Request, _: Viewer, db: Db, asked: QueryOf[Asked]) -> Response:
    """The form, and the dossier of the firms that it names."""
    found = dossier(db, asked.query()) if asked.firm else None
    return render(
        request,
        "dossier.html",
        asked=asked,
        found=found and found.model_dump(),
        names=_told(found, asked.firm) if found else [],
        missing=_missing(request, found, asked.firm) if found else [],
        most=MOST_FIRMS,
        instruments=INSTRUMENTS,
        is_filtered=bool(asked.model_fields_set - {"firm"}),
    )


@router.get("/dossier/file")
def file(request: Request, _: Viewer, db: Db, asked: QueryOf[AskedFile]) -> Response:
    """The dossier as a file, in the reader's language."""
    query = asked.query(format=asked.format, lang=language_of(request))
    return saved(dossier(db, query), query)


@router.get("/dossier/names")
def names(request: Request, _: Viewer, db: Db, asked: QueryOf[Asked]) -> Response:
    """What the name that is being typed, the last, may mean; a piece of the page, for htmx."""
    typed = _BETWEEN.split("".join(request.query_params.getlist("firm")[-1:]))[-1].strip()
    fits = naming.find(db, ["firm"], typed, SUGGESTED) if typed else []
    rows = [fit.row for fit in fits if fit.row.name != typed]
    return render(
        request,
        "dossier_names.html",
        names=[(row.name, row.stock_code, _address(request, [*asked.firm[:-1], row.name])) for row in rows],
    )


def _told(found: DossierOut, asked: Sequence[str]) -> list[str]:
    """The names as the form has them, in their order: an id is told by its firm's name."""
    by_id = {name: one.firm.name for one in found.firms if one.meant_by == "id" for name in one.asked[:1]}
    return list(dict.fromkeys(by_id.get(name, name) for name in asked))


def _missing(request: Request, found: DossierOut, firms: Sequence[str]) -> list[dict[str, Any]]:
    """The names that mean no one firm, each with links that put another in its place."""
    return [
        {
            "asked": one.asked,
            "reason": one.reason,
            "near": [
                (near.name, _address(request, [near.name if name == one.asked else name for name in firms]))
                for near in one.suggestions
            ],
        }
        for one in found.not_meant
    ]


def _address(request: Request, firms: Sequence[str]) -> str:
    """The page with these firms and the filters as they are."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "firm"]
    return "/dossier?" + urlencode([*(("firm", firm) for firm in firms), *kept])
