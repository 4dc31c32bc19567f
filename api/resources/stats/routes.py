"""`/v1/stats`."""

from typing import Any

from fastapi import APIRouter

from api.deps import Db, Reader
from api.etag import TaggedRoute
from api.query import QueryOf
from api.resources.stats import answers
from api.resources.stats.schemas import LeagueOut, LeagueQuery, MatrixOut, MatrixQuery, StatsOut, StatsQuery

router = APIRouter(prefix="/v1/stats", tags=["statistics"], route_class=TaggedRoute)


@router.get("", operation_id="get_stats", response_model=StatsOut)
def get_stats(_: Reader, db: Db, query: QueryOf[StatsQuery]) -> Any:
    """How many events and how much money, by month, bank, sector, region, instrument or status."""
    return answers.by_dimension(db, query)


@router.get("/league", operation_id="get_league", response_model=LeagueOut)
def get_league(_: Reader, db: Db, query: QueryOf[LeagueQuery]) -> Any:
    """A league table of banks or firms, with what changed since the period before."""
    return answers.league(db, query)


@router.get("/matrix", operation_id="get_matrix", response_model=MatrixOut)
def get_matrix(_: Reader, db: Db, query: QueryOf[MatrixQuery]) -> Any:
    """How many events and how much money, by two dimensions at once."""
    return answers.matrix(db, query)
