"""`/v1/dossier`."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.body import JsonRoute
from api.deps import Db, Reader
from api.resources.dossier import docx, layout, markdown, xlsx
from api.resources.dossier.compose import dossier
from api.resources.dossier.layout import Sheet
from api.resources.dossier.schemas import DossierOut, DossierQuery, Format

router = APIRouter(prefix="/v1/dossier", tags=["dossier"], route_class=JsonRoute)

DOCUMENTS: dict[Format, tuple[str, Callable[[Sheet], bytes]]] = {
    "md": (markdown.MEDIA_TYPE, markdown.write),
    "docx": (docx.MEDIA_TYPE, docx.write),
    "xlsx": (xlsx.MEDIA_TYPE, xlsx.write),
}
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
def get_dossier(_: Reader, db: Db, query: Annotated[DossierQuery, Query()]) -> Any:
    """Which banks stand behind these firms: what each did, how much, when, by which source."""
    return answer(db, query)


@router.post("", operation_id="make_dossier", response_model=DossierOut, responses=_ANSWERS)
def make_dossier(_: Reader, db: Db, body: DossierQuery) -> Any:
    """The same for a list that is too long for an address; nothing is kept."""
    return answer(db, body)


def answer(db: Session, query: DossierQuery) -> Any:
    """The dossier, or the document with its name for saving."""
    found = dossier(db, query)
    if query.format == "json":
        return found
    media_type, write = DOCUMENTS[query.format]
    sheet = layout.sheet(found, query.lang)
    name = f"{sheet.title} {found.made_at:%Y-%m-%d}.{query.format}"
    plain = f"dossier-{found.made_at:%Y-%m-%d}.{query.format}"
    held = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(write(sheet), media_type=media_type, headers={"content-disposition": held})
