"""`/v1/dossier`."""

from typing import Any

from fastapi import APIRouter

from api.body import JsonRoute
from api.deps import Db, Reader
from api.query import QueryOf
from api.resources.dossier import docx, xlsx
from api.resources.dossier.answer import answer
from api.resources.dossier.schemas import DossierOut, DossierQuery

router = APIRouter(prefix="/v1/dossier", tags=["dossier"], route_class=JsonRoute)

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The dossier, in the format that was asked for",
        "content": {
            "text/markdown": {"schema": {"type": "string"}},
            **dict.fromkeys((docx.MEDIA_TYPE, xlsx.MEDIA_TYPE), _BINARY),
        },
    }
}


@router.get("", operation_id="get_dossier", response_model=DossierOut, responses=_ANSWERS)
def get_dossier(_: Reader, db: Db, query: QueryOf[DossierQuery]) -> Any:
    """Which banks stand behind these firms: what each did, how much, when, by which source."""
    return answer(db, query)


@router.post("", operation_id="make_dossier", response_model=DossierOut, responses=_ANSWERS)
def make_dossier(_: Reader, db: Db, body: DossierQuery) -> Any:
    """The same for a list that is too long for an address; nothing is kept."""
    return answer(db, body)
