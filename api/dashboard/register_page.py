"""The page of one bank or firm under the operator's hand, as it is and after something that was refused."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.dashboard import refusals, values
from api.dashboard.register_form import FieldsForm, of_row
from api.dashboard.rendering import render
from api.dashboard.wording import language_of, words
from api.errors import Invalid
from api.pagination import PageQuery
from api.registers import edit, edits
from api.registers.kinds import Register
from seeds.registers import BANK_KINDS

_EDITS = PageQuery.model_validate({"limit": 50})


def tried(
    request: Request, db: Session, register: Register, row_id: UUID, act: Callable[[], None], *, done: str, **given: Any
) -> Response:
    """On to the page again; where `act` is refused, the page with the reason and with what was filled in."""
    try:
        with db.begin_nested():
            act()
    except Invalid as refused:
        return draw(request, db, register, edit.found(db, register, row_id), refused=refused, **given)
    return RedirectResponse(f"/registers/{register.kind}s/{row_id}?done={done}", HTTPStatus.SEE_OTHER)


def draw(
    request: Request,
    db: Session,
    register: Register,
    row: Any,
    *,
    done: str | None = None,
    refused: Invalid | None = None,
    filled: FieldsForm | None = None,
    alias: str = "",
    into: str = "",
) -> Response:
    """The page; `filled`, `alias` and `into` are what stood in its forms."""
    t = words(language_of(request))
    errors = refusals.at_fields(t, refused, lambda path: path.rpartition(".")[2]) if refused else {}
    shown = of_row(register, row)
    if filled is not None:
        shown |= {column: getattr(filled, column) for column in register.columns}
    given: dict[str, Any] = {"row": row, "kind": f"{register.kind}s", "columns": register.columns, "filled": shown}
    given |= {"names": sorted(one.alias for one in row.aliases), "edits": edits.page(db, row.id, _EDITS)["items"]}
    given |= {"kinds": [(one, t(f"registers.kind.{one}")) for one in sorted(BANK_KINDS)]}
    given |= {"sectors": sorted(values.sectors(language_of(request)))}
    given |= {"done": done, "errors": errors, "alias": alias, "into": into}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "register.html", status=status, **given)
