"""`/healthz`, `/readyz`, `/v1/health` and `/metrics`: open to all, and without anything private."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.body import JsonRoute
from api.deps import Db
from api.errors import MEDIA_TYPE
from api.resources.health import state
from api.resources.health.schemas import Alive, Health, Ready
from core import metrics

_RED: dict[str, Any] = {
    "model": Health,
    "description": "Red; a problem where the database does not answer",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
router = APIRouter(tags=["health"], route_class=JsonRoute)


@router.get("/healthz", operation_id="get_process_health", response_model=Alive)
def healthz() -> Any:
    """Whether this process answers."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="get_readiness", response_model=Ready, responses={503: {"model": Ready}})
def readyz(response: Response) -> Any:
    """Whether the database and the broker answer; 503 says which does not."""
    found = {"database": state.database_state(), "broker": state.broker_state()}
    well = set(found.values()) == {"ok"}
    response.status_code = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ok" if well else "unavailable", **found}


@router.get("/v1/health", operation_id="get_health", response_model=Health, responses={503: _RED})
def health(db: Db, response: Response) -> Any:
    """The state of the chain from article to alert: 200 green, 503 red with the reasons."""
    found = state.chain(db)
    response.status_code = HTTPStatus.OK if found["status"] == "green" else HTTPStatus.SERVICE_UNAVAILABLE
    return found


@router.get("/metrics", include_in_schema=False)
def scrape() -> Response:
    """Metrics for Prometheus."""
    return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)
