"""`/v1/indicators`: series of figures and their points, of the shared pool."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.deps import Db, Reader
from api.errors import not_found
from api.etag import TaggedRoute
from api.pagination import Page
from api.query import QueryOf
from api.resources.indicators import read, store
from api.resources.indicators.schemas import IndicatorOut, IndicatorPoint, IndicatorQuery, PointQuery
from core.models import IndicatorSeries

router = APIRouter(prefix="/v1/indicators", tags=["indicators"], route_class=TaggedRoute)


@router.get("", operation_id="list_indicators", response_model=Page[IndicatorOut])
def list_indicators(_: Reader, db: Db, query: QueryOf[IndicatorQuery]) -> Any:
    """Series of figures, last known first, each with its last point."""
    return read.series_page(db, query)


@router.get("/{series_id}", operation_id="get_indicator", response_model=IndicatorOut)
def get_indicator(_: Reader, db: Db, series_id: UUID) -> Any:
    """One series."""
    described = read.described(db, [_found(db, series_id)])
    if not described:
        raise not_found("series")
    return described[0]


@router.get("/{series_id}/points", operation_id="list_indicator_points", response_model=Page[IndicatorPoint])
def list_indicator_points(_: Reader, db: Db, series_id: UUID, query: QueryOf[PointQuery]) -> Any:
    """The points of a series with their sources, last date first."""
    return read.point_page(db, _found(db, series_id), query)


def _found(db: Db, series_id: UUID) -> IndicatorSeries:
    series = store.find(db, series_id)
    if series is None:
        raise not_found("series")
    return series
