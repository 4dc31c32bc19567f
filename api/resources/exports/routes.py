"""`/v1/exports`: any filtered list as a file."""

from typing import Any

from fastapi import APIRouter, Response

from api.body import JsonRoute
from api.deps import Reader
from api.query import QueryOf
from api.resources.exports.answer import Download
from api.resources.exports.formats import FORMATS
from api.resources.exports.schemas import ArticleExport, BankExport, DeliveryExport, EventExport, FirmExport
from api.resources.exports.tables import ARTICLES, BANKS, DELIVERIES, EVENTS, FIRMS

router = APIRouter(prefix="/v1/exports", tags=["exports"], route_class=JsonRoute)
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[str, Any] = {
    "description": "The file, as it is made: a download that breaks off is not whole",
    "content": {one.media_type.partition(";")[0]: _BYTES for one in FORMATS},
    "headers": {"Content-Disposition": {"schema": {"type": "string"}, "description": "The file's name"}},
}
_FILES: dict[int | str, dict[str, Any]] = {200: _FILE}


@router.get("/events", operation_id="export_events", response_class=Response, responses=_FILES)
def export_events(asking: Reader, query: QueryOf[EventExport]) -> Response:
    """Events that pass every filter, newest first."""
    return Download(EVENTS, query, asking.subscriber_id)


@router.get("/articles", operation_id="export_articles", response_class=Response, responses=_FILES)
def export_articles(asking: Reader, query: QueryOf[ArticleExport]) -> Response:
    """Articles without their texts, last collected first."""
    return Download(ARTICLES, query, asking.subscriber_id)


@router.get("/banks", operation_id="export_banks", response_class=Response, responses=_FILES)
def export_banks(asking: Reader, query: QueryOf[BankExport]) -> Response:
    """Banks and their financing subsidiaries."""
    return Download(BANKS, query, asking.subscriber_id)


@router.get("/firms", operation_id="export_firms", response_class=Response, responses=_FILES)
def export_firms(asking: Reader, query: QueryOf[FirmExport]) -> Response:
    """Firms of the register and those that an article proved."""
    return Download(FIRMS, query, asking.subscriber_id)


@router.get("/deliveries", operation_id="export_deliveries", response_class=Response, responses=_FILES)
def export_deliveries(asking: Reader, query: QueryOf[DeliveryExport]) -> Response:
    """What was or is to be sent to your channels, newest first, without bodies."""
    return Download(DELIVERIES, query, asking.subscriber_id)
