"""`/indicators`: series of regional and sector figures; `/indicators/{id}`: one of them, as chart and table."""

from collections.abc import Callable, Sequence
from uuid import UUID

from fastapi import Request, Response

from api.dashboard.deps import Viewer
from api.dashboard.page import Page
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.dashboard.series_chart import growth_option, value_option
from api.dashboard.values import sectors
from api.dashboard.wording import Words, language_of, words
from api.deps import Db
from api.errors import not_found
from api.query import QueryOf
from api.resources.indicators import read, store
from api.resources.indicators.schemas import KINDS, SUBJECTS, IndicatorQuery, PointQuery

router = page_router()
PAGE = Page("indicators", router, menu="/indicators", group="figures")


@router.get("/indicators")
def show(request: Request, _: Viewer, db: Db, query: QueryOf[IndicatorQuery]) -> Response:
    """A page of series."""
    found = read.series_page(db, query)
    return render(
        request,
        "indicators.html",
        rows=found["items"],
        next=found["next"],
        query=query,
        kinds=KINDS,
        subjects=SUBJECTS,
        options=_options(words(language_of(request))),
        is_filtered=bool(query.model_fields_set - {"limit", "cursor"}),
    )


@router.get("/indicators/{series_id}")
def show_one(request: Request, _: Viewer, db: Db, series_id: UUID, query: QueryOf[PointQuery]) -> Response:
    """One series."""
    series = store.find(db, series_id)
    described = read.described(db, [series]) if series else []
    if series is None or not described:
        raise not_found("series")
    found, t = read.point_page(db, series, query), words(language_of(request))
    return render(
        request,
        "indicator.html",
        one=described[0],
        points=found["items"],
        next=found["next"],
        value_chart=value_option(t, found["items"], series.unit),
        growth_chart=growth_option(t, found["items"]),
    )


def _options(t: Words) -> Callable[[str, Sequence[str]], list[tuple[str, str]]]:
    """Makes the options of a choice: slugs and their names, in the order of the names."""

    def made(field: str, slugs: Sequence[str]) -> list[tuple[str, str]]:
        named = [(slug, t.maybe(f"indicators.{field}.{slug}", sectors(t.language).get(slug, slug))) for slug in slugs]
        return sorted(named, key=lambda one: one[1])

    return made
