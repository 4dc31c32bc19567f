"""`/v1/network`."""

from typing import Any

from fastapi import APIRouter

from api.deps import Db, Reader
from api.etag import TaggedRoute
from api.query import QueryOf
from api.resources.network import draw
from api.resources.network.schemas import NetworkOut, NetworkQuery

router = APIRouter(prefix="/v1/network", tags=["network"], route_class=TaggedRoute)


@router.get("", operation_id="get_network", response_model=NetworkOut)
def get_network(_: Reader, db: Db, query: QueryOf[NetworkQuery]) -> Any:
    """Banks and firms as nodes, their events and referrals as edges: all of a filter, or around one of them."""
    return draw.network(db, query)
