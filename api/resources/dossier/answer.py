"""A dossier as what is sent: as it is, or as a document with its name for saving."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import Response
from sqlalchemy.orm import Session

from api.resources.dossier import docx, layout, markdown, xlsx
from api.resources.dossier.compose import dossier
from api.resources.dossier.layout import Sheet
from api.resources.dossier.schemas import DossierOut, DossierQuery, Format

DOCUMENTS: dict[Format, tuple[str, Callable[[Sheet], bytes]]] = {
    "md": (markdown.MEDIA_TYPE, markdown.write),
    "docx": (docx.MEDIA_TYPE, docx.write),
    "xlsx": (xlsx.MEDIA_TYPE, xlsx.write),
}


def answer(db: Session, query: DossierQuery) -> Any:
    """What the API answers: the dossier, or the document."""
    found = dossier(db, query)
    return found if query.format == "json" else saved(found, query)


def saved(found: DossierOut, query: DossierQuery) -> Response:
    """The dossier as a file, JSON too."""
    sheet = layout.sheet(found, query.lang)
    if query.format == "json":
        media_type, told = "application/json", found.model_dump_json().encode("utf-8")
    else:
        media_type, write = DOCUMENTS[query.format]
        told = write(sheet)
    name = f"{sheet.title} {found.made_at:%Y-%m-%d}.{query.format}"
    plain = f"dossier-{found.made_at:%Y-%m-%d}.{query.format}"
    held = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(told, media_type=media_type, headers={"content-disposition": held})
