"""What the pages of a firm and of a bank have in common."""

from datetime import date
from typing import Any, Literal, Self
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict

from api.dashboard.figures_charts import bars, bars_across, named
from api.dashboard.rendering import render
from api.dashboard.wording import language_of, words
from api.resources.profiles.schemas import ProfileQuery
from api.resources.stats.schemas import Rate

_EVERYTHING = ["planned", "cooperation", "non_tech"]


class Listed(BaseModel):
    """A list of firms or banks: of those with events, unless a name is looked for or all are asked for."""

    events: Literal["with", "all"] | None = None

    @property
    def shows(self) -> str:
        """Whether those without events show."""
        return self.events or ("all" if getattr(self, "q", None) else "with")

    @property
    def is_filtered(self) -> bool:
        """Whether anything but a page is asked for."""
        return bool(self.model_fields_set - {"limit", "cursor"})

    def effective(self) -> Self:
        """The query as the store takes it."""
        return self.model_copy(update={"has_events": True if self.shows == "with" else None})


class ProfileAsked(BaseModel):
    """What counts in the figures of the page."""

    model_config = ConfigDict(extra="forbid")

    date_from: date | None = None
    date_to: date | None = None
    count: Literal["all"] | None = None
    rate: Rate | None = None

    def counting(self) -> ProfileQuery:
        """As the profile takes it."""
        given = self.model_dump(include={"date_from", "date_to"}) | {"rate": [self.rate] if self.rate else []}
        return ProfileQuery.model_validate(given | ({"include": _EVERYTHING} if self.count else {}))


def page_of_one(request: Request, kind: str, row_id: UUID, asked: ProfileAsked, found: dict[str, Any]) -> Response:
    """The page of the bank or firm whose profile was `found`; one that was merged into another leads there."""
    if found[kind]["id"] != row_id:
        return RedirectResponse(f"/{kind}s/{found[kind]['id']}")
    return render(request, f"{kind}.html", asked=asked, **_drawn(request, kind, found))


def _drawn(request: Request, kind: str, found: dict[str, Any]) -> dict[str, Any]:
    """A profile with the names of its rows in the reader's language, and its charts."""
    t = words(language_of(request))
    other = "firm" if kind == "bank" else "bank"
    tables = {"years": "year", "instruments": "instrument", "counterparties": other, "sectors": "sector"}
    for name, by in {**tables, "regions": "region"}.items():
        if name in found:
            named(t, by, found[name]["rows"])
    page = f"/{other}s"
    return {
        "found": found,
        "years_chart": bars(t, found["years"]["rows"]),
        "others_chart": bars_across(t, found["counterparties"]["rows"], page),
        "one": found[kind],
    }
